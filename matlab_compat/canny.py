"""Canny's edges, as edge has them (Canny 1986).

MATLAB: edge(I, "Canny", threshold, sigma)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.imhist import imhist
from matlab_compat.regions import components

__all__ = ["canny_edges", "canny_strength", "canny_thresholds"]

BINS, NO_EDGES, RATIO = 64, 0.7, 0.4  # of the automatic thresholds


def canny_strength(image: NDArray[np.floating], sigma: float) -> tuple[NDArray[np.float64], ...]:
    """The derivatives along x and y of the image under a Gaussian, and their length, 1 at its greatest.

    The Gaussian reaches ceil(4 sigma) to either side; the border is replicated.

    >>> canny_strength(np.zeros((2, 2)), 1.0)[2].tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    from scipy import ndimage

    levels, reach = np.asarray(image, dtype=np.float64), int(np.ceil(4 * sigma))
    across, down = (
        ndimage.gaussian_filter(levels, sigma, order=order, mode="nearest", radius=reach) for order in ((0, 1), (1, 0))
    )
    length = np.hypot(across, down)
    greatest = length.max()
    return across, down, length / greatest if greatest > 0 else length


def canny_thresholds(strength: NDArray[np.float64]) -> tuple[float, float]:
    """Low and high threshold: 70 % of the pixels lie in the bins below high, and low is 0.4 of it.

    >>> canny_thresholds(np.linspace(0, 1, 1000))
    (0.28125, 0.703125)
    """
    below = np.cumsum(imhist(strength, BINS).counts)
    high = (int(np.argmax(below > NO_EDGES * strength.size)) + 1) / BINS
    return RATIO * high, high


def canny_edges(
    across: NDArray[np.float64], down: NDArray[np.float64], strength: NDArray[np.float64], low: float, high: float
) -> NDArray[np.bool_]:
    """Ridges of the strength above low that hold a pixel above high, joined by sides or corners.

    >>> strength = np.array([[0.0, 0, 0], [0.2, 0.9, 0.5], [0, 0, 0]])
    >>> canny_edges(np.ones((3, 3)), np.zeros((3, 3)), strength, 0.1, 0.8)[1].tolist()
    [False, True, False]
    """
    ridge = _is_ridge(across, down, strength) & (strength > low)
    label, count = components(ridge, 8)
    strong = np.zeros(count + 1, dtype=bool)
    strong[label[ridge & (strength > high)]] = True
    strong[0] = False
    return strong[label]


def _is_ridge(
    across: NDArray[np.float64], down: NDArray[np.float64], strength: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Not below the strength behind along the gradient and above the one ahead, both interpolated between pixels.

    The border, which has no neighbours on one side, is no ridge.
    """
    wide = np.pad(strength, 1)
    rows, columns = np.indices(strength.shape) + 1
    x, y = np.abs(across), np.abs(down)
    share = np.divide(np.minimum(x, y), np.maximum(x, y), out=np.zeros_like(x), where=np.maximum(x, y) > 0)
    right, below = np.sign(across).astype(np.intp), np.sign(down).astype(np.intp)
    flat = x >= y  # the nearer neighbour is beside, not above

    def at(sign: int) -> NDArray[np.float64]:
        straight = wide[rows + sign * np.where(flat, 0, below), columns + sign * np.where(flat, right, 0)]
        return np.asarray((1 - share) * straight + share * wide[rows + sign * below, columns + sign * right])

    found = (strength >= at(-1)) & (strength > at(1))
    found[[0, -1]] = found[:, [0, -1]] = False
    return np.asarray(found)
