"""Large images in tiles: how they are divided, how much memory a fusion takes, and fusion tile by tile."""

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
from reference.methods.base import ERROR, FusionMethod, confidence
from reference.pipeline import Fusion, fuse_by_map
from reference.steps import consistency, gray
from reference.steps.arrays import BinaryMap, Image


class Tile(NamedTuple):
    """A part of an image, `inner`, and the larger part from which it is computed, `outer`."""

    inner: Region
    outer: Region

    def inner_part(self, computed: NDArray[Pixel]) -> NDArray[Pixel]:
        """The inner part of an array computed on the outer part."""
        top, left = self.inner.top - self.outer.top, self.inner.left - self.outer.left
        height, width = self.inner.size
        return computed[top : top + height, left : left + width]


def tiles(shape: tuple[int, ...], side: int, halo: int, grid: int = 1) -> Iterator[Tile]:
    """Divide an image into tiles of about equal size, which cover every pixel once, row by row.

    side     pixels, of the largest tile; at least `grid`
    halo     pixels around a tile that are computed with it, within the image
    grid     pixels; tiles begin and end at multiples of it, or at the border of the image

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
    """The first pixels of all tiles, and the end of the last one."""
    count = -(-length // (side // grid * grid))
    step = -(-length // (count * grid)) * grid
    return [*np.arange(0, length, step).tolist(), length]


LARGE = 4e6  # pixels; larger images are divided into tiles by default
FOR_A_TILE = 1.5e9  # bytes that the decision on a tile may take
LEAST_SIDE = 64  # pixels, however large the halo
# In bytes, measured (docs/real_photographs.md).
PROGRAM = 110e6  # Python and its libraries
BLENDING = 160  # per pixel of a tile: guide, filter and its sums, in double
FITTING = 160  # per pixel of the image: alignment
STACKING = 200  # per pixel of the image: photograph, sum, maps and the filter, in double
HELD = 80  # the part of STACKING that is held during a decision; twice that by the pixel method
OPENING = 12  # per pixel of the image: the area opening numbers regions in 64 bits


def tile_size_for(shape: tuple[int, ...], method: FusionMethod) -> int | None:
    """The side of the tiles of an image, pixels; None for an image small enough to be fused at once.

    >>> from reference.methods.base import GfdfMethod
    >>> tile_size_for((520, 520), GfdfMethod()), tile_size_for((10000, 10000), GfdfMethod())
    (None, 3035)
    """
    if math.prod(shape[:2]) <= LARGE:
        return None
    return max(LEAST_SIDE, int(math.sqrt(FOR_A_TILE / method.memory) - 2 * method.reach))


def memory_notice(a: ImageFile, how: str, needs: float) -> str:
    """A sentence on the size of the image and the memory needed."""
    return f"{math.prod(a.shape[:2]) / 1e6:.0f} megapixels, {how}: about {needs / 1e9:.1f} GB of memory"


def estimate(a: ImageFile, method: FusionMethod, side: int | None, fitted: bool = False) -> float:
    """The approximate peak memory of `fuse_files`, in bytes.

    fitted  whether the sources must be brought onto one grid, which takes the whole images in double

    >>> from reference.methods.base import GfdfMethod
    >>> photograph, method = ImageFile(np.empty((10000, 10000, 3), np.uint8), np.dtype(np.uint8)), GfdfMethod()
    >>> f"{estimate(photograph, method, 2048) / 1e9:.1f}, at once {estimate(photograph, method, None) / 1e9:.1f} GB"
    '2.4, at once 24.4 GB'
    """
    height, width = a.shape[:2]
    pixels = height * width
    # Both sources and the result as stored; decisions and decision map as bytes.
    held = PROGRAM + method.loaded + 3 * a.raw.nbytes + 2 * pixels
    in_doubles = 2 * 8 * math.prod(a.shape)
    if side is None:
        return held + 1.5 * in_doubles + max(method.memory, BLENDING) * pixels
    deciding, blending = (
        max(math.prod(tile.outer.size) for tile in cut(a.shape, method, side)) for cut in (_deciding, _blending)
    )
    working = max(method.memory * deciding, BLENDING * blending, OPENING * pixels)
    return held + (max(in_doubles + working, FITTING * pixels) if fitted else working)


def estimate_stack(first: ImageFile, method: FusionMethod) -> float:
    """The approximate peak memory of `stack_files`, in bytes, for any number of photographs."""
    pixels = math.prod(first.shape[:2])
    working = max(STACKING * pixels, HELD * (1 + method.local) * pixels + min(FOR_A_TILE, method.memory * pixels))
    return PROGRAM + method.loaded + first.raw.nbytes + working


def release_memory() -> None:
    """Return freed memory to the system; glibc would keep it in fragments, which grow with every tile."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


