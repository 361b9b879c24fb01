"""MATLAB's bwareafilt: keep regions by their size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import whole
from matlab_compat.regions import binary, check_connectivity, labels

__all__ = ["bwareafilt"]


def bwareafilt(
    image: NDArray[np.generic], size: float | Sequence[float], keep: str | int = "largest", connectivity: int = 8
) -> NDArray[np.bool_]:
    """Keep the regions whose area lies in a range, or the n largest or smallest.

    image         (H, W); nonzero is true
    size          [low, high], pixels, both included; or n, how many regions to keep
    keep          "largest" or "smallest", for n; with a range the third argument may be the connectivity
    connectivity  8 or 4
    returns       (H, W) bool
    raises        ValueError for another rank, size, keep or connectivity, or NaN, TypeError for another class

    MATLAB: bwareafilt(BW, range, conn), bwareafilt(BW, n, keep, conn)
    Parity: exact where no two areas at the border of the choice are equal (D, Octave agrees); of equal ones the first
    stays (D), which is taken to be the first of bwlabel (B).

    >>> bwareafilt(np.array([[1, 0, 1, 1]]), 1).tolist(), bwareafilt(np.array([[1, 0, 1, 1]]), [1, 1]).tolist()
    ([[False, False, True, True]], [[True, False, False, False]])
    """
    mask = binary("bwareafilt", image)
    if not isinstance(keep, str):
        keep, connectivity = "largest", int(keep)
    if keep not in ("largest", "smallest"):
        raise ValueError(f"keep is {keep!r}, but bwareafilt takes 'largest' or 'smallest'")
    check_connectivity("bwareafilt", connectivity)
    label, count = labels(mask, connectivity)
    areas = np.bincount(label.ravel(), minlength=count + 1)
    chosen = np.zeros(count + 1, dtype=bool)
    chosen[1:] = _in_range(areas[1:], size) if np.ndim(size) else _extreme(areas[1:], size, keep)  # type: ignore[arg-type]
    return chosen[label]


def _in_range(areas: NDArray[np.intp], size: Sequence[float]) -> NDArray[np.bool_]:
    if len(size) != 2 or not 0 <= size[0] <= size[1]:
        raise ValueError(f"size is {list(size)}, but bwareafilt takes [low, high] with 0 <= low <= high")
    return (areas >= size[0]) & (areas <= size[1])


def _extreme(areas: NDArray[np.intp], n: float, keep: str) -> NDArray[np.bool_]:
    if not whole(n, 1):
        raise ValueError(f"size is {n}, but bwareafilt keeps a whole number of regions, 1 or more")
    order = np.argsort(-areas if keep == "largest" else areas, kind="stable")
    chosen = np.zeros(len(areas), dtype=bool)
    chosen[order[: int(n)]] = True
    return chosen
