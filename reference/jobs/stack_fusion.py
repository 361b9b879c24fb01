"""Fusion of more than two photographs, each in focus in a different part, by repeated decisions between two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.jobs.progress import Progress, silent
from reference.jobs.tiles import decide_tiled, fuse_tiled, tile_size_for
from reference.methods.base import ERROR, FusionMethod
from reference.methods.pixel import PixelMethod
from reference.parameters import PAPER, FusionParameters
from reference.steps import fusion, gray, guide, guided_filter
from reference.steps.arrays import BinaryMap, Gray, Image, Map
from reference.steps.checks import check_image

SEAM = PAPER.guide_radius, PAPER.guide_eps
Photograph = Callable[[], Image]  # reads the pixels, whenever it is called


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


def stack(
    photographs: Sequence[Photograph | Image], method: FusionMethod | None = None, progress: Progress = silent
) -> FusedStack:
    """Fuse N photographs of one scene; by the pixel method as in `stack_by_pixels`, by others as follows.

    index_0 = 0,  I_0 = S_0 = gray_0;  for k = 1, ..., N-1, with M_k the consistent map of S_(k-1) and gray_k:
    index_k = index_(k-1) where M_k, else k;  I_k = M_k I_(k-1) + (1 - M_k) gray_k
    S_k = W_k S_(k-1) + (1 - W_k) gray_k,  W_k = guided(M_k; I_k)
    D_k = guided(index = k; I_(N-1)) for k < N-1,  D_(N-1) = 1 - sum of the others,  F = sum D_k P_k

    Each photograph is compared with the sharpest parts of those before it. This takes N - 1 decisions, and only one
    photograph is held at a time. The comparison uses S, whose seams are soft: the hard seams of I look like detail,
    and once taken for sharp they would stay. A tie goes to the later photograph, as it goes to B in a pair. For N = 2
    the result is that of `pipeline.fuse`, to the last digit.

    photographs  N >= 2, of one shape: arrays, or functions that read one, each of which is called twice
    method       decides between two, in large images in tiles; None for the pixel method
    progress     receives how many of 2 N - 1 passes over a photograph are done
    returns      fused image, index map and depth
    raises       ValueError for fewer than two photographs, or different shapes

    MATLAB: none of the paper's, which fuses pairs

    >>> from reference.methods.base import GfdfMethod
    >>> left, right = np.zeros((32, 64)), np.zeros((32, 64))
    >>> left[:, :32], right[:, 32:] = np.eye(32), np.eye(32)
    >>> fused = stack([left, right], GfdfMethod())
    >>> fused.index_map[16, [8, 56]].tolist()
    [0, 1]
    """
    if len(photographs) < 2:
        raise ValueError(f"{len(photographs)} photograph was given, but a stack has two or more")
    reads = [item if callable(item) else partial(np.asarray, item) for item in photographs]
    method = method or PixelMethod()
    if isinstance(method, PixelMethod):
        return stack_by_pixels(reads, method, progress)
    return _blended(reads, *_index_map(reads, method, progress), method.parameters, progress)


def stack_by_index(
    photographs: Sequence[Photograph], index: NDArray[np.uint16], parameters: FusionParameters,
    progress: Progress = silent,
) -> FusedStack:  # fmt: skip
    """Fuse N photographs by an index map; that of `stack` for the same photographs gives its result."""
    sharpest = np.zeros(index.shape)
    for k, photograph in enumerate(photographs):
        np.copyto(sharpest, gray(photograph()), where=index == k)
        progress(k, 2 * len(photographs) - 1)
    return _blended(photographs, index, sharpest, parameters, progress)


def _blended(
    photographs: Sequence[Photograph], index: NDArray[np.uint16], sharpest: Gray, parameters: FusionParameters,
    progress: Progress,
) -> FusedStack:  # fmt: skip
    """The photographs weighted by D_k."""
    blend = parameters.guide_radius, parameters.guide_eps
    left, depth, last = np.ones(index.shape), np.zeros(index.shape), len(photographs) - 1
    total: Image = np.zeros(())
    for k, read in enumerate(photographs):
        weight, image = left if k == last else _weight(sharpest, index == k, blend), read()
        left = left - weight
        total = np.zeros_like(image) if k == 0 else total
        total += image * (weight if image.ndim == 2 else weight[..., np.newaxis])
        depth += weight * (k / last)
        progress(len(photographs) + k, 2 * len(photographs) - 1)
    return FusedStack(total, index, np.clip(depth, 0.0, 1.0))


def _index_map(
    photographs: Sequence[Photograph], method: FusionMethod, progress: Progress
) -> tuple[NDArray[np.uint16], Gray]:
    """The index of the sharp photograph at each pixel, and the gray image composed of these."""
    sharpest = compared = gray(photographs[0]())
    index = np.zeros(sharpest.shape, np.uint16)
    for k, photograph in enumerate(photographs[1:], start=1):
        image = photograph()
        check_image(f"photograph {k}", image)
        if image.shape[:2] != index.shape:
            raise ValueError(f"photograph {k} is {image.shape[:2]} but photograph 0 is {index.shape}")
        gray_k = gray(image)
        stays = _decide(compared, gray_k, method)
        index[~stays] = k
        sharpest = guide(sharpest, gray_k, stays)
        softly = np.clip(guided_filter(sharpest, stays, *SEAM), 0.0, 1.0)
        compared = np.clip(fusion(compared, gray_k, softly), 0.0, 1.0)
        progress(k, 2 * len(photographs) - 1)
    return index, sharpest


def _decide(gray_a: Gray, gray_b: Gray, method: FusionMethod) -> BinaryMap:
    side = tile_size_for(gray_a.shape, method)
    if side is None:
        return method.decide(gray_a, gray_b)
    part_a, part_b = (lambda region, whole=whole: region.of(whole) for whole in (gray_a, gray_b))
    return decide_tiled(part_a, part_b, gray_a.shape, method, side)


def _weight(sharpest: Gray, chosen: BinaryMap, blend: tuple[int, float]) -> Map:
    """The weight of a photograph; a map of zeros remains one without filtering."""
    return guided_filter(sharpest, chosen, *blend) if chosen.any() else np.zeros(chosen.shape)


def stack_by_pixels(photographs: Sequence[Photograph], method: PixelMethod, progress: Progress) -> FusedStack:
    """Fuse N photographs in their order: each two neighbours, then each two results, until one is left.

    P = D P_left + (1 - D) P_right  (eq. 3), likewise the depth;  the index is that of the larger weight

    The network has learned from pairs, and neighbours of a stack are most alike. Every photograph is read once, and at
    most log2(N) + 2 images are held. Reversed, a stack of 2^n gives the same image; another order, another image.
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
