"""Radius and eps of every method's guided filters, chosen for ground truth on the photographs that choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from matlab_compat import im2uint8
from reference.arrays import BinaryMap, Image
from reference.evaluation.blending import Blend, blended, consistent_map
from reference.evaluation.conditions import CONDITIONS, photographed
from reference.evaluation.kept import Kept
from reference.evaluation.remembered import Remembered
from reference.ground_truth import Scene, make_pair, scenes
from reference.methods.gfdf import GUIDED, gfdf_map
from reference.methods.gff import BASE, DETAIL, gff
from reference.metrics.psnr import psnr
from reference.parameters import PAPER

__all__ = ["GRIDS", "Filters", "choose"]

Filters = dict[str, Blend]  # the guided filters of a method by name
BLENDS = [Blend(radius, eps) for radius in (1, 2, 3, 4, 5, 6, 8) for eps in (0.001, 0.01, 0.03, 0.1, 0.3)]

# What is tried, and from where on: one filter after the other, each over its whole grid, until none of them moves.
GRIDS: dict[str, dict[str, list[Blend]]] = {
    "network": {"blend": BLENDS},
    "gfdf": {
        "blend": BLENDS,
        "focus": [Blend(radius, eps) for radius in (3, 5, 7, 9) for eps in (0.03, 0.3)],
    },
    "gff": {
        "base": [Blend(radius, eps) for radius in (7, 15, 30, 45) for eps in (0.03, 0.1, 0.3, 1.0)],
        "detail": [Blend(radius, eps) for radius in (3, 5, 7, 9) for eps in (1e-6, 1e-4, 1e-2)],
    },
}
PUBLISHED: dict[str, Filters] = {
    "network": {"blend": Blend(PAPER.guide_radius, PAPER.guide_eps)},
    "gfdf": {"blend": Blend(*GUIDED), "focus": Blend(*GUIDED)},
    "gff": {"base": Blend(*BASE), "detail": Blend(*DETAIL)},
}


class Choice(NamedTuple):
    """The filters with the highest mean PSNR over the pairs that choose, that PSNR, and the published ones'."""

    filters: Filters
    psnr: float
    published: float


class _Clean(NamedTuple):
    """A pair without noise."""

    image_a: Image
    image_b: Image
    truth: NDArray[np.uint8]


def choose(name: str, network: Remembered | None, kept: Kept, data: Path | None) -> Choice:
    """Choose the filters of "gfdf", of "gff", or of a network's decision map."""
    kind = name if network is None else "network"
    scene_psnr = _psnr_of(kind, network, data)
    made_from = network.network.file.sha256 if network else name
    places = scenes("choose")

    def mean_psnr(filters: Filters) -> float:
        def one(scene: Scene) -> float:
            return kept(["choose", made_from, vars(scene), filters], lambda: scene_psnr(scene, filters))

        with ThreadPoolExecutor(2) as pool:
            return float(np.mean(list(pool.map(one, places))))

    filters = PUBLISHED[kind]
    published = mean_psnr(filters)
    with tqdm(desc=f"choosing for {name}", unit="trial", leave=False) as progress:
        best = _by_coordinates(filters, GRIDS[kind], mean_psnr, progress.update)
    return Choice(best, mean_psnr(best), published)


def _by_coordinates(
    start: Filters,
    grids: Mapping[str, Iterable[Blend]],
    value: Callable[[Filters], float],
    tried: Callable[[], object],
) -> Filters:
    """The best filters: one after the other is moved to the best of its grid, until none moves.

    >>> far = lambda filters: -abs(filters["blend"].radius - 4)
    >>> _by_coordinates({"blend": Blend(8, 0.1)}, {"blend": BLENDS}, far, lambda: None)["blend"].radius
    4
    """
    best, before = start, None
    while best != before:
        before = best
        for name, grid in grids.items():
            for blend in grid:
                trial = best | {name: blend}
                tried()
                if value(trial) > value(best):
                    best = trial
        if len(grids) == 1:
            break
    return best


def _psnr_of(kind: str, network: Remembered | None, data: Path | None) -> Callable[[Scene, Filters], float]:
    """PSNR of a scene's fused image in 8 bits; the pair and the map before the blending are made once."""

    @cache
    def clean(scene: Scene) -> _Clean:
        pair = make_pair(scene, data)
        a, b = photographed(pair, CONDITIONS["clean"], scene.seed)
        return _Clean(a, b, im2uint8(pair.truth))

    @lru_cache(maxsize=100)
    def mapped(scene: Scene, focus: Blend | None) -> BinaryMap:
        a, b, _ = clean(scene)
        return consistent_map(a, b, PAPER, network) if network else gfdf_map(a, b, focus or Blend(*GUIDED))

    def of(scene: Scene, filters: Filters) -> float:
        a, b, truth = clean(scene)
        if kind == "gff":
            image = gff(a, b, filters["base"], filters["detail"]).image
        else:
            image = blended(a, b, mapped(scene, filters.get("focus")), filters["blend"]).image
        return psnr(im2uint8(image), truth)

    return of
