"""MATLAB's imbinarize with one threshold for the whole image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class, check_image, check_no_nan, class_range
from matlab_compat.imhist import imhist
from matlab_compat.otsu import otsu

__all__ = ["imbinarize"]


def imbinarize(
    image: NDArray[np.generic], threshold: float | NDArray[np.floating] | str = "global"
) -> NDArray[np.bool_]:
    """True where a pixel is brighter than the threshold.

    BW = I > T A,  A the range of the class

    image      (H, W) or (H, W, C); uint8, uint16, int16, single or double
    threshold  T in [0, 1], a number or one for every pixel; or "global": Otsu's, of the 256-bin histogram
    returns    same shape, bool
    raises     ValueError for a threshold outside [0, 1] or of another shape, another method, an empty image or NaN,
               TypeError for another class

    MATLAB: imbinarize(I), imbinarize(I, T)
    Parity: exact (S: 78 pixels of a table of products; D; B for int16, whose range starts at -32768). "adaptive" is not
    offered.

    >>> imbinarize(np.array([[0, 25, 26, 51]], dtype=np.uint8)).tolist()
    [[False, False, True, True]]
    """
    pixels = np.asarray(image)
    check_image("imbinarize", pixels)
    check_class("imbinarize", pixels, IMAGES)
    check_no_nan("imbinarize", pixels)
    if isinstance(threshold, str) and threshold == "global":
        threshold = otsu(imhist(pixels).counts)
    limits = np.nan if isinstance(threshold, str) else np.asarray(threshold, dtype=np.float64)
    if np.ndim(limits) and np.shape(limits) != pixels.shape:
        raise ValueError(f"threshold is {np.shape(limits)} but image is {pixels.shape}: imbinarize takes one a pixel")
    if not np.all((limits >= 0) & (limits <= 1)):
        told = repr(threshold) if np.ndim(limits) == 0 else f"{np.min(limits):g} to {np.max(limits):g}"
        raise ValueError(f"threshold is {told}, but imbinarize takes 'global' or numbers from 0 to 1")
    low, high = class_range(pixels.dtype)
    return np.asarray(pixels.astype(np.float64) > low + limits * (high - low))
