"""MATLAB's entropy of an image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class, check_no_nan
from matlab_compat.im2uint8 import im2uint8
from matlab_compat.imhist import imhist

__all__ = ["entropy"]


def entropy(image: NDArray[np.generic]) -> float:
    """Shannon entropy of the gray levels, in bits; all elements count alike, colours too.

    E = -sum_p p log2(p),  p the shares of the 256 levels of im2uint8(image) that occur, or of the 2 of a logical image

    image    any shape; uint8, uint16, int16, single, double or logical
    returns  0 to 8
    raises   ValueError for an empty image or NaN, TypeError for another class

    MATLAB: entropy(I)
    Parity: 1e-14 (V: two printed values; D; Octave agrees).

    >>> entropy(np.array([0, 0, 85, 170], dtype=np.uint8))
    1.5
    """
    pixels = np.asarray(image)
    check_class("entropy", pixels, ("logical", *IMAGES))
    if pixels.size == 0:
        raise ValueError(f"entropy takes an image with something in it, not {pixels.shape}")
    check_no_nan("entropy", pixels)
    counts = imhist(pixels if pixels.dtype == np.bool_ else im2uint8(pixels)).counts
    shares = counts[counts > 0] / pixels.size
    return float(-np.sum(shares * np.log2(shares))) + 0.0  # no -0.0
