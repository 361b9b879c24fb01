"""Large images in tiles: how they are cut, the memory that a fusion takes, and the steps tile by tile."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.images.files import ImageFile, in_class
from reference.images.region import Pixel, Region
from reference.jobs.progress import Progress, silent
from reference.methods.base import FusionMethod
from reference.pipeline import Fusion, fuse_by_map
from reference.steps import consistency, gray
from reference.steps.arrays import BinaryMap, Image

__all__ = [
    "CollectedTiles",
    "Part",
    "Tile",
    "collect_tiles",
    "count_tiles",
    "decide_tiled",
    "estimate",
    "estimate_stack",
    "fuse_tiled",
    "memory_notice",
    "release_memory",
    "tile_size_for",
    "tiles",
]


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


Part = Callable[[Region], Image]  # gives that part of a source


def fuse_tiled(
    part_a: Part, part_b: Part, shape: tuple[int, ...], method: FusionMethod, side: int, progress: Progress = silent
) -> Iterator[tuple[Region, Fusion]]:
    """Fuse two photographs tile by tile.

    All steps but one look at a neighbourhood of each pixel, so that a tile with enough around it has the values of the
    whole. The area opening looks at regions as wide as the image: it is done on the whole map, a byte a pixel.

    part_a, part_b  give a part of the sources, in [0, 1], as often as they are asked
    shape           of the sources
    method          what fuses
    side            pixels, of the largest tile
    progress        told how many tiles of `count_tiles` are done
    returns         for each tile where it lies, and the fused image and decision map there

    Parity: decisions are those of the whole, but where single precision lets them fall either way (focus map within
    2e-6 of the threshold) or, by GFDF, rounding does (both measures equal, as where both photographs are flat); for
    equal decisions the map is within 1e-9. One tile gives the whole's digits.
    """
    consistent = decide_tiled(part_a, part_b, shape, method, side, progress)
    total = count_tiles(shape, method, side)
    decided = total - sum(1 for _ in _blending(shape, method, side))
    for done, tile in enumerate(_blending(shape, method, side), decided + 1):
        fused = fuse_by_map(part_a(tile.outer), part_b(tile.outer), tile.outer.of(consistent), method.parameters)
        yield tile.inner, Fusion(tile.kept(fused.image), tile.kept(fused.decision_map))
        progress(done, total)


def decide_tiled(
    part_a: Part, part_b: Part, shape: tuple[int, ...], method: FusionMethod, side: int, progress: Progress = silent
) -> BinaryMap:
    """The cleaned map of `fuse_tiled`, (H, W)."""
    segmented = np.empty(shape[:2], np.bool_)
    total = count_tiles(shape, method, side)
    for done, tile in enumerate(_deciding(shape, method, side), 1):
        here = method.segment(gray(part_a(tile.outer)), gray(part_b(tile.outer)))
        tile.inner.of(segmented)[...] = tile.kept(here)
        release_memory()
        progress(done, total)
    return consistency(segmented, method.parameters.area(shape))


def count_tiles(shape: tuple[int, ...], method: FusionMethod, side: int) -> int:
    """How many tiles are worked on: once to decide, once to blend."""
    return sum(1 for each in (_deciding, _blending) for _ in each(shape, method, side))


def _deciding(shape: tuple[int, ...], method: FusionMethod, side: int) -> Iterator[Tile]:
    return tiles(shape, side, method.reach, method.grid)


def _blending(shape: tuple[int, ...], method: FusionMethod, side: int) -> Iterator[Tile]:
    return tiles(shape, side, 2 * method.parameters.guide_radius)


class CollectedTiles(NamedTuple):
    """A fused image and its decision map as they are written, and what is said of the map.

    outside  by how much it leaves [0, 1]
    from_a   pixels that are taken from A more than from B
    """

    result: NDArray[Any]
    decision_map: NDArray[np.uint8]
    outside: float
    from_a: int


def collect_tiles(
    parts: Iterable[tuple[Region, Fusion]], shape: tuple[int, ...], stored: np.dtype[Any]
) -> CollectedTiles:
    """Cast every part, and put it where it lies.

    parts   of an image of that shape, which they cover
    stored  the class of its pixels in a file
    """
    result, decision_map = np.empty(shape, stored), np.empty(shape[:2], np.uint8)
    outside, from_a = 0.0, 0
    for region, fused in parts:
        weights = fused.decision_map
        region.of(result)[...] = in_class(fused.image, stored)
        region.of(decision_map)[...] = im2uint8(np.clip(weights, 0.0, 1.0))
        outside = float(max(outside, -weights.min(), weights.max() - 1))
        from_a += int((weights > 0.5).sum())
    return CollectedTiles(result, decision_map, outside, from_a)
