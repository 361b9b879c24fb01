"""The steps on tiles of a large image, and the parts put together: the whole is never there in double."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.images.files import in_class
from reference.images.region import Region
from reference.jobs.progress import Progress, silent
from reference.jobs.tiles import Tile, release_memory, tiles
from reference.methods.base import FusionMethod
from reference.pipeline import Fusion, fuse_by_map
from reference.steps import consistency, gray
from reference.steps.arrays import BinaryMap, Image

__all__ = ["CollectedTiles", "Part", "collect_tiles", "count_tiles", "decide_tiled", "fuse_tiled"]

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
