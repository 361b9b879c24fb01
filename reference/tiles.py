"""An image cut into tiles, each with what is needed around it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.region import Pixel, Region

__all__ = ["Tile", "tiles"]


class Tile(NamedTuple):
    """A part of an image that is wanted, `inner`, and the part that it is computed from, `outer`."""

    inner: Region
    outer: Region

    def kept(self, computed: NDArray[Pixel]) -> NDArray[Pixel]:
        """Of what was computed of the outer part, the inner one."""
        top, left = self.inner.top - self.outer.top, self.inner.left - self.outer.left
        height, width = self.inner.size
        return computed[top : top + height, left : left + width]


def tiles(shape: tuple[int, ...], side: int, halo: int, grid: int = 1) -> Iterator[Tile]:
    """Cut an image into tiles of about one size.

    shape    (H, W) or (H, W, 3)
    side     pixels, of the largest; at least `grid`
    halo     pixels around a tile that it is computed from, as far as the image has them
    grid     of which all sides lie on a multiple, but for those of the image
    returns  tiles that cover every pixel once, row by row

    >>> [(tile.inner.top, tile.outer.top, tile.outer.bottom) for tile in tiles((50, 10), 32, 5, grid=8)]
    [(0, 0, 40), (32, 24, 50)]
    """
    around = -(-halo // grid) * grid
    down, across = (_cuts(length, side, grid) for length in shape[:2])
    for top, bottom in pairwise(down):
        for left, right in pairwise(across):
            inner = Region(top, bottom, left, right)
            yield Tile(inner, Region(max(top - around, 0), min(bottom + around, shape[0]),
                                     max(left - around, 0), min(right + around, shape[1])))  # fmt: skip


def _cuts(length: int, side: int, grid: int) -> list[int]:
    """Where tiles begin, and where the last one ends."""
    count = -(-length // (side // grid * grid))
    step = -(-length // (count * grid)) * grid
    return [*np.arange(0, length, step).tolist(), length]
