"""MATLAB's `round` and its saturating casts; every rounding in the project goes through here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["round_half_away", "saturate"]


# The greatest double, single and half below 1/2: adding it instead of 1/2 keeps 0.49999999999999994 from becoming 1.
_BELOW_HALF = {np.dtype(kind): np.nextafter(kind(0.5), kind(0)) for kind in (np.float64, np.float32, np.float16)}


def round_half_away(x: NDArray[np.floating]) -> NDArray[np.floating]:
    """Round to the nearest integer, halves away from zero.

    round(x) = sign(x) * floor(|x| + 1/2), as if computed without error

    x        any shape, single or double; integers are returned as they are
    returns  same shape and class; NaN and infinity pass through

    MATLAB: round(x)
    Parity: exact (D: documented rule; the tests compare with exact rationals). numpy's `round` takes halves to even.

    >>> round_half_away(np.array([-2.5, -0.5, 0.49999999999999994, 0.5, 2.5])).tolist()
    [-3.0, -1.0, 0.0, 1.0, 3.0]
    """
    values = np.asarray(x)
    if values.dtype.kind in "iub":
        return values.copy()
    # |x| + the number just below 1/2 rounds up to the next integer exactly when the fraction of |x| is 1/2 or more.
    shifted = np.copysign(_BELOW_HALF[values.dtype], values)
    shifted += values  # in place: fresh arrays cost more than the arithmetic
    return np.trunc(shifted)  # type: ignore[no-any-return]


def saturate(x: NDArray[np.generic], dtype: DTypeLike) -> NDArray[Any]:
    """Cast to an integer class the way MATLAB does: round half away from zero, clip, NaN to 0.

    x        any shape, any real class
    dtype    an integer class up to 32 bits
    returns  same shape, class `dtype`
    raises   TypeError for another class

    MATLAB: cast(x, classname)
    Parity: exact (D; V through the goldens of imresize, which round and saturate after each pass).

    >>> saturate(np.array([-3.0, 2.5, 300.0, np.nan]), np.uint8).tolist()
    [0, 3, 255, 0]
    """
    if np.dtype(dtype).kind not in "iu" or np.dtype(dtype).itemsize > 4:
        raise TypeError(f"saturate casts to an integer class of up to 32 bits, not to {np.dtype(dtype)}")
    limits = np.iinfo(np.dtype(dtype))
    values = np.asarray(x)
    if values.dtype.kind != "f":
        return np.clip(values, limits.min, limits.max).astype(dtype)
    if limits.bits == 32:
        values = values.astype(np.float64)  # single cannot hold the limits
    nan = np.isnan(values)
    levels = np.where(nan, 0, values) if nan.any() else np.array(values)
    return shift_to_truncate(levels, dtype).astype(dtype)


def shift_to_truncate(levels: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """Change doubles or singles without NaN in place, so that cutting off their decimals is `saturate`.

    >>> shift_to_truncate(np.array([-3.0, 0.5, 1.4, 300.0]), np.uint8).astype(np.uint8).tolist()
    [0, 1, 1, 255]
    """
    limits = np.iinfo(np.dtype(dtype))
    np.clip(levels, limits.min, limits.max, out=levels)
    below_half = _BELOW_HALF[levels.dtype]
    levels += below_half if limits.min == 0 else np.copysign(below_half, levels)
    return levels
