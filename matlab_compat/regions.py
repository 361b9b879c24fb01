"""Connected regions of a binary image in MATLAB's order, as the functions that start with bw share them.

MATLAB: bwconncomp, bwlabel, bwareaopen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image, check_no_nan

__all__ = ["binary", "check_connectivity", "components", "labels", "neighbours", "pixel_lists"]


def binary(function: str, image: NDArray[np.generic]) -> NDArray[np.bool_]:
    """The image as logical: nonzero is true; NaN is refused, as MATLAB's logical() refuses it."""
    pixels = as_array(image)
    check_image(function, pixels, (2,))
    check_class(function, pixels, REALS)
    check_no_nan(function, pixels)
    mask: NDArray[np.bool_] = pixels != 0
    return mask


def check_connectivity(function: str, connectivity: int) -> None:
    """ValueError unless 4 or 8."""
    if connectivity not in (4, 8):
        raise ValueError(f"connectivity is {connectivity!r}, but {function} takes 4 or 8")


def neighbours(connectivity: int) -> NDArray[np.bool_]:
    """The 3 x 3 neighbourhood of a connectivity."""
    corner = connectivity == 8
    return np.array([[corner, True, corner], [True, True, True], [corner, True, corner]])


def components(mask: NDArray[np.bool_], connectivity: int) -> tuple[NDArray[np.intp], int]:
    """Regions numbered from 1 in some order, and how many there are; 0 is the background."""
    from scipy import ndimage  # costs half a second: loaded by those who use it

    label, count = ndimage.label(mask, neighbours(connectivity), output=np.intp)  # what indexing wants
    return label, int(count)


def labels(mask: NDArray[np.bool_], connectivity: int) -> tuple[NDArray[np.intp], int]:
    """Regions numbered from 1 in the order in which one meets them going down the columns.

    >>> labels(np.array([[False, True], [True, False]]), 4)[0].tolist()
    [[0, 2], [1, 0]]
    """
    label, count = components(mask.T, connectivity)  # scipy numbers along the rows
    return label.T, count


def pixel_lists(label: NDArray[np.intp], count: int) -> list[NDArray[np.intp]]:
    """The sorted positions of the pixels of the labels 1 to `count`, from 0 on, down the columns.

    >>> pixel_lists(np.array([[1, 3], [0, 1]]), 3)
    [array([0, 3]), array([], dtype=int64), array([2])]
    """
    flat = label.ravel(order="F")
    order = np.argsort(flat, kind="stable")  # keeps the positions of each label sorted
    return np.split(order, np.cumsum(np.bincount(flat, minlength=count + 1))[:-1])[1:]
