"""MATLAB's imboxfilt: the mean, or a scaled sum, over a window."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image
from matlab_compat.imfilter import imfilter
from matlab_compat.rounding import saturate
from matlab_compat.windows import border_value, window_sides

__all__ = ["imboxfilt"]


def imboxfilt(
    image: NDArray[np.generic],
    filter_size: ArrayLike = 3,
    *,
    padding: float | str = "replicate",
    normalization_factor: float | None = None,
) -> NDArray[np.generic]:
    """Sum the pixels of a window around every pixel and scale the sum.

    g(y, x) = factor * sum of the window

    image                 (H, W) or (H, W, C); any real class but logical
    filter_size           odd, one side or [rows, columns]
    padding               "replicate", "symmetric", "circular" or a value
    normalization_factor  default 1 / (rows columns): the mean
    returns               same shape and class; integers rounded and saturated once
    raises                ValueError for an even window, another shape or padding, TypeError for another class

    MATLAB: imboxfilt(A, filterSize, NormalizationFactor=..., Padding=...)
    Parity: integers exact, double 1e-12 (S: sums, inside and border of a double and a byte image; D defaults; B: MATLAB
    sums large windows through an integral image).

    >>> imboxfilt(np.array([[0, 0, 90], [0, 0, 0], [0, 0, 0]], dtype=np.uint8)).tolist()
    [[0, 20, 40], [0, 10, 20], [0, 0, 0]]
    """
    pixels = as_array(image)
    check_image("imboxfilt", pixels)
    check_class("imboxfilt", pixels, REALS[1:])
    rows, columns = window_sides("imboxfilt", "filter_size", filter_size)
    factor = 1 / (rows * columns) if normalization_factor is None else normalization_factor
    padding = border_value("imboxfilt", padding, pixels.dtype)
    columns_summed = imfilter(pixels.astype(np.float64), np.ones((rows, 1)), padding)
    beyond = padding if isinstance(padding, str) else rows * padding  # what a column of border values sums to
    sums = imfilter(columns_summed, np.ones((1, columns)), beyond)
    scaled = factor * sums
    return saturate(scaled, pixels.dtype) if pixels.dtype.kind in "iu" else scaled.astype(pixels.dtype)
