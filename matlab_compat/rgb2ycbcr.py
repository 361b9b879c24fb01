"""MATLAB's rgb2ycbcr: BT.601, studio range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.rounding import saturate
from matlab_compat.ycbcr import MATRIX, colour_planes, offsets

__all__ = ["rgb2ycbcr"]


def rgb2ycbcr(image: NDArray[np.generic]) -> NDArray[np.generic]:
    """Turn RGB into luma and two colour differences.

    Y  =  16 +  65.481 R + 128.553 G +  24.966 B        R, G, B in [0, 1]; Y, Cb, Cr in 1/255 of the range of the
    Cb = 128 -  37.797 R -  74.203 G + 112     B        class (ITU-R BT.601, studio range)
    Cr = 128 + 112     R -  93.786 G -  18.214 B

    image    (H, W, 3); uint8, uint16, single or double
    returns  same shape and class; Y from 16/255 to 235/255 of the range, Cb and Cr to 240/255; integers are rounded
    raises   ValueError for another shape, TypeError for another class

    MATLAB: rgb2ycbcr(image)
    Parity: double 4e-16 (V: two arrays of a Set5 .mat); uint8 exact (D, S, Octave agrees) but for 206 of the 16,777,216
    colours, which lie on a half: here the half is exact and rounds up, MATLAB's sum may fall to either side.

    >>> rgb2ycbcr(np.array([[[0, 0, 0], [255, 255, 255], [255, 0, 0]]], dtype=np.uint8)).tolist()
    [[[16, 128, 128], [235, 128, 128], [81, 90, 240]]]
    """
    pixels = np.asarray(image)
    red, green, blue = colour_planes("rgb2ycbcr", pixels)
    planes = [
        (r * red + g * green + b * blue) / 255000 + offset
        for (r, g, b), offset in zip(MATRIX, offsets(pixels), strict=True)
    ]
    ycbcr = np.stack(planes, axis=-1)
    return saturate(ycbcr, pixels.dtype) if pixels.dtype.kind == "u" else ycbcr.astype(pixels.dtype)
