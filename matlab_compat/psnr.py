"""MATLAB's psnr: peak signal-to-noise ratio."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, check_class, class_range
from matlab_compat.immse import immse

__all__ = ["psnr"]


def psnr(image: NDArray[np.generic], reference: NDArray[np.generic], peak: float | None = None) -> float:
    """Peak signal-to-noise ratio in decibels, over all elements.

    psnr = 10 log10(peak^2 / mse)

    image, reference  the same shape and class
    peak              default: the range of the class, 255, 65535 (int16 too), or 1 for single and double
    returns           decibels; infinite for equal images, NaN if a value is NaN
    raises            ValueError for shapes or classes that differ or a peak not above 0, TypeError for another class

    MATLAB: psnr(A, ref, peakval); its second output, snr, is psnr(A, ref, peak) with peak = sqrt(mean(ref^2))
    Parity: all printed digits (V: two values; D).

    >>> round(psnr(np.zeros((2, 2)), np.full((2, 2), 0.1)), 12)
    20.0
    """
    x, y = np.asarray(image), np.asarray(reference)
    if x.shape != y.shape or x.dtype != y.dtype or x.size == 0:
        raise ValueError(
            f"image is {x.shape} {x.dtype} but reference is {y.shape} {y.dtype}: psnr takes two alike, not empty"
        )
    check_class("psnr", x, REALS)
    low, high = class_range(x.dtype)
    top = float(high - low) if peak is None else float(peak)
    if not top > 0:
        raise ValueError(f"peak is {peak}, but psnr takes a number above 0")
    error = immse(image, reference)
    if error in (0, math.inf):
        return math.inf if error == 0 else -math.inf
    return 10 * math.log10(top**2 / error)
