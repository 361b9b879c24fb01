"""MATLAB's psnr: peak signal-to-noise ratio."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matlab_compat.immse import immse

__all__ = ["psnr"]


def psnr(image: NDArray[np.generic], reference: NDArray[np.generic], peak: float | None = None) -> float:
    """Peak signal-to-noise ratio in decibels, over all elements.

    psnr = 10 log10(peak^2 / mse)

    image, reference  the same shape and class
    peak              default: the range of the class, 255, 65535 (int16 too), or 1 for single and double
    returns           decibels; infinite for equal images
    raises            ValueError for shapes or classes that differ

    MATLAB: psnr(image, reference, peak)
    Parity: all printed digits (V: two colour images, 20.99 and 27.01; D).

    >>> round(psnr(np.zeros((2, 2)), np.full((2, 2), 0.1)), 12)
    20.0
    """
    dtype = np.asarray(image).dtype
    if peak is None:
        peak = 1.0 if dtype.kind in "fb" else float(int(np.iinfo(dtype).max) - int(np.iinfo(dtype).min))
    error = immse(image, reference)
    return 10 * math.log10(peak**2 / error) if error > 0 else math.inf
