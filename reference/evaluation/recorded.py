"""The evaluation that the model cards quote, and how a new one is held against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reference.data_files import data_root

__all__ = ["differs", "recorded", "unmeasured"]

Place = tuple[str, ...]

# How far a value may be off, by the last word of its place or by its part: other processors and thread counts change
# last digits of scores, and with them a few decisions out of a hundred thousand. What is chosen must be the same.
TOLERANCES = {
    "ssim": 2e-4, "entropy": 2e-4, "rank": 0.126, "best_published": 0.126, "q_cv": 0.02, "q_mi": 1e-3,
    "loss_near": 0.5, "parameters": 0.0, "gflop": 0.0, "validation": 3e-3, "lytro": 2e-4,
}  # fmt: skip
OTHERS = 0.02  # decibels, PIQE, percent


def recorded() -> dict[str, Any]:
    """data/weights/evaluation.json; empty where there is none, so that every value differs from it."""
    path = data_root() / "weights" / "evaluation.json"
    return json.loads(path.read_text()) if path.exists() else {}


def differs(measured: Any, record: Any) -> list[str]:
    """One line for every value of `measured` that the record has otherwise, or not at all.

    >>> differs({"truth": {"psnr": [40.0, 41.0]}}, {"truth": {"psnr": [40.01, 43.0]}})
    ['truth psnr 1: 41.0, but recorded is 43.0']
    """
    known = dict(_leaves(record))
    return [
        f"{' '.join(place)}: {value}, but recorded is {known.get(place, 'nothing')}"
        for place, value in _leaves(measured)
        if not _alike(place, value, known.get(place))
    ]


def unmeasured(measured: Any, record: Any) -> list[str]:
    """The places of the record that were not measured, without those below a place that was not.

    >>> unmeasured({"truth": {"a": 1.0}}, {"truth": {"a": 1.0, "b": {"c": 2.0}}, "lytro": {"x": 1.0}})
    ['truth b', 'lytro']
    """
    if not isinstance(record, dict):
        return []
    found = []
    for key, value in record.items():
        if not isinstance(measured, dict) or key not in measured:
            found.append(str(key))
        else:
            found += [f"{key} {below}" for below in unmeasured(measured[key], value)]
    return found


def _leaves(record: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value that is neither a list nor a dictionary, and its place."""
    if isinstance(record, dict | list | tuple):
        for key, value in record.items() if isinstance(record, dict) else enumerate(record):
            yield from _leaves(value, (*place, str(key)))
    else:
        yield place, record


def _alike(place: Place, value: Any, other: Any) -> bool:
    if isinstance(value, float) and isinstance(other, int | float):
        named = [TOLERANCES[word] for word in reversed(place) if word in TOLERANCES]
        return value == other or abs(value - other) <= (named or [OTHERS])[0]
    return bool(value == other)
