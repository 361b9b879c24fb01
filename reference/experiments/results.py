"""The results of a benchmark: scores, means, ranks and tests."""

from __future__ import annotations

import math
import statistics as numbers
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from reference.experiments.measure import Record
from reference.experiments.scores import Scores
from reference.experiments.statistics import Comparison, Mean, compare, follows, mean, mean_ranks, ranks
from reference.metrics.catalogue import METRICS, SURVEY

__all__ = ["BenchmarkResult"]


@dataclass(frozen=True)
class BenchmarkResult:
    """Records of all methods, with values computed by others, over some pairs.

    pairs          names, in order; means and ranks are over all of them
    scores         our own and others'
    records        our own, including failures
    circumstances  of the measurement of time and memory, in words
    """

    pairs: list[str]
    scores: Scores
    records: list[Record]
    circumstances: str

    @cached_property
    def metrics(self) -> list[str]:
        """Metrics for which any method has a score, in the order of the catalogue."""
        present = {metric for _, _, metric, _ in self.scores}
        return [entry.name for entry in METRICS if entry.name in present]

    @cached_property
    def failures(self) -> list[Record]:
        """Records of results that could not be scored."""
        return [record for record in self.records if record.error]

    @cached_property
    def missing(self) -> dict[str, list[str]]:
        """Pairs for which a method has no score, by method, where there are any."""
        missing = {m: [pair for pair in self.pairs if pair not in of_m] for m, of_m in self.scores.by_method.items()}
        return {method: pairs for method, pairs in missing.items() if pairs}

    @cached_property
    def means(self) -> dict[str, dict[str, Mean]]:
        """Means by method and metric, each over the pairs with a score."""
        means: dict[str, dict[str, Mean]] = {method: {} for method in self.scores.by_method}
        for method, of_method in means.items():
            for name in self.metrics:
                if (values := self.scores.values(method, name, self.pairs)).size:
                    of_method[name] = mean(values)
        return means

    @cached_property
    def ranks(self) -> dict[str, dict[str, float]]:
        """Ranks by metric and method, among the methods that have all pairs."""
        return {name: ranks(self.scores, name, self.pairs) for name in self.metrics}

    @cached_property
    def tests(self) -> dict[str, Comparison]:
        """Friedman's and Nemenyi's tests by metric, where they can be computed."""
        tests = {name: compare(self.scores, name, self.pairs) for name in self.metrics}
        return {name: test for name, test in tests.items() if test}

    @cached_property
    def follows(self) -> dict[str, float]:
        """By metric, agreement of its ranking with that by PSNR against ground truth, where there is one."""
        correlations = {name: follows(self.scores, name, "psnr", self.pairs) for name in self.metrics if name != "psnr"}
        return {name: value for name, value in correlations.items() if value is not None}

    @cached_property
    def cost(self) -> dict[str, tuple[float, float | None]]:
        """Median seconds per pair and maximum MiB, of the methods that were run."""
        costs = {}
        for method in dict.fromkeys(record.method for record in self.records if record.seconds is not None):
            of_method = [record for record in self.records if record.method == method]
            seconds = [record.seconds for record in of_method if record.seconds is not None]
            peaks = [record.peak_mib for record in of_method if record.peak_mib is not None]
            costs[method] = (numbers.median(seconds), max(peaks) if peaks else None)
        return costs

    def difference(self, method: str, other: str, name: str) -> Mean | None:
        """Mean difference of two methods in a metric over all pairs; None if a pair is missing or there is only one."""
        values, others = (self.scores.values(compared, name, self.pairs) for compared in (method, other))
        complete = len(values) == len(others) == len(self.pairs) > 1
        return mean(values - others) if complete and np.isfinite([*values, *others]).all() else None

    def count(self, method: str) -> int:
        """Number of pairs for which a method has any score."""
        return sum(pair in self.scores.by_method[method] for pair in self.pairs)

    def mean_ranks(self, names: Iterable[str]) -> dict[str, float]:
        """Mean of the ranks by these metrics, among the methods that have all of them for all pairs."""
        return mean_ranks(self.scores, names, self.pairs)

    def order(self) -> list[str]:
        """Methods from best to worst, those that lack a pair last.

        By PSNR against ground truth if available, else by the survey's eight metrics, else by all available metrics.
        """
        ranking = self.ranks.get("psnr") or self.mean_ranks(SURVEY) or self.mean_ranks(self.metrics)
        return sorted(self.scores.by_method, key=lambda method: ranking.get(method, math.inf))

    def as_json(self) -> dict[str, Any]:
        """All results as JSON; infinity becomes a word, NaN null."""
        record = {
            "pairs": self.pairs,
            "methods": {
                method: {
                    "pairs": self.count(method),
                    "means": {name: asdict(mean) for name, mean in of_method.items()},
                    "ranks": {name: of_metric[method] for name, of_metric in self.ranks.items() if method in of_metric},
                    "values": self.scores.by_method[method],
                }
                for method, of_method in self.means.items()
            },
            "without": self.missing,
            "tests": {name: asdict(test) for name, test in self.tests.items()},
            "follows_psnr": self.follows,
            "time_and_memory": {name: dict(zip(("s", "MiB"), pair, strict=True)) for name, pair in self.cost.items()},
            "failures": [{"pair": r.pair, "method": r.method, "why": r.error} for r in self.failures],
        }
        return _finite(record)  # type: ignore[no-any-return]


def _finite(value: Any) -> Any:
    """The same with every float representable in JSON."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value
