"""MATLAB's conv2: two-dimensional convolution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class

__all__ = ["conv2"]


def conv2(
    a: NDArray[np.generic], b: NDArray[np.generic], c: NDArray[np.generic] | str | None = None, shape: str = "full"
) -> NDArray[np.floating]:
    """Convolve two matrices, or first the columns of a matrix with one vector and then its rows with another.

    C(j, k) = sum_p sum_q A(p, q) B(j - p, k - q), zero beyond the edges

    a, b     matrices; conv2(u, v, A) convolves the columns of A with the vector u, then the rows with v
    shape    "full"; "same", the central part, from index floor(k / 2) on for a kernel of k; "valid", without zeros
    returns  double; single if an input is single
    raises   ValueError for another rank or shape, TypeError for another class

    MATLAB: conv2(A, B, shape), conv2(u, v, A, shape)
    Parity: integers exact, else 1e-15 of the sum of magnitudes (V: six files of coppafish; Octave agrees).
    scipy's "same" starts at floor((k - 1) / 2): another result for even kernels. Integer classes become double (B).

    >>> conv2(np.array([[1, 2, 3]]), np.array([[1, 1]]), "same").tolist()
    [[3.0, 5.0, 3.0]]
    """
    if c is not None and not isinstance(c, str):
        u, v, matrix = np.asarray(a), np.asarray(b), np.asarray(c)
        if u.size != max(u.shape) or v.size != max(v.shape):
            raise ValueError(f"u is {u.shape} and v is {v.shape}, but conv2(u, v, A) takes two vectors")
        return conv2(conv2(matrix, u.reshape(-1, 1), shape), v.reshape(1, -1), shape)
    shape = c if isinstance(c, str) else shape
    left, right = (_matrix(values) for values in (a, b))
    if shape not in ("full", "same", "valid"):
        raise ValueError(f"shape is {shape!r}, but conv2 takes 'full', 'same' or 'valid'")
    from scipy import signal

    kind = np.float32 if np.float32 in (np.asarray(a).dtype, np.asarray(b).dtype) else np.float64
    full: NDArray[np.floating] = signal.convolve2d(left, right).astype(kind)
    if shape == "full":
        return full
    if shape == "same":
        top, first = right.shape[0] // 2, right.shape[1] // 2
        return full[top : top + left.shape[0], first : first + left.shape[1]]
    top, first = right.shape[0] - 1, right.shape[1] - 1
    return full[top : max(left.shape[0], top), first : max(left.shape[1], first)]


def _matrix(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """A checked matrix as double."""
    matrix = as_array(values)
    check_class("conv2", matrix, REALS)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ValueError(f"conv2 takes non-empty matrices, not {matrix.shape}")
    return matrix.astype(np.float64)
