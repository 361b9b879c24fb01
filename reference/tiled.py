"""The steps on tiles of a large image: the result of the whole, without the whole in double."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from reference.arrays import BinaryMap, Image
from reference.consistency import consistency
from reference.fusing import Fusing
from reference.fusion import fusion
from reference.gray import gray
from reference.guide import guide
from reference.guided_filter import guided_filter
from reference.memory import give_back
from reference.pipeline import Fused
from reference.region import Region
from reference.tiles import Tile, tiles

__all__ = ["Part", "decide_tiled", "fuse_tiled", "work"]

Part = Callable[[Region], Image]  # gives that part of a source
Done = Callable[[Tile], None]  # told each tile that was worked on


def nothing(tile: Tile) -> None:
    """Nobody wants to know."""


def fuse_tiled(
    part_a: Part, part_b: Part, shape: tuple[int, ...], by: Fusing, side: int, done: Done = nothing
) -> Iterator[tuple[Region, Fused]]:
    """Fuse two photographs tile by tile.

    All steps but one look at a neighbourhood of each pixel, so that a tile with enough around it has the values of the
    whole. The area opening looks at regions as wide as the image: it is done on the whole map, a byte a pixel.

    part_a, part_b  give a part of the sources, in [0, 1], as often as they are asked
    shape           of the sources
    by              what fuses
    side            pixels, of the largest tile
    done            told each tile that was worked on, `work` of them
    returns         for each tile where it lies, and the fused image and decision map there

    Parity: decisions are those of the whole, but where single precision lets them fall either way (focus map within
    2e-6 of the threshold) or, by GFDF, rounding does (both measures equal, as where both photographs are flat); for
    equal decisions the map is within 1e-9. One tile gives the whole's digits.
    """
    consistent = decide_tiled(part_a, part_b, shape, by, side, done)
    radius, eps = by.parameters.guide_radius, by.parameters.guide_eps
    for tile in _blending(shape, by, side):
        a, b, clean = part_a(tile.outer), part_b(tile.outer), tile.outer.of(consistent)
        decision_map = guided_filter(guide(gray(a), gray(b), clean), clean, radius, eps)
        kept = tile.kept(decision_map)
        yield tile.inner, Fused(fusion(tile.kept(a), tile.kept(b), kept), kept)
        done(tile)


def decide_tiled(
    part_a: Part, part_b: Part, shape: tuple[int, ...], by: Fusing, side: int, done: Done = nothing
) -> BinaryMap:
    """The cleaned map of `fuse_tiled`, (H, W)."""
    segmented = np.empty(shape[:2], np.bool_)
    for tile in _deciding(shape, by, side):
        here = by.segment(gray(part_a(tile.outer)), gray(part_b(tile.outer)))
        tile.inner.of(segmented)[...] = tile.kept(here)
        give_back()
        done(tile)
    return consistency(segmented, by.parameters.area(shape))


def work(shape: tuple[int, ...], by: Fusing, side: int) -> int:
    """How many tiles are worked on."""
    return sum(1 for each in (_deciding, _blending) for _ in each(shape, by, side))


def _deciding(shape: tuple[int, ...], by: Fusing, side: int) -> Iterator[Tile]:
    return tiles(shape, side, by.reach, by.grid)


def _blending(shape: tuple[int, ...], by: Fusing, side: int) -> Iterator[Tile]:
    return tiles(shape, side, 2 * by.parameters.guide_radius)
