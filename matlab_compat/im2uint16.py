"""MATLAB's im2uint16: any image class to uint16."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class
from matlab_compat.rounding import saturate

__all__ = ["im2uint16"]


def im2uint16(image: NDArray[np.generic]) -> NDArray[np.uint16]:
    """Convert an image to uint16, the full range of its class onto 0..65535.

    double, single: round(65535 x)      uint8: 257 x      int16: x + 32768

    image    any shape; uint8, uint16, int16, logical, or single or double in [0, 1] (beyond is clipped)
    returns  same shape, uint16
    raises   TypeError for another class

    MATLAB: im2uint16(image)
    Parity: exact (D; B for single, whose product is formed in single). Halves are rounded away from zero.

    >>> im2uint16(np.array([0.0, 0.5, 1.0])).tolist()
    [0, 32768, 65535]
    """
    pixels = np.asarray(image)
    check_class("im2uint16", pixels, ("logical", *IMAGES))
    if pixels.dtype == np.uint16:
        return pixels.copy()
    if pixels.dtype == np.bool_:
        return pixels.astype(np.uint16) * np.uint16(65535)
    if pixels.dtype in (np.float32, np.float64):
        return saturate(pixels * pixels.dtype.type(65535), np.uint16)
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint16) * np.uint16(257)
    return (pixels.astype(np.int32) + 32768).astype(np.uint16)
