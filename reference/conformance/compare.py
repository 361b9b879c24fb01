"""Comparison of a port's array with the golden one: how far off, where, and whether that is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.conformance.cases import Array, Entry, Limit

BORDER = 8  # pixels, width of the border in a pattern
Mask = NDArray[np.bool_]


class Difference(NamedTuple):
    """The difference of a port's array from the golden one, without ties."""

    peak: float  # largest |difference|
    rms: float  # root mean square
    relative: float  # largest |difference| / max(|expected|, 1)
    differing: int  # number of unequal values
    size: int
    place: tuple[int, ...]  # of the largest difference, from 0
    ties: int  # number of values that differ only because a rounding error decides there


def compare(expected: Array, actual: Array, ties: Mask) -> Difference:
    """Measure the difference of two arrays of one shape; a difference of one level is ignored where `ties` is true.

    >>> golden, port = np.array([[0.0, 1.0]]), np.array([[0.0, 0.5]])
    >>> compare(golden, port, no_ties(golden))[:4]
    (0.5, 0.3535533905932738, 0.5, 1)
    """
    wide = expected.astype(np.float64)
    with np.errstate(over="ignore"):
        difference = np.minimum(np.abs(actual.astype(np.float64) - wide), 1e150)  # whose square is finite
    difference[np.isnan(difference)] = 1e150
    excused = ties & (difference > 0) & (difference <= 1)
    difference[excused] = 0
    peak = float(difference.max())
    place = np.unravel_index(int(difference.argmax()), difference.shape)
    return Difference(
        peak, float(np.sqrt(np.mean(difference**2))), float((difference / np.maximum(np.abs(wide), 1)).max()),
        int(np.count_nonzero(difference)), difference.size, tuple(int(n) for n in place), int(excused.sum()),
    )  # fmt: skip


def holds(difference: Difference, limit: Limit) -> bool:
    """Whether a difference stays within every limit that is set.

    >>> holds(compare(np.zeros((1, 2)), np.ones((1, 2)), np.zeros((1, 2), bool)), {"peak": 1.0, "rms": 0.5})
    False
    """
    values = in_measures(difference)
    return all(values[name] <= allowed for name, allowed in limit.items() if name != "measured")


def in_measures(difference: Difference) -> dict[str, float]:
    """The difference in every measure that a limit may name."""
    return {
        "peak": difference.peak, "rms": difference.rms, "relative": difference.relative,
        "mismatches": difference.differing, "levels": difference.peak,
        "fraction": difference.differing / difference.size,
    }  # fmt: skip


def no_ties(expected: Array) -> Mask:
    """A mask without ties: every value counts."""
    return np.zeros(expected.shape, dtype=bool)


def ties_of(entry: Entry, entries: Mapping[str, Entry], allowed: float) -> Mask:
    """Where an earlier array, if it may be off by `allowed`, may decide either way.

    threshold    its golden value lies that near to the threshold
    half_levels  255 times its golden value lies within 255 times that of a half, where the cast to 8 bits switches
    """
    if not entry.ties or not allowed:
        return no_ties(entry.value)
    value = entries[entry.ties["of"]].value.astype(np.float64)
    if entry.ties["kind"] == "threshold":
        return np.asarray(np.abs(value - entry.ties["at"]) <= allowed)
    return np.asarray(np.abs((255 * value) % 1 - 0.5) <= 255 * allowed)


def pattern_of(entry: Entry, actual: Array) -> str:
    """What the error looks like, in a few words; empty if nothing is recognised.

    >>> golden = np.arange(9.0).reshape(3, 3)
    >>> pattern_of(Entry("x", "output", "real", "<f8", (3, 3), golden), golden.T)
    'rows and columns are exchanged'
    """
    expected = entry.value
    wide, other = expected.astype(np.float64), actual.astype(np.float64)
    with np.errstate(all="ignore"):  # reversed bytes may be any number
        reversed_bytes = actual.byteswap().astype(np.float64)
    if actual.itemsize > 1 and np.allclose(reversed_bytes, wide, rtol=0, atol=1e-6):
        return "the bytes of every value are in reverse order"
    for text, candidate in _relatives(wide).items():
        if candidate.shape == other.shape and np.allclose(candidate, other, rtol=0, atol=1e-6):
            return text
    squared = np.minimum((other - wide) ** 2, 1e12)
    rows, columns = wide.shape[:2] if entry.kind != "features" else (0, 0)
    if min(rows, columns) > 4 * BORDER and squared.sum() > 0:
        inner = squared[BORDER : rows - BORDER, BORDER : columns - BORDER].sum()
        share = 100 * (1 - inner / squared.sum())
        if share > 90:
            return f"{share:.0f} % of the squared error lies within {BORDER} pixels of the border"
    different = np.count_nonzero(squared)
    return f"{different} of {squared.size} values differ" if different < squared.size / 20 else ""


def _relatives(expected: NDArray[np.float64]) -> Mapping[str, NDArray[np.float64]]:
    """Common mistakes for the right array, described."""
    shape = expected.shape
    relatives = {
        "rows and columns are exchanged": expected.swapaxes(0, 1),
        "the values are 1 minus the right ones": 1 - expected,
        "the values are 255 times the right ones": 255 * expected,
        "the values are a 255th of the right ones": expected / 255,
        "the values are in column order, the header says row order": expected.ravel("F").reshape(shape),
        "the values are in row order, the header says column order": expected.ravel().reshape(shape, order="F"),
    }
    if expected.ndim == 3 and expected.shape[2] == 3:
        relatives["the channels are in reverse order"] = expected[..., ::-1]
    return relatives
