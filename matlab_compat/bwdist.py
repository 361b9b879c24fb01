"""MATLAB's bwdist: how far the nearest pixel of a mask is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image

__all__ = ["bwdist"]


def bwdist(mask: NDArray[np.generic], method: str = "euclidean") -> NDArray[np.float32]:
    """Distance of every pixel to the nearest pixel of the mask.

    euclidean sqrt(dx^2 + dy^2)    cityblock |dx| + |dy|    chessboard max(|dx|, |dy|)

    mask     (H, W), any real class; what is not 0 is of the mask
    method   "euclidean", "cityblock" or "chessboard"
    returns  (H, W) single, pixels; Inf where the mask is empty
    raises   ValueError for another shape or method, TypeError for another class

    MATLAB: bwdist(BW, method)
    Parity: exact (D; Octave agrees). Neither "quasi-euclidean" nor the second output, the nearest pixel.

    >>> bwdist(np.array([[0, 0, 1], [0, 0, 0]])).astype(float).round(3).tolist()
    [[2.0, 1.0, 0.0], [2.236, 1.414, 1.0]]
    """
    pixels = as_array(mask)
    check_image("bwdist", pixels, (2,))
    check_class("bwdist", pixels, REALS)
    if method not in ("euclidean", "cityblock", "chessboard"):
        raise ValueError(f"method is {method!r}, but bwdist takes 'euclidean', 'cityblock' or 'chessboard'")
    from scipy import ndimage

    outside = pixels == 0
    if outside.all():
        return np.full(pixels.shape, np.inf, np.float32)
    if method == "euclidean":
        return np.asarray(ndimage.distance_transform_edt(outside)).astype(np.float32)
    metric = "taxicab" if method == "cityblock" else method
    return np.asarray(ndimage.distance_transform_cdt(outside, metric)).astype(np.float32)
