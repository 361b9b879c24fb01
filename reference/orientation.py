"""Pixels as the photographer saw them, and as the camera stored them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["turned_back", "turned_upright"]


def turned_upright(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels as the photographer saw them.

    pixels       (H, W) or (H, W, 3) as stored
    orientation  of EXIF: 1 as stored, 2 mirrored, 3 upside down, 4 both, 5 to 8 the same of the transposed image

    >>> turned_upright(np.array([[1, 2, 3], [4, 5, 6]]), 6).tolist()
    [[4, 1], [5, 2], [6, 3]]
    """
    if orientation > 4:
        pixels = pixels.swapaxes(0, 1)
    flips = {2: (1,), 3: (0, 1), 4: (0,), 6: (1,), 7: (0, 1), 8: (0,)}.get(orientation, ())
    return np.ascontiguousarray(np.flip(pixels, flips))


def turned_back(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels as stored, of those that were turned upright.

    >>> turned_back(np.array([[4, 1], [5, 2], [6, 3]]), 6).tolist()
    [[1, 2, 3], [4, 5, 6]]
    """
    return turned_upright(pixels, {6: 8, 8: 6}.get(orientation, orientation))  # every other one undoes itself
