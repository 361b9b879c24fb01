"""MATLAB's imerode: erosion."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.extremes import extreme

__all__ = ["imerode"]


def imerode(image: NDArray[np.generic], neighbourhood: NDArray[np.generic]) -> NDArray[Any]:
    """Erode by a flat structuring element: the smallest value over it.

    (A - B)(y, x) = min of A(y + j, x + i) over (j, i) in B; beyond the border nothing counts

    image          (H, W) or (H, W, C), any real class; logical stays logical
    neighbourhood  of a flat structuring element, as `strel` makes it: True or not 0 within
    returns        the same shape and class
    raises         ValueError for an empty image or neighbourhood, TypeError for another class

    MATLAB: imerode(I, SE)
    Parity: exact (V through imtophat; D; Octave agrees on odd sides). Packed images and "full" are not offered.

    >>> imerode(np.array([[1, 1, 1, 0, 1]], dtype=np.uint8), np.ones((1, 3))).tolist()
    [[1, 1, 0, 0, 0]]
    """
    return extreme("imerode", image, neighbourhood, largest=False)
