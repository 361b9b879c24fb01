"""MATLAB's hsv2rgb: red, green and blue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import FLOATS, check_class

__all__ = ["hsv2rgb"]


def hsv2rgb(image: NDArray[np.floating]) -> NDArray[np.floating]:
    """Turn hue, saturation and value into RGB (Smith 1978), the inverse of rgb2hsv.

    Of the sector i = floor(6 H) and f = 6 H - i, the three of V, V (1 - S), V (1 - S f) and V (1 - S (1 - f))
    that belong to it; a hue of 1 is red again

    image    (H, W, 3), or a colour map (n, 3); single or double, all from 0 to 1
    returns  the same shape and class
    raises   ValueError for another shape or values outside [0, 1], TypeError for another class

    MATLAB: hsv2rgb(HSV)
    Parity: 1e-15 (D; Octave agrees). Values outside [0, 1]: refused, MATLAB documents none.

    >>> hsv2rgb(np.array([[[0.0, 1.0, 1.0], [0.5, 0.5, 1.0]]])).tolist()
    [[[1.0, 0.0, 0.0], [0.5, 1.0, 1.0]]]
    """
    pixels = np.asarray(image)
    check_class("hsv2rgb", pixels, FLOATS)
    if pixels.ndim not in (2, 3) or pixels.shape[-1] != 3 or pixels.size == 0:
        raise ValueError(f"hsv2rgb takes (H, W, 3) or a colour map (n, 3), not {pixels.shape}")
    if not ((pixels >= 0) & (pixels <= 1)).all():
        raise ValueError(f"hsv2rgb takes values from 0 to 1, not from {pixels.min()} to {pixels.max()}")
    from skimage import color

    return np.asarray(color.hsv2rgb(pixels))
