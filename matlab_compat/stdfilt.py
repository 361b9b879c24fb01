"""MATLAB's stdfilt: the standard deviation around every pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image
from matlab_compat.imfilter import imfilter

__all__ = ["stdfilt"]


def stdfilt(image: NDArray[np.generic], neighbourhood: ArrayLike = ((1, 1, 1),) * 3) -> NDArray[np.float64]:
    """Standard deviation (N - 1) of the neighbours of every pixel; the border is mirrored.

    s = sqrt(max(sum x^2 / (N - 1) - (sum x)^2 / (N (N - 1)), 0)),  N the pixels of the neighbourhood

    image          (H, W) or (H, W, C), any real class
    neighbourhood  odd sides, nonzero where a neighbour counts
    returns        same shape, double
    raises         ValueError for another shape or an even or empty neighbourhood, TypeError for another class

    MATLAB: stdfilt(I, nhood)
    Parity: the variance to 4e-14 of the squared range, so a deviation near 0 to 2e-7 of the range (S: seven values; D:
    mirrored border, N - 1; B: this formula, which Octave shares).

    >>> stdfilt(np.array([[0, 0, 3], [0, 0, 0], [0, 0, 0]], dtype=np.uint8))[1].tolist()
    [0.0, 1.0, 1.3228756555322954]
    """
    pixels, near = as_array(image), np.asarray(neighbourhood) != 0
    check_image("stdfilt", pixels)
    check_class("stdfilt", pixels, REALS)
    if near.ndim != 2 or near.size == 0 or near.shape[0] % 2 == 0 or near.shape[1] % 2 == 0 or not near.any():
        raise ValueError(f"stdfilt takes a neighbourhood of odd sides with something in it, not {near.shape}")
    x, h = pixels.astype(np.float64), near.astype(np.float64)
    n = h.sum()
    if n == 1:
        return np.zeros(x.shape)
    squares = imfilter(x**2, h / (n - 1), "symmetric")
    square = imfilter(x, h, "symmetric") ** 2 / (n * (n - 1))
    return np.sqrt(np.maximum(squares - square, 0))  # type: ignore[no-any-return]
