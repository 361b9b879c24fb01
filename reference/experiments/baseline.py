"""The recorded evaluation, and the comparison of a new one with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reference.datasets.registry import data_root

KeyPath = tuple[str, ...]

# Tolerances, by the last matching key of the path: other processors and thread counts change the last digits of scores,
# and with them a few decisions in a hundred thousand. What is chosen must be the same.
TOLERANCES = {
    "ssim": 2e-4, "entropy": 2e-4, "rank": 0.126, "best_published": 0.126, "q_cv": 0.02, "q_mi": 1e-3,
    "loss_near": 0.5, "parameters": 0.0, "gflop": 0.0, "validation": 3e-3, "lytro": 2e-4,
}  # fmt: skip
OTHERS = 0.02  # of all other values: decibels, PIQE, percent


def recorded_evaluation() -> dict[str, Any]:
    """The content of data/weights/evaluation.json; empty where there is none, so that every value differs from it."""
    path = data_root() / "weights" / "evaluation.json"
    return json.loads(path.read_text()) if path.exists() else {}


def differs(measured: Any, recorded: Any) -> list[str]:
    """One line for every value of `measured` that differs from the record or is missing there.

    >>> differs({"truth": {"psnr": [40.0, 41.0]}}, {"truth": {"psnr": [40.01, 43.0]}})
    ['truth psnr 1: 41.0, but recorded is 43.0']
    """
    values = dict(_leaves(recorded))
    return [
        f"{' '.join(path)}: {value}, but recorded is {values.get(path, 'nothing')}"
        for path, value in _leaves(measured)
        if not _alike(path, value, values.get(path))
    ]


def unmeasured(measured: Any, recorded: Any) -> list[str]:
    """Paths in the record that were not measured; only the top one of each part.

    >>> unmeasured({"truth": {"a": 1.0}}, {"truth": {"a": 1.0, "b": {"c": 2.0}}, "lytro": {"x": 1.0}})
    ['truth b', 'lytro']
    """
    if not isinstance(recorded, dict):
        return []
    missing = []
    for key, value in recorded.items():
        if not isinstance(measured, dict) or key not in measured:
            missing.append(str(key))
        else:
            missing += [f"{key} {below}" for below in unmeasured(measured[key], value)]
    return missing


def _leaves(record: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value that is neither a list nor a dictionary, with its path."""
    if isinstance(record, dict | list | tuple):
        for key, value in record.items() if isinstance(record, dict) else enumerate(record):
            yield from _leaves(value, (*path, str(key)))
    else:
        yield path, record


def _alike(path: KeyPath, value: Any, other: Any) -> bool:
    if isinstance(value, float) and isinstance(other, int | float):
        tolerances = [TOLERANCES[word] for word in reversed(path) if word in TOLERANCES]
        return value == other or abs(value - other) <= (tolerances or [OTHERS])[0]
    return bool(value == other)
