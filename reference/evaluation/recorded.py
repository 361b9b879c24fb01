"""The evaluation that the model cards quote, and how a new one is held against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reference.data_files import data_root

__all__ = ["differs", "recorded"]

RELATIVE, ABSOLUTE = 2e-3, 1e-3  # what other processors and thread counts may change


def recorded() -> dict[str, Any]:
    """data/weights/evaluation.json; empty where there is none, so that every value differs from it."""
    path = data_root() / "weights" / "evaluation.json"
    return json.loads(path.read_text()) if path.exists() else {}


def differs(measured: Any, record: Any) -> list[str]:
    """One line for every value of `measured` that the record has otherwise, or not at all.

    >>> differs({"psnr": [40.0, 41.0]}, {"psnr": [40.01, 43.0]})
    ['psnr 1: 41.0, but recorded is 43.0']
    """
    known = dict(_leaves(record))
    return [
        f"{' '.join(map(str, place))}: {value}, but recorded is {known.get(place, 'nothing')}"
        for place, value in _leaves(measured)
        if not _alike(value, known.get(place))
    ]


def _leaves(record: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value that is neither a list nor a dictionary, and its place."""
    if isinstance(record, dict | list | tuple):
        for key, value in record.items() if isinstance(record, dict) else enumerate(record):
            yield from _leaves(value, (*place, key))
    else:
        yield place, record


def _alike(value: Any, other: Any) -> bool:
    if isinstance(value, float) and isinstance(other, int | float):
        return value == other or abs(value - other) <= ABSOLUTE + RELATIVE * abs(other)
    return bool(value == other)
