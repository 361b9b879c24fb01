"""MATLAB's im2col: blocks of an image as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image, whole
from matlab_compat.padarray import padarray

__all__ = ["im2col"]


def im2col(image: NDArray[np.generic], size: Sequence[int], kind: str = "sliding") -> NDArray[Any]:
    """Write the pixels of every m x n block as a column, in MATLAB's order: down the columns, of pixels and of blocks.

    image    (H, W), any real class
    size     [m, n], rows and columns of a block
    kind     "sliding", all blocks inside the image; "distinct", side by side, with zeros to full blocks at the end
    returns  (m n, number of blocks) of the same class; no block, no column
    raises   ValueError for another shape, size or kind, TypeError for another class

    MATLAB: im2col(A, [m n], block_type)
    Parity: exact (D; Octave agrees). "indexed" is not offered.

    >>> im2col(np.array([[1, 2, 3], [4, 5, 6]], dtype=np.uint8), [2, 2]).tolist()
    [[1, 2], [4, 5], [2, 3], [5, 6]]
    """
    pixels = as_array(image)
    check_image("im2col", pixels, (2,))
    check_class("im2col", pixels, REALS)
    rows, columns = block_sides("im2col", size)
    if kind not in ("sliding", "distinct"):
        raise ValueError(f"kind is {kind!r}, but im2col takes 'sliding' or 'distinct'")
    if kind == "distinct":
        missing = [-pixels.shape[0] % rows, -pixels.shape[1] % columns]
        pixels = padarray(pixels, missing, 0, "post")
    elif pixels.shape[0] < rows or pixels.shape[1] < columns:
        return np.zeros((rows * columns, 0), pixels.dtype)
    blocks = np.lib.stride_tricks.sliding_window_view(pixels, (rows, columns))
    if kind == "distinct":
        blocks = blocks[::rows, ::columns]
    return np.array(blocks.transpose(3, 2, 1, 0).reshape(rows * columns, -1))


def block_sides(function: str, size: Sequence[int]) -> tuple[int, int]:
    """Rows and columns, checked.

    >>> block_sides("im2col", [2, 3.5])
    Traceback (most recent call last):
    ValueError: size is [2, 3.5], but im2col takes two whole numbers of 1 or more, rows and columns
    """
    sides = list(size)
    if len(sides) != 2 or not all(whole(side, 1) for side in sides):
        raise ValueError(f"size is {size}, but {function} takes two whole numbers of 1 or more, rows and columns")
    return int(sides[0]), int(sides[1])
