"""MATLAB's rgb2hsv: hue, saturation and value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import check_class
from matlab_compat.im2double import im2double

__all__ = ["rgb2hsv"]


def rgb2hsv(image: NDArray[np.generic]) -> NDArray[np.floating]:
    """Turn RGB into hue, saturation and value (Smith 1978).

    V = max(R, G, B)    S = (V - min(R, G, B)) / V, 0 for black
    H = 1/6 ((G - B), 2 + (B - R), 4 + (R - G)) / (V - min) where V is R, G, B, modulo 1; 0 for gray

    image    (H, W, 3), or a colour map (n, 3); uint8, uint16, single or double
    returns  the same shape; single for single, else double; hue from 0 to below 1, red is 0, green 1/3, blue 2/3
    raises   ValueError for another shape, TypeError for another class

    MATLAB: rgb2hsv(RGB)
    Parity: 1e-15 (D; Octave agrees).

    >>> rgb2hsv(np.array([[[255, 0, 0], [0, 255, 0], [51, 51, 51]]], dtype=np.uint8)).round(4).tolist()
    [[[0.0, 1.0, 1.0], [0.3333, 1.0, 1.0], [0.0, 0.0, 0.2]]]
    """
    pixels = np.asarray(image)
    check_class("rgb2hsv", pixels, ("uint8", "uint16", "single", "double"))
    if pixels.ndim not in (2, 3) or pixels.shape[-1] != 3 or pixels.size == 0:
        raise ValueError(f"rgb2hsv takes (H, W, 3) or a colour map (n, 3), not {pixels.shape}")
    from skimage import color

    colours = pixels if pixels.dtype == np.float32 else im2double(pixels)
    return np.asarray(color.rgb2hsv(colours))
