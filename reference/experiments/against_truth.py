"""Candidates on pairs with ground truth, under several conditions; means and intervals over the pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from reference.datasets.generator.boundaries import FocusPair
from reference.datasets.ground_truth import AnyScene, make_pair
from reference.experiments.cache import ResultCache
from reference.experiments.candidates import Candidate
from reference.experiments.conditions import CONDITIONS, MEASURES, cast, photographed, quality
from reference.experiments.scores import Scores
from reference.experiments.statistics import mean
from reference.steps.arrays import Image

__all__ = ["against_truth", "difference", "means", "pair_name"]


def against_truth(
    candidates: Sequence[Candidate],
    result_cache: ResultCache,
    data: Path | None,
    scenes: Sequence[AnyScene],
    conditions: Iterable[str] = tuple(CONDITIONS),
) -> Scores:
    """Measure candidates on the pairs of scenes; each gets A and B as photographed, and the true pair.

    returns  `quality` by candidate and by `pair_name` of scene and condition
    """
    scores = Scores()
    work = [(scene, condition) for scene in scenes for condition in conditions]

    def measure_pair(scene_and_condition: tuple[AnyScene, str]) -> list[tuple[str, dict[str, float]]]:
        scene, condition = scene_and_condition
        pair_key = ["truth", asdict(scene), condition]

        @cache
        def take_photographs() -> tuple[Image, Image, FocusPair]:
            pair = cast(make_pair(scene, data), CONDITIONS[condition])
            return (*photographed(pair, CONDITIONS[condition], scene.seed), pair)

        def measure(candidate: Candidate) -> dict[str, float]:
            a, b, pair = take_photographs()
            return quality(candidate.fuse(a, b, pair), pair)

        return [
            (one.name, result_cache([*pair_key, one.name, one.cache_key], partial(measure, one))) for one in candidates
        ]

    with ThreadPoolExecutor(2) as pool:
        measured = zip(work, pool.map(measure_pair, work), strict=True)
        progress = tqdm(measured, desc="ground truth", total=len(work), unit="pair", leave=False)
        for (scene, condition), results in progress:
            for name, values in results:
                for measure, value in values.items():
                    scores.add(name, pair_name(scene, condition), measure, value)
    return scores


def pair_name(scene: AnyScene, condition: str) -> str:
    """The name of a scene under a condition."""
    return f"{scene.name}/{condition}"


def means(scores: Scores, pairs: list[str]) -> dict[str, dict[str, float]]:
    """Means over pairs, by candidate and measure."""
    by_name: dict[str, dict[str, float]] = {}
    for name in scores.by_method:
        values = {measure: scores.values(name, measure, pairs) for measure in MEASURES}
        by_name[name] = {measure: float(of_pairs.mean()) for measure, of_pairs in values.items() if of_pairs.size}
    return by_name


def difference(scores: Scores, name: str, other: str, scenes: Iterable[AnyScene], condition: str) -> list[float]:
    """PSNR of one candidate less that of another: mean, and the ends of its paired 95 % interval (Student's t).

    The two pairs of a photograph count as one, since they are not independent.
    """
    by_photograph: dict[str, list[str]] = {}
    for scene in scenes:
        by_photograph.setdefault(scene.photograph, []).append(pair_name(scene, condition))
    differences = [_psnr(scores, name, pairs) - _psnr(scores, other, pairs) for pairs in by_photograph.values()]
    result = mean(np.array([values.mean() for values in differences]))
    return [result.value, result.low, result.high]


def _psnr(scores: Scores, name: str, pairs: list[str]) -> NDArray[np.float64]:
    return scores.values(name, "psnr", pairs)
