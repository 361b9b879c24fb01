"""MATLAB's im2single: any image class to single in [0, 1]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.im2double import im2double

__all__ = ["im2single"]


def im2single(image: NDArray[np.generic]) -> NDArray[np.float32]:
    """Convert an image to single, integer classes scaled onto [0, 1].

    single(im2double(X)); a quotient of two integers of 16 bits rounds to the same single either way

    image    any shape; uint8, uint16, int16, logical, single or double
    returns  same shape, float32
    raises   TypeError for another class

    MATLAB: im2single(image)
    Parity: exact (D).

    >>> im2single(np.array([0, 51, 255], dtype=np.uint8))
    array([0. , 0.2, 1. ], dtype=float32)
    """
    return im2double(image).astype(np.float32)
