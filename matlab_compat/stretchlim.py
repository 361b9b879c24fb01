"""MATLAB's stretchlim: the limits between which an image is to be stretched."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import check_class, check_image, check_no_nan
from matlab_compat.im2double import im2double
from matlab_compat.imhist import imhist

__all__ = ["stretchlim"]

CLASSES = ("uint8", "uint16", "single", "double")


def stretchlim(image: NDArray[np.generic], tol: float | Sequence[float] = (0.01, 0.99)) -> NDArray[np.float64]:
    """The gray levels below and above which a given share of the pixels lies.

    Of the bins of the histogram, 256 for uint8 and 65536 for others, counted from 0: low is the first whose cumulative
    share exceeds tol_1, high the first whose share reaches tol_2, both divided by bins - 1; [0, 1] if low is high

    image    (H, W) or (H, W, 3); uint8, uint16, single or double in [0, 1]
    tol      [tol_1, tol_2] within 0 and 1, or one number t below 1/2 for [t, 1 - t]; 0: the least and greatest level
    returns  (2,), low and high from 0 to 1; (2, 3) for a colour image, a column for each channel
    raises   ValueError for another shape, tol or NaN, TypeError for another class

    MATLAB: stretchlim(I, Tol)
    Parity: 1e-11 (S: three pairs of limits; D the rest, B which side a tie takes). Octave interpolates doubles.

    >>> (255 * stretchlim(np.array([[10, 50, 200, 250]], dtype=np.uint8))).tolist()
    [10.0, 250.0]
    """
    pixels = np.asarray(image)
    check_image("stretchlim", pixels)
    check_class("stretchlim", pixels, CLASSES)
    check_no_nan("stretchlim", pixels)
    if pixels.ndim == 3:
        if pixels.shape[2] != 3:
            raise ValueError(f"stretchlim takes (H, W) or (H, W, 3), not {pixels.shape}")
        return np.stack([stretchlim(pixels[..., channel], tol) for channel in range(3)], axis=1)
    low, high = _shares(tol)
    if np.ndim(tol) == 0 and low == 0:
        levels = im2double(pixels)
        return np.array([levels.min(), levels.max()])
    bins = 256 if pixels.dtype == np.uint8 else 65536
    share = np.cumsum(imhist(pixels, bins).counts) / pixels.size
    first, last = int(np.argmax(share > low)), int(np.argmax(share >= high))
    return np.array([0.0, 1.0]) if first == last else np.array([first, last]) / (bins - 1)


def _shares(tol: float | Sequence[float]) -> tuple[float, float]:
    shares = np.asarray(tol, dtype=np.float64)
    low, high = (shares.item(), 1 - shares.item()) if shares.size == 1 else shares if shares.size == 2 else (1.0, 0.0)
    if not 0 <= low < high <= 1:
        raise ValueError(f"tol is {tol!r}, but stretchlim takes [low, high] within 0 and 1 or a number below 1/2")
    return float(low), float(high)
