"""The pipeline in two parts, so that steps 7 to 9 are repeated with many parameters, and the choice of the best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from matlab_compat import im2uint8
from reference.datasets.ground_truth import AnyScene, make_pair
from reference.experiments.against_truth import CONDITIONS, photographed
from reference.experiments.cache import ResultCache
from reference.methods.gfdf import GFDF, GUIDED, segment
from reference.methods.gff import BASE, DETAIL, gff
from reference.metrics.truth import psnr
from reference.network.cached import CachedNetwork
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import fuse_by_map
from reference.pipeline import segment as segment_by_network
from reference.steps import FocusNetwork, consistency, gray
from reference.steps.arrays import BinaryMap, Image


def blend_name(parameters: FusionParameters) -> str:
    """The parameters of steps 7 to 9 in tables.

    >>> blend_name(PAPER), blend_name(HARD)
    ('area 0.01, r 8, eps 0.1', 'area 0, no filter')
    """
    p = parameters
    filtered = f"r {p.guide_radius}, eps {p.guide_eps:g}" if p.guide_radius else "no filter"
    return f"area {p.small_region_ratio:g}, {filtered}"


HARD = replace(PAPER, small_region_ratio=0.0, guide_radius=0)  # every pixel from one source


def segmented(image_a: Image, image_b: Image, network: FocusNetwork) -> BinaryMap:
    """Steps 1 to 6 of the pipeline with PAPER's parameters: true where A is taken to be in focus."""
    return segment_by_network(gray(image_a), gray(image_b), network)


Guided = tuple[int, float]  # radius in pixels and eps of a guided filter
Parameters = dict[str, Any]  # by name
Grids = Mapping[str, Iterable[Any]]  # by name, the values that are tried
KINDS = ("filters", "all")  # what is chosen: radius and eps only, or also the smallest region

# The grids over which one parameter after another is moved, until none changes.
RADII, EPSILONS = (1, 2, 3, 4, 5, 6, 8, 12), (0.001, 0.01, 0.03, 0.1, 0.3)
BLENDS: list[Guided] = [(0, 0.01), *((radius, eps) for radius in RADII for eps in EPSILONS)]  # 0 for no filter
SHARES = [0.0, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05]
GRIDS: dict[str, dict[str, list[Any]]] = {
    "network": {"blend": BLENDS, "share": SHARES},
    "gfdf": {"blend": BLENDS, "share": SHARES, "focus": [(r, eps) for r in (2, 3, 5, 7) for eps in (0.03, 0.3)]},
    "gff": {
        "base": [(r, eps) for r in (3, 7, 15, 45) for eps in (0.03, 0.3, 1.0)],
        "detail": [(r, eps) for r in (3, 7) for eps in (1e-6, 1e-4, 1e-2)],
    },
}
PUBLISHED: dict[str, Parameters] = {
    "network": {"blend": (PAPER.guide_radius, PAPER.guide_eps), "share": PAPER.small_region_ratio},
    "gfdf": {"blend": GUIDED, "share": GFDF.small_region_ratio, "focus": GUIDED},
    "gff": {"base": BASE, "detail": DETAIL},
}


def steps_by(parameters: Parameters) -> FusionParameters:
    """The steps after the map by parameters that were chosen.

    >>> steps_by(PUBLISHED["network"]) == PAPER
    True
    """
    radius, eps = parameters["blend"]
    return replace(PAPER, small_region_ratio=parameters["share"], guide_radius=radius, guide_eps=eps)


def choose(
    name: str, network: CachedNetwork | None, result_cache: ResultCache, data: Path | None, scenes: Sequence[AnyScene]
) -> dict[str, dict[str, Any]]:
    """Choose the parameters of "gfdf", of "gff", or of the steps after a network.

    returns  for each of KINDS the parameters of highest mean PSNR over the pairs for choosing, that PSNR ("psnr"), and
             that of the published parameters ("published")
    """
    method = name if network is None else "network"
    scene_psnr = _psnr_of(method, network, data)
    cache_key = network.file.sha256 if network else name

    def mean_psnr(parameters: Parameters) -> float:
        def cached_psnr(scene: AnyScene) -> float:
            key = ["choose", cache_key, asdict(scene), parameters]
            return result_cache(key, lambda: scene_psnr(scene, parameters))

        with ThreadPoolExecutor(2) as pool:
            return float(np.mean(list(pool.map(cached_psnr, scenes))))

    def chosen(grids: Grids) -> dict[str, Any]:
        start = PUBLISHED[method]
        with tqdm(desc=f"choosing for {name}", unit="trial", leave=False) as progress:
            best = _by_coordinates(start, grids, mean_psnr, progress.update)
        return {"parameters": best, "psnr": mean_psnr(best), "published": mean_psnr(start)}

    every = GRIDS[method]
    filters = {parameter: grid for parameter, grid in every.items() if parameter != "share"}
    return {kind: chosen(grids) for kind, grids in zip(KINDS, (filters, every), strict=True)}


def _by_coordinates(
    start: Parameters, grids: Grids, objective: Callable[[Parameters], float], tried: Callable[[], object]
) -> Parameters:
    """The best parameters by coordinate search: each in turn is moved to the best of its grid, until none changes.

    >>> _by_coordinates({"x": 8}, {"x": range(9)}, lambda parameters: -abs(parameters["x"] - 4), lambda: None)
    {'x': 4}
    """
    best, before = start, None
    while best != before:
        before = best
        for name, grid in grids.items():
            for trial in (best | {name: value} for value in grid):
                tried()
                if objective(trial) > objective(best):
                    best = trial
    return best


def _psnr_of(method: str, network: CachedNetwork | None, data: Path | None) -> Callable[[Any, Parameters], float]:
    """PSNR of a scene's fused image in 8 bits; pair and segmentation are computed once."""

    @cache
    def clean(scene: AnyScene) -> tuple[Image, Image, NDArray[np.uint8]]:
        pair = make_pair(scene, data)
        return (*photographed(pair, CONDITIONS["clean"], scene.seed), im2uint8(pair.truth))

    @lru_cache(maxsize=100)
    def decided(scene: AnyScene, focus: Guided) -> BinaryMap:
        a, b, _ = clean(scene)
        return segmented(a, b, network) if network else segment(gray(a), gray(b), focus)

    @lru_cache(maxsize=100)
    def without_small_regions(scene: AnyScene, focus: Guided, share: float) -> BinaryMap:
        segmentation = decided(scene, focus)
        return consistency(segmentation, replace(PAPER, small_region_ratio=share).area(segmentation.shape))

    def scene_psnr(scene: AnyScene, parameters: Parameters) -> float:
        a, b, truth = clean(scene)
        if method == "gff":
            image = gff(a, b, **parameters).image
        else:
            consistent = without_small_regions(scene, parameters.get("focus", GUIDED), parameters["share"])
            image = fuse_by_map(a, b, consistent, steps_by(parameters)).image
        return psnr(im2uint8(image), truth)

    return scene_psnr
