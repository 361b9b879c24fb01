"""MATLAB's histeq: histogram equalization."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matlab_compat.classes import check_class, check_image, check_no_nan, whole
from matlab_compat.im2uint8 import im2uint8
from matlab_compat.imhist import imhist

__all__ = ["histeq"]

LEVELS = 256  # of the transformation, whatever the class
CLASSES = ("uint8", "single", "double")
NOISE = 1e-8  # of the pixels: what rounding may add to a cumulative histogram


class Equalization(NamedTuple):
    """The outputs of histeq."""

    j: NDArray[Any]
    t: NDArray[np.float64]


def histeq(image: NDArray[np.generic], target: ArrayLike = 64) -> Equalization:
    """Change gray levels so that their histogram comes close to another one, flat by default.

    T(k) = the least level m of the other with c_1(m) >= c_0(k) - h(k) / 2, divided by levels - 1;  c_0, c_1 the
    cumulative histograms, c_1 scaled to as many pixels, h(k) the pixels of level k, but 0 for the first and the last k

    image    (H, W); uint8, or single or double in [0, 1] (beyond is clipped), whose nearest of 256 levels counts
    target   n, the bins of a flat histogram, 2 or more; or the histogram, 2 bins or more
    returns  j of the same shape and class, and t (256,), the level from 0 to 1 for each of 256 levels
    raises   ValueError for another shape or target, or NaN, TypeError for another class

    MATLAB: [J, T] = histeq(I, n), histeq(I, hgram)
    Parity: exact (S: ten levels, through imhistmatch; D: c_1 is brought near to c_0 and may pass it by half a count.)
    B: the first and the last level. Not uint16, int16, colormaps. Octave computes something else.

    >>> histeq(np.array([[10, 10, 20, 30]], dtype=np.uint8), 4).j.tolist()
    [[0, 0, 170, 255]]
    """
    pixels = np.asarray(image)
    check_image("histeq", pixels, (2,))
    check_class("histeq", pixels, CLASSES)
    check_no_nan("histeq", pixels)
    c_1 = np.cumsum(_histogram(target))
    counts = imhist(pixels, LEVELS).counts
    half = counts / 2
    half[[0, -1]] = 0
    least = np.cumsum(counts) - half - NOISE * pixels.size
    t = np.searchsorted(c_1 / c_1[-1] * pixels.size, least) / (len(c_1) - 1)
    levels = pixels if pixels.dtype == np.uint8 else im2uint8(pixels.astype(np.float64))
    found = t[levels]
    return Equalization(im2uint8(found) if pixels.dtype == np.uint8 else found.astype(pixels.dtype), t)


def _histogram(target: ArrayLike) -> NDArray[np.float64]:
    """The histogram that is wanted, checked."""
    wanted = np.asarray(target)
    if wanted.ndim == 0:
        if not whole(wanted.item(), 2):
            raise ValueError(f"target is {target!r}, but histeq takes 2 bins or more, or a histogram")
        return np.ones(int(wanted))
    bins = wanted.ravel()
    if bins.size < 2 or bins.dtype.kind not in "uif" or not np.all((bins >= 0) & (bins < np.inf)) or not bins.any():
        raise ValueError(f"target is {wanted.shape} {wanted.dtype}, but histeq takes 2 or more counts, not all 0")
    return bins.astype(np.float64)
