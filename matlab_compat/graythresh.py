"""MATLAB's graythresh: Otsu's threshold of an image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class, check_no_nan
from matlab_compat.im2uint8 import im2uint8
from matlab_compat.imhist import imhist
from matlab_compat.otsu import otsu

__all__ = ["graythresh"]


def graythresh(image: NDArray[np.generic]) -> float:
    """The gray level that separates an image best into dark and bright.

    level = otsu(histogram of im2uint8(image)): see `otsu` for the formula

    image    any shape; uint8, uint16, int16, single or double
    returns  0 to 1, to be compared with im2double(image); 0 where all pixels are alike
    raises   ValueError for an empty image or NaN, TypeError for another class

    MATLAB: T = graythresh(I); its second output, the effectiveness metric, is not returned
    Parity: all printed digits (V: .4941 of coins.png; S for doubles and uint16; D; Octave agrees).

    >>> graythresh(np.array([0, 0, 51, 51], dtype=np.uint8)) * 255
    25.0
    """
    pixels = np.asarray(image)
    check_class("graythresh", pixels, IMAGES)
    if pixels.size == 0:
        raise ValueError(f"graythresh takes an image with something in it, not {pixels.shape}")
    check_no_nan("graythresh", pixels)
    return otsu(imhist(im2uint8(pixels)).counts)
