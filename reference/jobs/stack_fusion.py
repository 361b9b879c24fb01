"""Fusion of many photographs, each in focus in a different part: all at once, or by decisions between two."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.jobs.progress import Progress, silent
from reference.jobs.tiles import decide_tiled, release_memory, tile_size_for, tiles
from reference.methods.base import FusionMethod
from reference.methods.pixel import PixelMethod, expected_error, log_odds
from reference.parameters import PAPER, FusionParameters
from reference.steps import fusion, gray, guide, guided_filter
from reference.steps.arrays import BinaryMap, Gray, Image, Map
from reference.steps.checks import check_image

SEAM = PAPER.guide_radius, PAPER.guide_eps
Photograph = Callable[[], Image]  # reads the pixels, whenever it is called
Judged = tuple[Map, Map]  # a logit, and the log variance


class FusedStack(NamedTuple):
    """The fusion of a stack.

    image      (H, W) or (H, W, 3), the fused image, before the cast
    index_map  (H, W), which photograph is sharp there, from 0
    depth      (H, W) in [0, 1], 0 where the first photograph is sharp and 1 where the last is, smooth
    error      (H, W), the root of the squared error that is expected, up to 0.1; None by other methods
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

    photographs  N >= 2, of one shape: arrays, or functions that read one, each of which is called two or three times
    method       decides between two, in large images in tiles; None for the pixel method
    progress     receives how many passes over a photograph are done, of how many
    returns      fused image, index map, depth, and by the pixel method the expected error
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
    reads = [item if callable(item) else partial(lambda image: image, item) for item in photographs]
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
        chosen, image = index == k, read()
        weight = left if k == last else guided_filter(sharpest, chosen, *blend) if chosen.any() else 0 * left
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


def stack_by_pixels(photographs: Sequence[Photograph], method: PixelMethod, progress: Progress) -> FusedStack:
    """Fuse N photographs, each weighed as one of a pair with their mean, and again with the fusion that results.

    R_0 = mean of P_k;  R_i = sum(exp(l_k) P_k) / sum(exp(l_k)),  l_k = log(D / (1 - D)),  D that of (P_k, R_(i-1))
    F = R_2, of two photographs that of the pair;  likewise the depth;  index = argmax l_k;  log v the mean over k

    Another order gives the same image to 1e-5. One photograph is held at a time, of two their grays.
    """
    ticks, count = itertools.count(1), len(photographs)

    def each() -> Iterator[tuple[Gray, Image]]:
        shape: tuple[int, ...] = ()
        for k, read in enumerate(photographs):
            check_image(f"photograph {k}", image := read())
            shape = shape or image.shape
            if image.shape != shape:
                raise ValueError(f"photograph {k} is {image.shape} but photograph 0 is {shape}")
            yield gray(image), image
            progress(next(ticks), count * min(count, 3))

    def judged(one: Gray, other: Gray) -> Judged:
        found = np.empty((2, *one.shape))
        side = tile_size_for(one.shape, method) or max(one.shape)
        for tile in tiles(one.shape, side, method.reach, method.grid):
            here = np.stack(log_odds(tile.outer.of(one), tile.outer.of(other), method.engine), axis=2)
            tile.inner.of(np.moveaxis(found, 0, 2))[...] = tile.inner_part(here)
            release_memory()
        return found[0], found[1]

    def beside(other: Gray) -> FusedStack:
        return _weighed(((image, judged(gray_k, other)) for gray_k, image in each()), count)

    if count == 2:
        one, other = (gray_k for gray_k, _ in each())
        odds, left = judged(one, other)
        return _weighed(zip((image for _, image in each()), [(odds, left), (0 * odds, left)], strict=True), count)
    return beside(gray(beside(sum((gray_k for gray_k, _ in each()), np.zeros(())) / count).image))


def _weighed(judged: Iterable[tuple[Image, Judged]], count: int) -> FusedStack:
    """Photographs, depth and index by the logits that each has, beside its log variance."""
    for k, (image, (logit, log_variance)) in enumerate(judged):
        if k == 0:
            total, highest, index = np.zeros_like(np.atleast_3d(image)), logit, np.zeros(logit.shape, np.uint16)
            depth, weights, left = np.zeros((3, *logit.shape))
        index[logit > highest] = k
        highest, weight = np.maximum(highest, logit), np.exp(np.clip(logit, -300, 300))  # finite
        total += weight[..., np.newaxis] * np.atleast_3d(image)
        depth += weight * (k / (count - 1))
        weights += weight
        left += log_variance / count
    fused = np.clip(total / weights[..., np.newaxis], 0, 1).reshape(image.shape)
    return FusedStack(fused, index, depth / weights, expected_error(left))
