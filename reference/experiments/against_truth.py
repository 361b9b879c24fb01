"""Every candidate on every pair that tests, under every condition; means and intervals over the pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from reference.datasets.generator.boundaries import FocusPair
from reference.datasets.ground_truth import Role, Scene, make_pair, scenes
from reference.experiments.cache import ResultCache
from reference.experiments.candidates import Candidate
from reference.experiments.conditions import CONDITIONS, MEASURES, cast, photographed, quality
from reference.experiments.scores import Scores
from reference.experiments.statistics import mean
from reference.steps.arrays import Image

__all__ = ["against_truth", "difference", "means", "pair_name"]


def against_truth(
    those: Sequence[Candidate],
    result_cache: ResultCache,
    data: Path | None,
    role: Role = "test",
    conditions: Iterable[str] = tuple(CONDITIONS),
) -> Scores:
    """Measure candidates on the pairs of a role; they are given A and B as photographed, and the pair as it was cast.

    returns  `quality` by candidate and by `pair_name` of scene and condition
    """
    scores = Scores()
    work = [(scene, condition) for scene in scenes(role) for condition in conditions]

    def one(item: tuple[Scene, str]) -> list[tuple[str, dict[str, float]]]:
        scene, condition = item
        place = ["truth", vars(scene), condition]

        @cache
        def taken() -> tuple[Image, Image, FocusPair]:
            pair = cast(make_pair(scene, data), CONDITIONS[condition])
            return (*photographed(pair, CONDITIONS[condition], scene.seed), pair)

        def measured(candidate: Candidate) -> dict[str, float]:
            a, b, pair = taken()
            return quality(candidate.fuse(a, b, pair), pair)

        return [
            (each.name, result_cache([*place, each.name, each.cache_key], lambda: measured(each)))  # noqa: B023
            for each in those
        ]

    with ThreadPoolExecutor(2) as pool:
        for (scene, condition), results in tqdm(
            zip(work, pool.map(one, work), strict=True), desc="ground truth", total=len(work), unit="pair", leave=False
        ):
            for name, values in results:
                for measure, value in values.items():
                    scores.add(name, pair_name(scene, condition), measure, value)
    return scores


def pair_name(scene: Scene, condition: str) -> str:
    """The name of a scene under a condition."""
    return f"{scene.name}/{condition}"


def means(scores: Scores, pairs: list[str]) -> dict[str, dict[str, float]]:
    """The mean over pairs by candidate and measure."""
    found: dict[str, dict[str, float]] = {}
    for name in scores.by_method:
        values = {measure: scores.values(name, measure, pairs) for measure in MEASURES}
        found[name] = {measure: float(of_pairs.mean()) for measure, of_pairs in values.items() if of_pairs.size}
    return found


def difference(scores: Scores, one: str, other: str, places: Iterable[Scene], condition: str) -> list[float]:
    """PSNR of one candidate less that of another: mean, and the ends of its paired 95 % interval (Student's t).

    The two pairs of a photograph count as one, since they are no two independent trials.
    """
    by_photograph: dict[str, list[str]] = {}
    for scene in places:
        by_photograph.setdefault(scene.photograph, []).append(pair_name(scene, condition))
    found = [_psnr(scores, one, pairs) - _psnr(scores, other, pairs) for pairs in by_photograph.values()]
    of_all = mean(np.array([values.mean() for values in found]))
    return [of_all.value, of_all.low, of_all.high]


def _psnr(scores: Scores, name: str, pairs: list[str]) -> NDArray[np.float64]:
    return scores.values(name, "psnr", pairs)
