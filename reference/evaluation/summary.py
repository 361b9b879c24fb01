"""Means over pairs, and differences of two candidates with their interval."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from reference.benchmark.scores import Scores
from reference.benchmark.statistics import mean
from reference.evaluation.against_truth import pair_name
from reference.evaluation.quality import MEASURES
from reference.ground_truth import Scene

__all__ = ["difference", "means"]


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
