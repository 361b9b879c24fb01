"""MATLAB's col2im: an image from columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class
from matlab_compat.im2col import block_sides

__all__ = ["col2im"]


def col2im(
    columns: NDArray[np.generic], size: Sequence[int], image_size: Sequence[int], kind: str = "sliding"
) -> NDArray[Any]:
    """Arrange columns as blocks side by side, or one value for every sliding block as an image.

    columns     "distinct": (m n, number of blocks) as im2col makes them; "sliding": one value a block
    size        [m, n], rows and columns of a block
    image_size  [H, W] of the image; what pads its last blocks is cut off
    kind        "sliding" or "distinct"
    returns     (H, W), or (H - m + 1, W - n + 1) for "sliding", of the same class
    raises      ValueError for another shape, size or kind, TypeError for another class

    MATLAB: col2im(B, [m n], [M N], block_type)
    Parity: exact (D; Octave agrees).

    >>> col2im(np.array([[1, 2], [4, 5], [2, 3], [5, 6]], dtype=np.uint8), [2, 2], [2, 4], "distinct").tolist()
    [[1, 2, 2, 3], [4, 5, 5, 6]]
    """
    values = as_array(columns)
    check_class("col2im", values, REALS)
    rows, wide = block_sides("col2im", size)
    height, width = block_sides("col2im", image_size)
    if kind == "sliding":
        shape = (height - rows + 1, width - wide + 1)
        if min(shape) < 1 or values.size != shape[0] * shape[1]:
            raise ValueError(f"columns hold {values.size} values, but {height} x {width} has {shape} sliding blocks")
        return np.array(values.reshape(shape, order="F"))
    if kind != "distinct":
        raise ValueError(f"kind is {kind!r}, but col2im takes 'sliding' or 'distinct'")
    down, across = -(-height // rows), -(-width // wide)
    if values.shape != (rows * wide, down * across):
        raise ValueError(f"columns are {values.shape}, but {height} x {width} takes {(rows * wide, down * across)}")
    blocks = values.reshape(wide, rows, across, down).transpose(3, 1, 2, 0)
    return np.array(blocks.reshape(down * rows, across * wide)[:height, :width])
