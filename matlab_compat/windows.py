"""The sides of a filter window, as imgaussfilt, imboxfilt and imguidedfilter take them.

MATLAB: the FilterSize and NeighborhoodSize arguments.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from matlab_compat.rounding import saturate

__all__ = ["border_value", "window_sides"]


def window_sides(function: str, name: str, size: ArrayLike, odd: bool = True) -> tuple[int, int]:
    """Rows and columns of a window given as one side or two.

    >>> window_sides("imboxfilt", "filter_size", 3)
    (3, 3)
    >>> window_sides("imboxfilt", "filter_size", [3, 4])
    Traceback (most recent call last):
    ValueError: filter_size is [3, 4], but imboxfilt takes one or two odd whole numbers of 1 or more
    """
    sides = np.atleast_1d(np.asarray(size, dtype=np.float64))
    fits = sides.shape in ((1,), (2,)) and np.all((sides >= 1) & np.isfinite(sides) & (sides == np.floor(sides)))
    if not fits or (odd and np.any(sides % 2 == 0)):
        kind = "odd whole" if odd else "whole"
        raise ValueError(f"{name} is {size!r}, but {function} takes one or two {kind} numbers of 1 or more")
    rows, columns = np.broadcast_to(sides, 2)
    return int(rows), int(columns)


def border_value(function: str, padding: float | str, dtype: DTypeLike) -> float | str:
    """The padding, if there is such a one; a value takes the class of the image first.

    >>> border_value("imboxfilt", 300, np.uint8), border_value("imboxfilt", "replicate", np.uint8)
    (255.0, 'replicate')
    """
    if isinstance(padding, str):
        if padding not in ("replicate", "symmetric", "circular"):
            known = "a value, replicate, symmetric or circular"
            raise ValueError(f"padding is {padding!r}, but {function} takes {known}")
        return padding
    integer = np.dtype(dtype).kind in "iu"
    return float(saturate(np.asarray(float(padding)), dtype)) if integer else float(padding)
