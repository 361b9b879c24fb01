"""MATLAB's rgb2gray with its full-precision weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import check_class, check_image
from matlab_compat.rounding import shift_to_truncate

__all__ = ["rgb2gray"]

# First row of inv([1 .956 .621; 1 -.272 -.647; 1 -1.106 1.703]), the YIQ matrix inverted (D: printed to
# 15 digits in the documentation). The textbook's 0.2989, 0.5870, 0.1140 give another image: (120, 119, 112) -> 118.
RED, GREEN, BLUE = 0.2989360212937754, 0.5870430744511212, 0.11402090425510325
_BAND = 64  # rows at a time: few enough for the cache


def rgb2gray(image: NDArray[np.generic]) -> NDArray[np.generic]:
    """Turn an RGB image into its gray version.

    gray = 0.2989360212937754 R + 0.5870430744511212 G + 0.11402090425510325 B

    image    (H, W, 3); uint8, uint16, single or double
    returns  (H, W) of the same class; integers rounded half away from zero, floats clipped to [0, 1], as floats are
             fractions in MATLAB, not levels up to 255
    raises   ValueError for another shape, TypeError for another class

    MATLAB: rgb2gray(image)
    Parity: uint8 exact (V: (120, 119, 112) -> 119, and four digits of piqe on lighthouse.png);
    double 1e-15 (D weights; the clipping V).

    >>> rgb2gray(np.array([[[120, 119, 112]]], dtype=np.uint8)).tolist()
    [[119]]
    """
    pixels = np.asarray(image)
    check_image("rgb2gray", pixels, (3,))
    if pixels.shape[2] != 3:
        raise ValueError(f"rgb2gray takes an image of shape (H, W, 3), not {pixels.shape}")
    check_class("rgb2gray", pixels, ("uint8", "uint16", "single", "double"))
    gray = np.empty(pixels.shape[:2], pixels.dtype)
    for top in range(0, len(pixels), _BAND):
        gray[top : top + _BAND] = _weigh(pixels[top : top + _BAND])
    return gray


def _weigh(pixels: NDArray[Any]) -> NDArray[np.float64]:
    """The weighted sum of a band of rows, ready for the cast to its class."""
    gray = np.multiply(pixels[..., 0], RED, dtype=np.float64)
    gray += np.multiply(pixels[..., 1], GREEN, dtype=np.float64)
    gray += np.multiply(pixels[..., 2], BLUE, dtype=np.float64)
    return shift_to_truncate(gray, pixels.dtype) if pixels.dtype.kind == "u" else gray.clip(0.0, 1.0)
