"""MATLAB's mat2gray: any range of values onto [0, 1]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class

__all__ = ["mat2gray"]


def mat2gray(matrix: NDArray[np.generic], limits: tuple[float, float] | None = None) -> NDArray[np.float64]:
    """Stretch values so that `limits` become 0 and 1, and clip what lies beyond.

    I = delta A - amin delta,  delta = 1 / (amax - amin); computed as a scale and an offset, then clipped to [0, 1]

    matrix   any shape and real class
    limits   (amin, amax); default: least and greatest value, NaN aside
    returns  same shape, double; single stays single
    raises   TypeError for another class, ValueError for an empty matrix, NaN limits or limits in the wrong order

    MATLAB: mat2gray(A, [amin amax])
    Parity: 1 ulp against Octave (B: scale and offset, and that single stays single). Where amin = amax the values are
    only clipped to [0, 1] (B).

    >>> mat2gray(np.array([[2, 3, 6]])).tolist(), mat2gray(np.array([[-1.0, 0.5, 9.0]]), (0, 2)).tolist()
    ([[0.0, 0.25, 1.0]], [[0.0, 0.25, 1.0]])
    """
    values = as_array(matrix)
    check_class("mat2gray", values, REALS)
    if values.size == 0:
        raise ValueError(f"mat2gray takes a matrix with something in it, not {values.shape}")
    kind = values.dtype if values.dtype == np.float32 else np.float64
    if limits is None and np.isnan(values).all():
        raise ValueError(f"mat2gray finds no least value: all {values.size} are NaN")
    given = limits if limits is not None else (np.nanmin(values), np.nanmax(values))
    ends = np.ravel(given).astype(np.float64).tolist()
    if len(ends) != 2 or not ends[0] <= ends[1]:
        raise ValueError(f"limits are {ends}, but mat2gray takes [amin, amax] with amin <= amax")
    amin, amax = ends
    delta, offset = (1 / (amax - amin), -amin / (amax - amin)) if amin < amax else (1.0, 0.0)
    return np.clip(delta * values.astype(np.float64) + offset, 0, 1).astype(kind)
