"""MATLAB's immse: mean squared error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["immse"]


def immse(image: NDArray[np.generic], reference: NDArray[np.generic]) -> float:
    """Mean squared difference over all elements, colours included.

    mse = mean((double(X) - double(Y))^2)

    image, reference  the same shape and class
    returns           squared grey levels of that class
    raises            ValueError for shapes or classes that differ

    MATLAB: immse(image, reference)
    Parity: 1e-12 relative (D).

    >>> immse(np.array([[0, 4]], dtype=np.uint8), np.array([[2, 4]], dtype=np.uint8))
    2.0
    """
    x, y = np.asarray(image), np.asarray(reference)
    if x.shape != y.shape or x.dtype != y.dtype:
        raise ValueError(f"image is {x.shape} {x.dtype} but reference is {y.shape} {y.dtype}")
    return float(np.mean((x.astype(np.float64) - y.astype(np.float64)) ** 2))
