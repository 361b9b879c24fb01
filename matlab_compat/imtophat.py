"""MATLAB's imtophat: what opening takes away."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import as_array
from matlab_compat.extremes import subtract
from matlab_compat.imopen import imopen

__all__ = ["imtophat"]


def imtophat(image: NDArray[np.generic], neighbourhood: NDArray[np.generic]) -> NDArray[Any]:
    """Keep what is bright and smaller than the structuring element.

    T = A - opened(A)

    image          (H, W) or (H, W, C), any real class; logical stays logical, integers saturate
    neighbourhood  of a flat structuring element, as `strel` makes it: True or not 0 within
    returns        the same shape and class
    raises         ValueError for an empty image or neighbourhood, TypeError for another class

    MATLAB: imtophat(I, SE)
    Parity: exact (V: four of coppafish, one with an even side; D; Octave agrees on odd sides).

    >>> imtophat(np.array([[1, 9, 1, 9, 9, 9]], dtype=np.uint8), np.ones((1, 3))).tolist()
    [[0, 8, 0, 0, 0, 0]]
    """
    return subtract(as_array(image), imopen(image, neighbourhood))
