"""MATLAB's imdilate: dilation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.extremes import extreme

__all__ = ["imdilate"]


def imdilate(image: NDArray[np.generic], neighbourhood: NDArray[np.generic]) -> NDArray[Any]:
    """Dilate by a flat structuring element: the largest value over it.

    (A + B)(y, x) = max of A(y - j, x - i) over (j, i) in B; beyond the border nothing counts

    image          (H, W) or (H, W, C), any real class; logical stays logical
    neighbourhood  of a flat structuring element, as `strel` makes it: True or not 0 within
    returns        the same shape and class
    raises         ValueError for an empty image or neighbourhood, TypeError for another class

    MATLAB: imdilate(I, SE)
    Parity: exact (V: five of coppafish, disks and lines; D; Octave agrees on odd sides). Neither packed images
    nor "full".

    >>> imdilate(np.array([[0, 0, 1, 0, 0]], dtype=np.uint8), np.ones((1, 3))).tolist()
    [[0, 1, 1, 1, 0]]
    """
    return extreme("imdilate", image, neighbourhood, largest=True)
