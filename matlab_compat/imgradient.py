"""MATLAB's imgradient: strength and direction of the steepest ascent."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image
from matlab_compat.fspecial import fspecial
from matlab_compat.imfilter import imfilter

__all__ = ["imgradient"]


class Gradient(NamedTuple):
    """The outputs of imgradient."""

    gmag: NDArray[np.floating]
    gdir: NDArray[np.floating]


def imgradient(image: NDArray[np.generic], method: str = "sobel") -> Gradient:
    """Gradient magnitude and direction.

    gmag = sqrt(Gx^2 + Gy^2),  gdir = atan2(-Gy, Gx) in degrees, counterclockwise from the x axis

    image    (H, W), any real class
    method   "sobel", "prewitt": kernels of fspecial, not normalised; "central": half the difference of the two
             neighbours, at the border the difference to the one; "intermediate": next minus this; "roberts": the two
             diagonals
    returns  gmag, gdir in [-180, 180], double; single stays single
    raises   ValueError for another shape or method, TypeError for another class

    MATLAB: [Gmag, Gdir] = imgradient(I, method)
    Parity: 1e-13 (S: sum, inside and border of "sobel", the directions of "prewitt" and "central" inside; D: the border
    is replicated; B the rest. Octave's pads with zeros.) The border of "central" is contested (B): as MATLAB's
    `gradient`, [0 2 4 6] -> 2 2 2 2, or with the border replicated, 1 2 2 1. imgradient(Gx, Gy) is not offered.

    >>> ramp = np.add.outer(np.zeros(3), np.arange(3.0))
    >>> imgradient(ramp).gmag[1].tolist(), imgradient(ramp.T).gdir[:, 1].tolist()
    ([4.0, 8.0, 4.0], [-90.0, -90.0, -90.0])
    """
    pixels = as_array(image)
    check_image("imgradient", pixels, (2,))
    check_class("imgradient", pixels, REALS)
    if not isinstance(method, str) or method not in METHODS:
        name = repr(method) if isinstance(method, str) else type(method).__name__
        raise ValueError(f"method is {name}, but imgradient knows {', '.join(METHODS)}")
    working = pixels if pixels.dtype == np.float32 else pixels.astype(np.float64)
    across, down = METHODS[method]
    gx, gy = imfilter(working, across, "replicate"), imfilter(working, down, "replicate")
    if method == "central":  # twice what the replicated border gives
        gx[:, [0, -1]] *= 2 if pixels.shape[1] > 1 else 1
        gy[[0, -1]] *= 2 if pixels.shape[0] > 1 else 1
    angle = np.degrees(np.arctan2(-gy, gx))
    if method == "roberts":  # its axes are the diagonals; where there is no gradient, there is no direction
        angle = np.where((gx != 0) | (gy != 0), 180 - (180 - (angle - 45)) % 360, 0)
    return Gradient(np.hypot(gx, gy), angle.astype(working.dtype))


_SOBEL, _PREWITT = -fspecial("sobel"), -fspecial("prewitt")
METHODS: dict[str, tuple[Any, ...]] = {
    "sobel": (_SOBEL.T, _SOBEL),
    "prewitt": (_PREWITT.T, _PREWITT),
    "central": ([[-0.5, 0.0, 0.5]], [[-0.5], [0.0], [0.5]]),
    "intermediate": ([[0.0, -1.0, 1.0]], [[0.0], [-1.0], [1.0]]),
    "roberts": ([[-1.0, 0.0], [0.0, 1.0]], [[0.0, -1.0], [1.0, 0.0]]),
}
