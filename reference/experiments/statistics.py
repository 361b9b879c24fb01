"""Statistics of scores: means with intervals, ranks, and tests."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reference.experiments.scores import Scores
from reference.metrics.catalogue import metric as metric_named

__all__ = ["Comparison", "Mean", "compare", "follows", "mean", "mean_ranks", "ranks"]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Mean:
    """A mean over n images with Student's 95 % confidence interval, whose ends are NaN for a single image."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Comparison:
    """Friedman's test of one metric over the images, and Nemenyi's for each two methods.

    p                    probability of such differences if no method were better; for two methods by Wilcoxon's signed
                         ranks
    mean_ranks           mean over the images of a method's rank on each, 1 the best
    critical_difference  of mean ranks; methods that differ by less are not distinguishable at 5 %
    nemenyi              p-value for each two methods
    """

    p: float
    mean_ranks: dict[str, float]
    critical_difference: float
    nemenyi: dict[str, dict[str, float]]

    @property
    def best(self) -> str:
        """The method with the lowest mean rank."""
        return min(self.mean_ranks, key=lambda method: self.mean_ranks[method])

    def like_the_best(self) -> list[str]:
        """Methods that are not distinguishable from the best."""
        least = self.mean_ranks[self.best]
        near = {m: r for m, r in self.mean_ranks.items() if r - least < self.critical_difference and m != self.best}
        return sorted(near, key=near.__getitem__)


def mean(values: NDArray[np.float64]) -> Mean:
    """Mean and confidence interval.

    mean +- t s / sqrt(n), t Student's quantile of n - 1 degrees of freedom, s the standard deviation

    >>> result = mean(np.array([1.0, 2.0, 3.0]))
    >>> result.value, round(result.low, 3), round(result.high, 3), result.n
    (2.0, -0.484, 4.484, 3)
    """
    from scipy.stats import t

    n = len(values)
    centre = float(values.mean())
    if n < 2 or not np.isfinite(values).all():
        return Mean(centre, math.nan, math.nan, n)
    reach = float(t.ppf((1 + CONFIDENCE) / 2, n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)
    return Mean(centre, centre - reach, centre + reach, n)


def ranks(scores: Scores, metric: str, pairs: list[str]) -> dict[str, float]:
    """Ranks of the methods by their means over all pairs, 1 the best; equal means share a rank."""
    return mean_ranks(scores, [metric], pairs)


def mean_ranks(scores: Scores, metrics: Iterable[str], pairs: list[str]) -> dict[str, float]:
    """Mean over metrics of the ranks, among the methods that have all of them for all pairs."""
    import pandas as pd

    means = [scores.table(name, pairs).mean(axis=1).map(metric_named(name).badness) for name in metrics]
    return dict(pd.concat(means, axis=1, join="inner").rank().mean(axis=1)) if means else {}


def follows(scores: Scores, metric: str, truth: str, pairs: list[str]) -> float | None:
    """Agreement of a metric's ranking with that of a metric against ground truth.

    Spearman's correlation of the two over the methods that have both, 1 for the same order; mean over the images
    """
    tables = [scores.table(name, pairs).map(metric_named(name).badness) for name in (metric, truth)]
    found, expected = (table.rank() for table in tables[0].align(tables[1], join="inner", axis=0))
    told = [pair for pair in pairs if min(found[pair].nunique(), expected[pair].nunique()) > 1]
    return float(found[told].corrwith(expected[told]).mean()) if len(found) > 2 and told else None


def compare(scores: Scores, metric: str, pairs: list[str]) -> Comparison | None:
    """Friedman's test, and Nemenyi's (Demsar 2006); None for fewer than 2 methods or 2 images, or if all are equal.

    chi2 = 12 n / (k (k + 1)) (sum of R_j^2 - k (k + 1)^2 / 4), corrected for ties;  CD = q sqrt(k (k + 1) / (6 n))
    R_j mean ranks of k methods over n images, q the quantile of the studentized range over sqrt 2
    """
    from scipy.stats import friedmanchisquare, studentized_range, wilcoxon

    table = scores.table(metric, pairs).map(metric_named(metric).badness)
    k, n = table.shape
    by_image = table.rank()
    if k < 2 or n < 2 or by_image.eq(by_image.iloc[0]).all(axis=None):
        return None
    mean_rank, unit = by_image.mean(axis=1), math.sqrt(k * (k + 1) / (6 * n))
    distances = np.abs(np.subtract.outer(mean_rank.to_numpy(), mean_rank.to_numpy())) / unit * math.sqrt(2)
    p_values = studentized_range.sf(distances, k, np.inf)
    rows = table.to_numpy()
    p = friedmanchisquare(*rows).pvalue if k > 2 else wilcoxon(*np.clip(rows, -1e300, 1e300)).pvalue
    return Comparison(
        float(p),
        dict(mean_rank),
        float(studentized_range.ppf(CONFIDENCE, k, np.inf)) / math.sqrt(2) * unit,
        {a: dict(zip(table.index, row.tolist(), strict=True)) for a, row in zip(table.index, p_values, strict=True)},
    )
