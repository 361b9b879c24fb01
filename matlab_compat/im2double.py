"""MATLAB's im2double: any image class to double in [0, 1]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class

__all__ = ["im2double"]


def im2double(image: NDArray[np.generic]) -> NDArray[np.float64]:
    """Convert an image to double, integer classes scaled onto [0, 1].

    uint8: x / 255      uint16: x / 65535      int16: (x + 32768) / 65535

    image    any shape; uint8, uint16, int16, logical, single or double
    returns  same shape, float64; single and double keep their values, logical becomes 0 and 1
    raises   TypeError for another class

    MATLAB: im2double(image)
    Parity: exact (D).

    >>> im2double(np.array([0, 51, 255], dtype=np.uint8)).tolist()
    [0.0, 0.2, 1.0]
    """
    pixels = np.asarray(image)
    check_class("im2double", pixels, ("logical", *IMAGES))
    if pixels.dtype in (np.uint8, np.uint16):
        return pixels.astype(np.float64) / np.iinfo(pixels.dtype).max
    if pixels.dtype == np.int16:
        return (pixels.astype(np.float64) + 32768) / 65535
    return pixels.astype(np.float64)
