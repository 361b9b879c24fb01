"""MATLAB's imabsdiff: the absolute difference of two images."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class
from matlab_compat.rounding import saturate

__all__ = ["imabsdiff"]


def imabsdiff(x: NDArray[np.generic], y: NDArray[np.generic]) -> NDArray[np.generic]:
    """Absolute difference of two images, element by element.

    Z = |X - Y|; integers saturate, as |127 - (-128)| of int8

    x, y     one shape and class, any real class
    returns  the same shape and class
    raises   ValueError for shapes or classes that differ, TypeError for another class

    MATLAB: imabsdiff(X, Y)
    Parity: exact (D; Octave agrees on integers and floats). logical: where they differ (B).

    >>> imabsdiff(np.array([[10, 200]], dtype=np.uint8), np.array([[30, 50]], dtype=np.uint8)).tolist()
    [[20, 150]]
    """
    first, second = as_array(x), as_array(y)
    if first.shape != second.shape or first.dtype != second.dtype:
        raise ValueError(
            f"x is {first.shape} {first.dtype} but y is {second.shape} {second.dtype}: imabsdiff takes two alike"
        )
    check_class("imabsdiff", first, REALS)
    if first.dtype == np.bool_:
        return first ^ second  # type: ignore[no-any-return]
    if first.dtype.kind == "f":
        return np.asarray(np.abs(first - second))
    return saturate(np.abs(first.astype(np.float64) - second.astype(np.float64)), first.dtype)
