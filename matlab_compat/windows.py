"""The sides of a filter window, as imgaussfilt, imboxfilt and imguidedfilter take them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["window_sides"]


def window_sides(function: str, name: str, size: ArrayLike, odd: bool = True) -> tuple[int, int]:
    """Rows and columns of a window given as one side or two.

    >>> window_sides("imboxfilt", "filter_size", 3)
    (3, 3)
    >>> window_sides("imboxfilt", "filter_size", [3, 4])
    Traceback (most recent call last):
    ValueError: filter_size is [3, 4], but imboxfilt takes one or two odd whole numbers of 1 or more
    """
    sides = np.atleast_1d(np.asarray(size, dtype=np.float64))
    fits = sides.shape in ((1,), (2,)) and np.all((sides >= 1) & (sides == np.floor(sides)))
    if not fits or (odd and np.any(sides % 2 == 0)):
        kind = "odd whole" if odd else "whole"
        raise ValueError(f"{name} is {size!r}, but {function} takes one or two {kind} numbers of 1 or more")
    rows, columns = np.broadcast_to(sides, 2)
    return int(rows), int(columns)
