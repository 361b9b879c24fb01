"""Fusion of many photographs by the pixel method: neighbours first, then what came of them, as in a tournament."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.jobs.progress import Progress
from reference.jobs.tiles import fuse_tiled, tile_size_for
from reference.methods.base import ERROR
from reference.methods.pixel import PixelMethod
from reference.steps.arrays import Image, Map
from reference.steps.checks import check_image

__all__ = ["FusedStack", "stack_by_pixels"]


class FusedStack(NamedTuple):
    """The fusion of a stack.

    image      (H, W) or (H, W, 3), the fused image, before the cast
    index_map  (H, W), which photograph is sharp there, from 0
    depth      (H, W) in [0, 1], 0 where the first photograph is sharp and 1 where the last is, smooth
    error      (H, W), the root of the squared error that is expected; None where the method says nothing of it
    """

    image: Image
    index_map: NDArray[np.uint16]
    depth: Map
    error: Map | None = None


def stack_by_pixels(photographs: Sequence[Callable[[], Image]], method: PixelMethod, progress: Progress) -> FusedStack:
    """Fuse N photographs in their order: each two neighbours, then each two results, until one is left.

    P = D P_left + (1 - D) P_right  (eq. 3), likewise the depth;  the index is that of the larger weight

    The network has learned from pairs, and neighbours of a stack are most alike. Every photograph is read once, and at
    most log2(N) + 2 images are held. Reversed, a stack of 2^n gives the same image; another order, another image.

    photographs  functions that read one
    progress     receives how many of 2 N - 1 photographs and merges are done
    raises       ValueError for different shapes
    """
    merged: list[tuple[int, FusedStack]] = []  # how many photographs each stands for, fewer and fewer
    done, last = 0, len(photographs) - 1
    for k, read in enumerate(photographs):
        image = read()
        check_image(f"photograph {k}", image)
        if merged and image.shape != merged[0][1].image.shape:
            raise ValueError(f"photograph {k} is {image.shape[:2]} but photograph 0 is {merged[0][1].image.shape[:2]}")
        size = image.shape[:2]
        merged.append((1, FusedStack(image, np.full(size, k, np.uint16), np.full(size, k / last))))
        progress(done := done + 1, 2 * last + 1)
        while len(merged) > 1 and (k == last or merged[-1][0] == merged[-2][0]):
            (count, right), (more, left) = merged.pop(), merged.pop()
            merged.append((count + more, _merge(left, right, method)))
            progress(done := done + 1, 2 * last + 1)
    return merged[0][1]


def _merge(left: FusedStack, right: FusedStack, method: PixelMethod) -> FusedStack:
    """Two as one; large ones tile by tile."""
    side = tile_size_for(left.image.shape, method) or max(left.image.shape)
    image, decision_map, error = (np.empty(x.shape) for x in (left.image, left.depth, left.depth))
    pairs = fuse_tiled(lambda r: r.of(left.image), lambda r: r.of(right.image), left.image.shape, method, side)
    for region, fused in pairs:
        found = fused.image, fused.decision_map, fused.steps[ERROR]
        for values, part in zip((image, decision_map, error), found, strict=True):
            region.of(values)[...] = part
    index = np.where(decision_map > 0.5, left.index_map, right.index_map)
    return FusedStack(np.clip(image, 0, 1), index, decision_map * left.depth + (1 - decision_map) * right.depth, error)
