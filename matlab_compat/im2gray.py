"""MATLAB's im2gray: gray whatever comes in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, check_class, check_image
from matlab_compat.rgb2gray import rgb2gray

__all__ = ["im2gray"]


def im2gray(image: NDArray[np.generic]) -> NDArray[np.generic]:
    """Turn RGB into gray and leave gray alone.

    image    (H, W, 3) as rgb2gray takes it, or (H, W) of any class
    returns  (H, W) of the same class
    raises   ValueError for another shape, TypeError for another class

    MATLAB: im2gray(image)
    Parity: exact (D: rgb2gray for three channels, else unchanged).

    >>> im2gray(np.array([[[120, 119, 112]]], dtype=np.uint8)).tolist()
    [[119]]
    """
    pixels = np.asarray(image)
    if pixels.ndim == 3:
        return rgb2gray(pixels)
    check_image("im2gray", pixels)
    check_class("im2gray", pixels, REALS)
    return pixels.copy()
