"""Pairs without ground truth: the survey's eight metrics on Lytro, and the four columns of Table 1 on Children.

They describe the effect of blending on these metrics; without ground truth no parameters are chosen by them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat import entropy, im2uint8, piqe, psnr, rgb2gray, ssim
from reference.datasets.pairs import Pair, find_pairs
from reference.experiments.cache import ResultCache, measure_all
from reference.experiments.choose import blend_name
from reference.experiments.methods import Fuse, Method
from reference.experiments.scores import Scores, by_pair, mean_ranks, read_values
from reference.images.files import read_image
from reference.images.region import Pixel
from reference.metrics.catalogue import SURVEY
from reference.metrics.score import score
from reference.parameters import PAPER, TUNED, FusionParameters
from reference.pipeline import fuse_by_segmentation
from reference.steps.arrays import BinaryMap, Image

Columns = dict[str, float]


def columns(fused: NDArray[np.uint8], source_b: NDArray[np.uint8]) -> Columns:
    """PIQE of the fused image; PSNR and SSIM of its gray against the gray of source B; entropy of its gray.

    The columns of Table 1; SSIM is of doubles from 0 to 255 with the dynamic range 1, MATLAB's default for doubles.

    >>> image = np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    >>> values = columns(image, image)
    >>> values["psnr"], values["ssim"]
    (inf, 1.0)
    """
    gray, gray_b = rgb2gray(fused), rgb2gray(source_b)
    similarity = ssim(gray.astype(np.float64), gray_b.astype(np.float64))
    return {
        "piqe": float(piqe(fused).score), "psnr": float(psnr(gray, gray_b)), "ssim": float(similarity.ssimval),
        "entropy": float(entropy(gray)),
    }  # fmt: skip


def columns_of(fused: Fuse, a: Image, b: Image) -> Columns:
    """The columns of Table 1 for what a method makes of a pair."""
    return columns(im2uint8(fused(a, b, None).image), im2uint8(b))


def in_colour(image: NDArray[Pixel]) -> NDArray[Pixel]:
    """A gray image with three equal channels, whose gray is the image itself."""
    return image if image.ndim == 3 else np.repeat(image[..., np.newaxis], 3, axis=2)


FILTERS = [(0, 0.1), *product((1, 2, 4, 5, 8), (0.01, 0.1, 0.3))]  # radius and eps; 0 for no filter
BLENDS = [*(replace(PAPER, guide_radius=radius, guide_eps=eps) for radius, eps in FILTERS), TUNED]
MapMaker = Callable[[Image, Image], BinaryMap]
Means = dict[str, float]


def lytro(
    maps: Mapping[str, tuple[Any, MapMaker]], result_cache: ResultCache, data: Path | None
) -> dict[str, dict[str, Means]]:
    """Blend each map by every one of BLENDS, and score the results.

    maps     by name: a key of all inputs besides the pair, and the function that computes the map
    returns  by map and name of the blend: rank among the 18 published methods, and mean of each metric over the pairs
    """
    pairs = {pair.name: pair for pair in find_pairs("lytro", data)}
    published = read_values("survey", data)
    methods = {(name, blend_name(blend)): _method(*maps[name], blend) for name in maps for blend in BLENDS}
    scores = measure_all(
        [*methods.values()], pairs, _read, _score, lambda method, pair: ["lytro", pair.name, *method.key], result_cache,
        "Lytro",
    )  # fmt: skip
    by_map: dict[str, dict[str, Means]] = {name: {} for name in maps}
    for (name, filtered), method in methods.items():
        ours = scores[scores["method"] == method.name]
        means = {metric: float(by_pair(ours, metric, [*pairs]).loc[method.name].to_numpy().mean()) for metric in SURVEY}
        by_map[name][filtered] = {**ranks_among(published, ours, [*pairs]), **means}
    return by_map


def ranks_among(published: Scores, ours: Scores, pairs: list[str]) -> Means:
    """Mean ranks over the eight metrics, by means over the pairs, among the published methods and ours.

    returns  "rank" of ours, and "best_published", the best rank of the others
    """
    import pandas as pd

    ranks = mean_ranks(pd.concat([published, ours]), SURVEY, pairs)
    return {"rank": ranks.pop(ours["method"].iloc[0]), "best_published": min(ranks.values())}


def published_ranks(data: Path | None) -> dict[str, float]:
    """Mean ranks of the 18 published methods among themselves."""
    pairs = [pair.name for pair in find_pairs("lytro", data)]
    return dict(sorted(mean_ranks(read_values("survey", data), SURVEY, pairs).items(), key=lambda item: item[1]))


def _method(map_key: Any, make_map: MapMaker, blend: FusionParameters) -> Method:
    key = [map_key, vars(blend)]
    return Method(json.dumps(key), key, lambda a, b, _: fuse_by_segmentation(a, b, make_map(a, b), blend))


def _read(pair: Pair) -> tuple[Image, Image]:
    a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    return a, b


def _score(method: Method, sources: tuple[Image, Image]) -> dict[str, float]:
    assert method.fuse is not None
    fused, stored_a, stored_b = map(im2uint8, (method.fuse(*sources, None).image, *sources))
    return score(fused, stored_a, stored_b, names=SURVEY)
