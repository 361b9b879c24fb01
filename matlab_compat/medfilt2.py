"""MATLAB's medfilt2: the median of every neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.extremes import opencv
from matlab_compat.im2col import block_sides
from matlab_compat.ordfilt2 import checked, ordfilt2

__all__ = ["medfilt2"]

# OpenCV's is much faster than scipy's; it takes these sides of a square for these classes.
FAST = {"uint8": range(3, 256, 2), "bool": range(3, 256, 2), "uint16": (3, 5), "int16": (3, 5), "float32": (3, 5)}


def medfilt2(image: NDArray[np.generic], size: Sequence[int] = (3, 3), padding: str = "zeros") -> NDArray[Any]:
    """Replace each pixel by the median of its m x n neighbourhood.

    B(y, x) = the middle of the m n sorted neighbours; of an even number, the mean of the middle two, whose fraction
    integers and logicals lose

    image    (H, W), any real class, without NaN
    size     [m, n], rows and columns
    padding  beyond the border: "zeros" (corners of bright images come out 0) or "symmetric"
    returns  the same shape and class
    raises   ValueError for another shape, size or padding and for NaN, TypeError for another class

    MATLAB: medfilt2(I, [m n], padopt)
    Parity: exact (S: ten values of a double and a byte image; D; Octave agrees on odd sides). The middle of even sides:
    B. "indexed" is not offered.

    >>> medfilt2(np.array([[1, 9, 2, 3, 8]], dtype=np.uint8), [1, 3]).tolist()
    [[1, 2, 3, 3, 3]]
    >>> medfilt2(np.array([[4, 5]], dtype=np.uint8), [1, 2], "symmetric").tolist()  # 4.5 loses its fraction
    [[4, 5]]
    """
    pixels = checked("medfilt2", image, padding)
    rows, columns = block_sides("medfilt2", size)
    if rows == columns and rows in FAST.get(pixels.dtype.name, ()) and opencv():
        return _by_opencv(pixels, rows, padding)
    domain = np.ones((rows, columns), bool)
    middle = (rows * columns + 1) // 2
    low = ordfilt2(pixels, middle, domain, padding)
    if rows * columns % 2:
        return low
    high = ordfilt2(pixels, middle + 1, domain, padding)
    if low.dtype.kind == "f":
        return np.asarray((low + high) / 2)
    return np.trunc((low.astype(np.float64) + high.astype(np.float64)) / 2).astype(low.dtype)


def _by_opencv(pixels: NDArray[Any], side: int, padding: str) -> NDArray[Any]:
    """The same of an odd square; OpenCV repeats the border, so the border is put around first."""
    cv2, around = opencv(), side // 2
    values = np.ascontiguousarray(pixels.view(np.uint8) if pixels.dtype == np.bool_ else pixels)
    border = cv2.BORDER_CONSTANT if padding == "zeros" else cv2.BORDER_REFLECT
    padded = cv2.copyMakeBorder(values, around, around, around, around, border, value=0)
    found = cv2.medianBlur(padded, side)[around:-around, around:-around]
    return np.array(found.view(np.bool_) if pixels.dtype == np.bool_ else found)
