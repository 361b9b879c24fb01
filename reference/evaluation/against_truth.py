"""Every candidate on every pair that tests, under every condition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from tqdm import tqdm

from reference.arrays import Image
from reference.benchmark.scores import Scores
from reference.evaluation.candidates import Candidate
from reference.evaluation.conditions import CONDITIONS, cast, photographed
from reference.evaluation.kept import Kept
from reference.evaluation.quality import quality
from reference.generator.boundaries import FocusPair
from reference.ground_truth import Role, Scene, make_pair, scenes

__all__ = ["against_truth", "pair_name"]


def against_truth(
    those: Sequence[Candidate],
    kept: Kept,
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

        @cache
        def taken() -> tuple[Image, Image, FocusPair]:
            pair = cast(make_pair(scene, data), CONDITIONS[condition])
            return (*photographed(pair, CONDITIONS[condition], scene.seed), pair)

        def measured(candidate: Candidate) -> dict[str, float]:
            a, b, pair = taken()
            return quality(candidate.fuse(a, b, pair), pair)

        return [
            (each.name, kept(["truth", vars(scene), condition, each.name, each.made_from], lambda: measured(each)))  # noqa: B023
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
