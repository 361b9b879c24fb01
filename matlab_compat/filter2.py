"""MATLAB's filter2: two-dimensional correlation with a kernel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.conv2 import conv2

__all__ = ["filter2"]


def filter2(kernel: NDArray[np.generic], values: NDArray[np.generic], shape: str = "same") -> NDArray[np.floating]:
    """Correlate a matrix with a kernel: conv2 with the kernel turned by 180 degrees.

    Y(j, k) = sum_p sum_q h(p, q) X(j + p, k + q), zero beyond the edges

    kernel   h, a matrix; it comes first
    values   X, a matrix
    shape    "same", "full" or "valid", as in conv2
    returns  double; single if an input is single
    raises   ValueError for another rank or shape, TypeError for another class

    MATLAB: filter2(H, X, shape)
    Parity: as conv2: integers exact, else 1e-15 of the sum of magnitudes (D; Octave agrees).

    >>> filter2(np.array([[-1, 0, 1]]), np.array([[1, 2, 4, 8]])).tolist()
    [[2.0, 3.0, 6.0, -4.0]]
    """
    turned = np.asarray(kernel)
    if turned.ndim != 2 or not turned.size:
        raise ValueError(f"kernel is {turned.shape}, but filter2 takes a non-empty matrix")
    return conv2(values, turned[::-1, ::-1], shape)
