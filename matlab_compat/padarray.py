"""MATLAB's padarray: widen an array on one or both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, whole
from matlab_compat.rounding import saturate

__all__ = ["padarray"]

MODES = {"symmetric": "symmetric", "replicate": "edge", "circular": "wrap", "reflect": "reflect"}


def padarray(
    array: NDArray[np.generic], pad_size: int | Sequence[int], padding: float | str = 0, direction: str = "both"
) -> NDArray[Any]:
    """Add `pad_size` elements before, after, or on both sides of each dimension.

    symmetric ..b a | a b c..    replicate ..a a | a b c..    circular ..y z | a b c..    reflect ..c b | a b c..

    array      any shape and real class
    pad_size   elements per dimension, rows first; a single number pads the rows only, as in MATLAB
    padding    a value, cast to the class, "symmetric", "replicate", "circular" or "reflect"; may exceed the array
    direction  "both", "pre" or "post"
    returns    same class
    raises     ValueError for a negative or fractional pad, another padding or direction, TypeError for another class

    MATLAB: padarray(A, padsize, padval, direction), padarray(A, padsize, direction)
    Parity: exact (V for "replicate": six files of coppafish; D; Octave agrees, also for pads beyond the array).
    "reflect" exists in recent releases only (B).

    >>> padarray(np.array([[1, 2, 3]]), [0, 2], "symmetric").tolist(), padarray(np.array([[1]]), 1, 9, "pre").tolist()
    ([[2.0, 1.0, 1.0, 2.0, 3.0, 3.0, 2.0]], [[9.0], [1.0]])
    """
    if padding in ("both", "pre", "post"):  # padarray(A, padsize, direction)
        padding, direction = 0, str(padding)
    values = as_array(array)
    check_class("padarray", values, REALS)
    amounts = np.atleast_1d(np.asarray(pad_size))
    if amounts.ndim != 1 or not all(whole(amount, 0) for amount in amounts.tolist()):
        raise ValueError(f"pad_size is {pad_size}, but padarray takes whole numbers of 0 or more")
    if direction not in ("both", "pre", "post"):
        raise ValueError(f"direction is {direction!r}, but padarray takes 'both', 'pre' or 'post'")
    rank = max(values.ndim, len(amounts))
    values = values.reshape(values.shape + (1,) * (rank - values.ndim))
    amounts = np.concatenate([amounts, np.zeros(rank - len(amounts))]).astype(int)
    widths = [(0 if direction == "post" else n, 0 if direction == "pre" else n) for n in amounts]
    return widen(values, widths, padding)


def widen(values: NDArray[Any], widths: Sequence[tuple[int, int]], padding: float | str) -> NDArray[Any]:
    """Pad by other amounts before than after; imfilter needs that for even kernels."""
    if not isinstance(padding, str):
        fill = saturate(np.asarray(float(padding)), values.dtype) if values.dtype.kind in "iu" else padding
        return np.pad(values, widths, constant_values=fill)
    if padding not in MODES:
        raise ValueError(f"padding is {padding!r}, but padarray takes a value or {', '.join(MODES)}")
    if values.size == 0 and np.any(widths):
        raise ValueError(f"padarray cannot repeat the edges of an array of shape {values.shape}")
    return np.pad(values, widths, mode=MODES[padding])  # type: ignore[call-overload, no-any-return]
