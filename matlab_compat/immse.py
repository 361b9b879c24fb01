"""MATLAB's immse: mean squared error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class

__all__ = ["immse"]


def immse(image: NDArray[np.generic], reference: NDArray[np.generic]) -> float:
    """Mean squared difference over all elements, colours included.

    mse = mean((double(X) - double(Y))^2)

    image, reference  the same shape and class; any real class
    returns           squared gray levels of that class; NaN if a value is NaN
    raises            ValueError for shapes or classes that differ or an empty image, TypeError for another class

    MATLAB: immse(X, Y)
    Parity: 1e-12 relative (V through two printed values of psnr; D).

    >>> immse(np.array([[0, 4]], dtype=np.uint8), np.array([[2, 4]], dtype=np.uint8))
    2.0
    """
    x, y = as_array(image), as_array(reference)
    if x.shape != y.shape or x.dtype != y.dtype or x.size == 0:
        raise ValueError(
            f"image is {x.shape} {x.dtype} but reference is {y.shape} {y.dtype}: immse takes two alike, not empty"
        )
    check_class("immse", x, REALS)
    return float(np.mean((x.astype(np.float64) - y.astype(np.float64)) ** 2))
