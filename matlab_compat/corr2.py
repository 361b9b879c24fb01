"""MATLAB's corr2: the correlation of two matrices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class

__all__ = ["corr2"]


def corr2(a: NDArray[np.generic], b: NDArray[np.generic]) -> float:
    """Correlation coefficient of two matrices.

    r = sum (A - mean A)(B - mean B) / sqrt(sum (A - mean A)^2 sum (B - mean B)^2), in double

    a, b     (H, W) each, of one shape, any real class
    returns  double in [-1, 1]; NaN where one of them is constant, as 0 / 0
    raises   ValueError for unlike shapes, another rank or empty matrices, TypeError for another class

    MATLAB: corr2(A, B)
    Parity: 1e-13 (D; Octave agrees).

    >>> corr2(np.array([[1.0, 2.0, 3.0]]), np.array([[5.0, 3.0, 1.0]]))
    -1.0
    """
    x, y = as_array(a), as_array(b)
    if x.shape != y.shape or x.ndim != 2 or not x.size:
        raise ValueError(f"a is {x.shape} and b is {y.shape}, but corr2 takes two matrices of one size, not empty")
    for array in (x, y):
        check_class("corr2", array, REALS)
    x, y = (array.astype(np.float64) - array.mean(dtype=np.float64) for array in (x, y))
    scale = np.sqrt(np.sum(x * x) * np.sum(y * y))
    return float(np.sum(x * y) / scale) if scale != 0 else float("nan")
