"""MATLAB's imhist: counts of gray levels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class, check_no_nan, class_range, whole

__all__ = ["imhist"]


class Histogram(NamedTuple):
    """The outputs of imhist."""

    counts: NDArray[np.intp]
    bin_locations: NDArray[np.float64]


def imhist(image: NDArray[np.generic], n: int | None = None) -> Histogram:
    """Count the pixels in each of n bins over the range of the class.

    Bin p, counted from 1, holds  A (p - 3/2) / (n - 1) <= x < A (p - 1/2) / (n - 1),  A the range of the class

    image    any shape; uint8, uint16, int16, single or double (beyond [0, 1] counts in the end bins), or logical
    n        bins, 2 or more; default 256; logical images always have 2
    returns  counts (n,) and bin_locations (n,), the middles of the bins, from the least to the greatest level
    raises   ValueError for less than two bins or NaN, TypeError for another class

    MATLAB: [counts, binLocations] = imhist(I, n)
    Parity: integers exact (D: the edges of the bins; Octave agrees; V through entropy and graythresh); doubles an ulp
    from an edge may change bins (B).

    >>> imhist(np.array([0, 100, 255, 255], dtype=np.uint8), 3)
    Histogram(counts=array([1, 1, 2]), bin_locations=array([  0. , 127.5, 255. ]))
    """
    pixels = np.asarray(image)
    check_class("imhist", pixels, ("logical", *IMAGES))
    bins = 2 if pixels.dtype == np.bool_ else 256 if n is None else n
    if not whole(bins, 2):
        raise ValueError(f"n is {n}, but imhist takes a whole number of bins, 2 or more")
    check_no_nan("imhist", pixels)
    low, high = class_range(pixels.dtype)
    place = _bin(pixels, int(bins), low, high)
    return Histogram(np.bincount(place, minlength=int(bins)), np.linspace(low, high, int(bins)))


def _bin(pixels: NDArray[np.generic], n: int, low: int, high: int) -> NDArray[np.intp]:
    """floor((x - low) (n - 1) / (high - low) + 1/2), for integers without rounding errors."""
    if pixels.dtype.kind == "f":
        share = np.clip(pixels.ravel().astype(np.float64), 0, 1)
        return np.floor(share * (n - 1) + 0.5).astype(np.intp)
    levels = pixels.ravel().astype(np.int64) - low
    return (2 * levels * (n - 1) + (high - low)) // (2 * (high - low))
