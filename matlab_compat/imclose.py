"""MATLAB's imclose: closing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.imdilate import imdilate
from matlab_compat.imerode import imerode

__all__ = ["imclose"]


def imclose(image: NDArray[np.generic], neighbourhood: NDArray[np.generic]) -> NDArray[Any]:
    """Close: dilate, then erode, which fills what is dark and smaller than the element.

    closed(A) = the erosion of the dilation of A

    image          (H, W) or (H, W, C), any real class; logical stays logical
    neighbourhood  of a flat structuring element, as `strel` makes it: True or not 0 within
    returns        the same shape and class
    raises         ValueError for an empty image or neighbourhood, TypeError for another class

    MATLAB: imclose(I, SE)
    Parity: exact (D; Octave agrees on odd sides).

    >>> imclose(np.array([[9, 0, 9, 0, 0, 0]], dtype=np.uint8), np.ones((1, 3))).tolist()
    [[9, 9, 9, 0, 0, 0]]
    """
    return imerode(imdilate(image, neighbourhood), neighbourhood)
