"""Where to look: the window of an image in which most is at stake."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["close_up"]


def close_up(weight: NDArray[np.float64], side: int) -> tuple[slice, slice]:
    """The square window, side pixels wide, over which the sum of `weight` is highest; the first of equals.

    >>> weight = np.zeros((8, 9))
    >>> weight[5, 6] = 1
    >>> close_up(weight, 2)
    (slice(4, 6, None), slice(5, 7, None))
    """
    side = min(side, *weight.shape)
    sums = np.pad(weight, [(1, 0), (1, 0)]).cumsum(axis=0).cumsum(axis=1)
    windows = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    top, left = np.unravel_index(int(np.argmax(windows)), windows.shape)
    return slice(int(top), int(top) + side), slice(int(left), int(left) + side)
