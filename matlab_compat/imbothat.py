"""MATLAB's imbothat: what closing adds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import as_array
from matlab_compat.extremes import subtract
from matlab_compat.imclose import imclose

__all__ = ["imbothat"]


def imbothat(image: NDArray[np.generic], neighbourhood: NDArray[np.generic]) -> NDArray[Any]:
    """Keep what is dark and smaller than the structuring element.

    H = closed(A) - A

    image          (H, W) or (H, W, C), any real class; logical stays logical, integers saturate
    neighbourhood  of a flat structuring element, as `strel` makes it: True or not 0 within
    returns        the same shape and class
    raises         ValueError for an empty image or neighbourhood, TypeError for another class

    MATLAB: imbothat(I, SE)
    Parity: exact (D; Octave agrees on odd sides).

    >>> imbothat(np.array([[9, 1, 9, 0, 0, 0]], dtype=np.uint8), np.ones((1, 3))).tolist()
    [[0, 8, 0, 0, 0, 0]]
    """
    return subtract(imclose(image, neighbourhood), as_array(image))
