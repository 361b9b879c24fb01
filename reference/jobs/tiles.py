"""An image cut into tiles, and the memory that a fusion takes, which decides how large they are."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.images.files import ImageFile
from reference.images.region import Pixel, Region
from reference.methods.base import FusionMethod

__all__ = ["Tile", "estimate", "estimate_stack", "memory_notice", "release_memory", "tile_size_for", "tiles"]


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


LARGE = 4e6  # pixels, from which on an image is done in tiles, if nothing else is asked for
FOR_A_TILE = 1.5e9  # bytes that deciding on a tile may take
LEAST_SIDE = 64  # pixels, however much is needed around a tile
# Measured (docs/real_photographs.md), in bytes.
PROGRAM = 110e6  # Python and its libraries
BLENDING = 160  # for each pixel of a tile: guide, filter and its sums, in double
FITTING = 160  # for each pixel of the whole: aligning
STACKING = 200  # for each pixel of the whole: photograph, sum, maps and the filter, in double
HELD = 80  # of these, what is there while a decision is taken
OPENING = 12  # for each pixel of the whole: regions are numbered by 64 bits


def tile_size_for(shape: tuple[int, ...], method: FusionMethod) -> int | None:
    """Of the tiles of an image, pixels; None for one that is small enough to be done at once.

    >>> from reference.methods.base import GfdfMethod
    >>> tile_size_for((520, 520), GfdfMethod()), tile_size_for((10000, 10000), GfdfMethod())
    (None, 3035)
    """
    if math.prod(shape[:2]) <= LARGE:
        return None
    return max(LEAST_SIDE, int(math.sqrt(FOR_A_TILE / method.memory) - 2 * method.reach))


def memory_notice(a: ImageFile, how: str, needs: float) -> str:
    """A sentence on what is about to start."""
    return f"{math.prod(a.shape[:2]) / 1e6:.0f} megapixels, {how}: about {needs / 1e9:.1f} GB of memory"


def estimate(a: ImageFile, method: FusionMethod, side: int | None, fitted: bool = False) -> float:
    """Bytes that `fuse_files` takes at most, about.

    a       one of two sources
    side    of the tiles; None if all is done at once
    fitted  whether both must be brought onto one grid, which is done in double and at once

    >>> from reference.methods.base import GfdfMethod
    >>> photograph, method = ImageFile(np.empty((10000, 10000, 3), np.uint8), np.dtype(np.uint8)), GfdfMethod()
    >>> f"{estimate(photograph, method, 2048) / 1e9:.1f}, at once {estimate(photograph, method, None) / 1e9:.1f} GB"
    '2.4, at once 24.4 GB'
    """
    height, width = a.shape[:2]
    pixels = height * width
    held = (
        PROGRAM + method.loaded + 3 * a.raw.nbytes + 2 * pixels
    )  # both sources and the result; decisions and their map in bytes
    of_both = 2 * 8 * math.prod(a.shape)
    if side is None:
        return held + 1.5 * of_both + max(method.memory, BLENDING) * pixels
    deciding, blending = (
        max(math.prod(outer.size) for _, outer in tiles(a.shape, side, *around))
        for around in ((method.reach, method.grid), (2 * method.parameters.guide_radius,))
    )
    working = max(method.memory * deciding, BLENDING * blending, OPENING * pixels)
    return held + (max(of_both + working, FITTING * pixels) if fitted else working)


def estimate_stack(first: ImageFile, method: FusionMethod) -> float:
    """Bytes that `stack_files` takes at most, about, however many photographs there are."""
    pixels = math.prod(first.shape[:2])
    working = max(STACKING * pixels, HELD * pixels + min(FOR_A_TILE, method.memory * pixels))
    return PROGRAM + method.loaded + first.raw.nbytes + working


def release_memory() -> None:
    """Return to the system what has been freed, where the C library (glibc) would keep it in pieces.

    Tile by tile the pieces grow.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
