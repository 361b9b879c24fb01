"""MATLAB's imopen: opening."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.imdilate import imdilate
from matlab_compat.imerode import imerode

__all__ = ["imopen"]


def imopen(image: NDArray[np.generic], neighbourhood: NDArray[np.generic]) -> NDArray[Any]:
    """Open: erode, then dilate, which removes what is bright and smaller than the element.

    opened(A) = the dilation of the erosion of A

    image          (H, W) or (H, W, C), any real class; logical stays logical
    neighbourhood  of a flat structuring element, as `strel` makes it: True or not 0 within
    returns        the same shape and class
    raises         ValueError for an empty image or neighbourhood, TypeError for another class

    MATLAB: imopen(I, SE)
    Parity: exact (V through imtophat; D; Octave agrees on odd sides).

    >>> imopen(np.array([[0, 9, 0, 9, 9, 9]], dtype=np.uint8), np.ones((1, 3))).tolist()
    [[0, 0, 0, 9, 9, 9]]
    """
    return imdilate(imerode(image, neighbourhood), neighbourhood)
