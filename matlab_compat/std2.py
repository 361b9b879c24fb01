"""MATLAB's std2: the standard deviation of all values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class

__all__ = ["std2"]


def std2(values: NDArray[np.generic]) -> float:
    """Standard deviation of all elements.

    B = sqrt(sum of (A - mean)^2 / (n - 1)), in double; 0 for a single element

    values   any shape, any real class
    returns  double
    raises   ValueError for an empty array, TypeError for another class

    MATLAB: std2(A)
    Parity: 1e-13 relative (D; Octave agrees).

    >>> round(std2(np.array([[0, 0], [2, 2]], dtype=np.uint8)), 12)
    1.154700538379
    """
    array = as_array(values)
    check_class("std2", array, REALS)
    if not array.size:
        raise ValueError(f"std2 takes a non-empty array, not {array.shape}")
    return float(array.astype(np.float64).std(ddof=1)) if array.size > 1 else 0.0
