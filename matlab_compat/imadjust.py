"""MATLAB's imadjust: stretch, bend and invert gray levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import check_class, check_image, check_no_nan
from matlab_compat.im2double import im2double
from matlab_compat.im2uint8 import im2uint8
from matlab_compat.im2uint16 import im2uint16
from matlab_compat.stretchlim import CLASSES, stretchlim

__all__ = ["imadjust"]


def imadjust(
    image: NDArray[np.generic],
    in_range: Sequence[float] | None = None,
    out_range: Sequence[float] = (0, 1),
    gamma: float = 1,
) -> NDArray[Any]:
    """Map the levels of one range onto another; what lies beyond the first takes its ends.

    J = ((I - low_in) / (high_in - low_in))^gamma (high_out - low_out) + low_out,  I cut off at low_in and high_in

    image      (H, W) or (H, W, 3); uint8, uint16, single or double in [0, 1]
    in_range   [low_in, high_in], shares of the range of the class, low_in below high_in; [] is [0, 1]; default:
               `stretchlim` of a gray image, which leaves 1 % beyond either end
    out_range  [low_out, high_out], likewise, and high_out may be below low_out: the negative; [] is [0, 1]
    gamma      above 1 darkens; 0 or more
    returns    the same shape and class; integers rounded once
    raises     ValueError for another shape, range or gamma, for NaN and for a colour image without in_range, TypeError
               for another class

    MATLAB: imadjust(I, [low_in high_in], [low_out high_out], gamma)
    Parity: exact for integers where no tie is decided by rounding noise, doubles 1e-15 (S: seven levels; D; Octave
    agrees where limits are given). Ranges by channel and colormaps are not taken.

    >>> imadjust(np.array([[10, 50, 90], [130, 170, 210], [30, 70, 110]], dtype=np.uint8)).tolist()
    [[0, 51, 102], [153, 204, 255], [26, 77, 128]]
    """
    pixels = np.asarray(image)
    check_image("imadjust", pixels)
    check_class("imadjust", pixels, CLASSES)
    check_no_nan("imadjust", pixels)
    if pixels.ndim == 3 and (pixels.shape[2] != 3 or in_range is None):
        raise ValueError(f"imadjust takes (H, W), or (H, W, 3) with in_range, not {pixels.shape}")
    low_in, high_in = _range("in_range", stretchlim(pixels) if in_range is None else in_range)
    low_out, high_out = _range("out_range", out_range)
    if not low_in < high_in:
        raise ValueError(f"in_range is {in_range!r}, but imadjust takes a low end below the high one")
    if not 0 <= gamma < np.inf:
        raise ValueError(f"gamma is {gamma!r}, but imadjust takes a number of 0 or more")
    levels = pixels if pixels.dtype == np.float32 else im2double(pixels)
    share = (np.clip(levels, low_in, high_in) - low_in) / (high_in - low_in)
    mapped = share**gamma * (high_out - low_out) + low_out
    if pixels.dtype.kind == "u":
        return im2uint8(mapped) if pixels.dtype == np.uint8 else im2uint16(mapped)
    return np.asarray(mapped, dtype=pixels.dtype)


def _range(name: str, given: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
    ends = np.asarray(given, dtype=np.float64).ravel()
    if ends.size == 0:
        return 0.0, 1.0
    if ends.size != 2 or not np.all((ends >= 0) & (ends <= 1)):
        raise ValueError(f"{name} is {given!r}, but imadjust takes two numbers from 0 to 1")
    return float(ends[0]), float(ends[1])