Part = Callable[[Region], Image]  # reads that part of a source, in [0, 1], any number of times


def fuse_tiled(
    part_a: Part, part_b: Part, shape: tuple[int, ...], method: FusionMethod, side: int, progress: Progress = silent
) -> Iterator[tuple[Region, Fusion]]:
    """Fuse two photographs tile by tile.

    All steps but one depend on a neighbourhood of each pixel, so a tile with a sufficient halo has the values of the
    whole image. The area opening depends on regions of any extent; it acts on the whole map, one byte per pixel.

    Parity: the decisions are those of the whole image, except where single precision may settle them either way (focus
    map within 2e-6 of the threshold) or, in GFDF, rounding may (equal measures, as where both photographs are flat);
    for equal decisions the map agrees within 1e-9. A single tile gives the digits of the whole image.
    """
    total = count_tiles(shape, method, side)
    if method.local:
        for done, tile in enumerate(_deciding(shape, method, side), 1):
            fused = method(part_a(tile.outer), part_b(tile.outer))
            error = {ERROR: tile.inner_part(fused.steps[ERROR])}
            yield tile.inner, Fusion(tile.inner_part(fused.image), tile.inner_part(fused.decision_map), error)
            release_memory()
            progress(done, total)
        return
    consistent = decide_tiled(part_a, part_b, shape, method, side, progress)
    decided = total - sum(1 for _ in _blending(shape, method, side))
    for done, tile in enumerate(_blending(shape, method, side), decided + 1):
        fused = fuse_by_map(part_a(tile.outer), part_b(tile.outer), tile.outer.of(consistent), method.parameters)
        yield tile.inner, Fusion(tile.inner_part(fused.image), tile.inner_part(fused.decision_map))
        progress(done, total)


def decide_tiled(
    part_a: Part, part_b: Part, shape: tuple[int, ...], method: FusionMethod, side: int, progress: Progress = silent
) -> BinaryMap:
    """The map after consistency verification, (H, W), decided tile by tile."""
    segmented = np.empty(shape[:2], np.bool_)
    total = count_tiles(shape, method, side)
    for done, tile in enumerate(_deciding(shape, method, side), 1):
        here = method.segment(gray(part_a(tile.outer)), gray(part_b(tile.outer)))
        tile.inner.of(segmented)[...] = tile.inner_part(here)
        release_memory()
        progress(done, total)
    return consistency(segmented, method.parameters.area(shape))


def count_tiles(shape: tuple[int, ...], method: FusionMethod, side: int) -> int:
    """The number of tiles to be processed: those for the decision and, unless it is local, those for blending."""
    return sum(1 for cut in (_deciding, _blending)[: 1 if method.local else 2] for _ in cut(shape, method, side))


def _deciding(shape: tuple[int, ...], method: FusionMethod, side: int) -> Iterator[Tile]:
    return tiles(shape, side, method.reach, method.grid)


def _blending(shape: tuple[int, ...], method: FusionMethod, side: int) -> Iterator[Tile]:
    return tiles(shape, side, 2 * method.parameters.guide_radius)


class CollectedTiles(NamedTuple):
    """A fused image and its decision map as written, and figures of the map."""

    result: NDArray[Any]
    decision_map: NDArray[np.uint8]
    outside: float  # by how much the map leaves [0, 1]
    from_a: int  # pixels taken more from A than from B
    confidence: NDArray[np.uint8] | None = None  # None where the method says nothing of it


def collect_tiles(
    parts: Iterable[tuple[Region, Fusion]], shape: tuple[int, ...], stored: np.dtype[Any], white: int = 0
) -> CollectedTiles:
    """Cast every part to the class `stored`, with 1 as the level `white` (0: the highest), and assemble the whole."""
    result, decision_map = np.empty(shape, stored), np.empty(shape[:2], np.uint8)
    outside, from_a, sure = 0.0, 0, None
    for region, fused in parts:
        weights = fused.decision_map
        region.of(result)[...] = in_class(fused.image, stored, white)
        region.of(decision_map)[...] = im2uint8(np.clip(weights, 0.0, 1.0))
        outside = float(max(outside, -weights.min(), weights.max() - 1))
        from_a += int((weights > 0.5).sum())
        if ERROR in fused.steps:
            sure = np.empty(shape[:2], np.uint8) if sure is None else sure
            region.of(sure)[...] = im2uint8(confidence(fused.steps[ERROR]))
    return CollectedTiles(result, decision_map, outside, from_a, sure)
