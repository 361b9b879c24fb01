"""The steps on tiles of a large image, and the parts put together: the whole is never there in double."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.images.files import in_class
from reference.images.region import Region
from reference.jobs.tiles import Tile, give_back, tiles
from reference.methods.base import Fusing
from reference.pipeline import Fused
from reference.steps import consistency, fusion, gray, guide, guided_filter
from reference.steps.arrays import BinaryMap, Image

__all__ = ["Assembled", "Part", "assembled", "decide_tiled", "fuse_tiled", "work"]

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


class Assembled(NamedTuple):
    """A fused image and its decision map as they are written, and what is said of the map.

    outside  by how much it leaves [0, 1]
    from_a   pixels that are taken from A more than from B
    """

    result: NDArray[Any]
    decision_map: NDArray[np.uint8]
    outside: float
    from_a: int


def assembled(parts: Iterable[tuple[Region, Fused]], shape: tuple[int, ...], stored: np.dtype[Any]) -> Assembled:
    """Cast every part, and put it where it lies.

    parts   of an image of that shape, which they cover
    stored  the class of its pixels in a file
    """
    result, decision_map = np.empty(shape, stored), np.empty(shape[:2], np.uint8)
    outside, from_a = 0.0, 0
    for region, (image, weights) in parts:
        region.of(result)[...] = in_class(image, stored)
        region.of(decision_map)[...] = im2uint8(np.clip(weights, 0.0, 1.0))
        outside = float(max(outside, -weights.min(), weights.max() - 1))
        from_a += int((weights > 0.5).sum())
    return Assembled(result, decision_map, outside, from_a)
