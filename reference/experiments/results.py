"""What a benchmark found, ready to be written down."""

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
    """Records of all methods, with values that others computed, over some pairs.

    pairs          names, in order; the means and ranks are over all of them
    scores         ours and others'
    records        of our own work, failures among them
    circumstances  of the measurement of time and memory, in words
    """

    pairs: list[str]
    scores: Scores
    records: list[Record]
    circumstances: str

    @cached_property
    def metrics(self) -> list[str]:
        """Metrics that any method has, in the order of the catalogue."""
        present = {metric for _, _, metric, _ in self.scores}
        return [one.name for one in METRICS if one.name in present]

    @cached_property
    def failures(self) -> list[Record]:
        """What could not be scored."""
        return [record for record in self.records if record.error]

    @cached_property
    def missing(self) -> dict[str, list[str]]:
        """The pairs that a method has no score of, where there are any."""
        found = {m: [pair for pair in self.pairs if pair not in of_m] for m, of_m in self.scores.by_method.items()}
        return {method: pairs for method, pairs in found.items() if pairs}

    @cached_property
    def means(self) -> dict[str, dict[str, Mean]]:
        """By method and metric, each over the pairs the method has."""
        found: dict[str, dict[str, Mean]] = {method: {} for method in self.scores.by_method}
        for method, of_method in found.items():
            for name in self.metrics:
                if (values := self.scores.values(method, name, self.pairs)).size:
                    of_method[name] = mean(values)
        return found

    @cached_property
    def ranks(self) -> dict[str, dict[str, float]]:
        """By metric and method, among the methods that have all pairs."""
        return {name: ranks(self.scores, name, self.pairs) for name in self.metrics}

    @cached_property
    def tests(self) -> dict[str, Comparison]:
        """Friedman's and Nemenyi's, by metric, where they can be made."""
        found = {name: compare(self.scores, name, self.pairs) for name in self.metrics}
        return {name: test for name, test in found.items() if test}

    @cached_property
    def follows(self) -> dict[str, float]:
        """By metric, how far it ranks methods as PSNR against ground truth does, where there is one."""
        found = {name: follows(self.scores, name, "psnr", self.pairs) for name in self.metrics if name != "psnr"}
        return {name: value for name, value in found.items() if value is not None}

    @cached_property
    def cost(self) -> dict[str, tuple[float, float | None]]:
        """Median seconds a pair and most MiB, of the methods that fused here."""
        found = {}
        for method in dict.fromkeys(record.method for record in self.records if record.seconds is not None):
            of_method = [record for record in self.records if record.method == method]
            seconds = [record.seconds for record in of_method if record.seconds is not None]
            peaks = [record.peak_mib for record in of_method if record.peak_mib is not None]
            found[method] = (numbers.median(seconds), max(peaks) if peaks else None)
        return found

    def difference(self, method: str, other: str, name: str) -> Mean | None:
        """Mean difference of two methods in a metric over all pairs; None if one lacks a pair, or of a single pair."""
        values, of_other = (self.scores.values(one, name, self.pairs) for one in (method, other))
        both = len(values) == len(of_other) == len(self.pairs) > 1
        return mean(values - of_other) if both and np.isfinite([*values, *of_other]).all() else None

    def count(self, method: str) -> int:
        """Pairs of which a method has any score."""
        return sum(pair in self.scores.by_method[method] for pair in self.pairs)

    def mean_ranks(self, names: Iterable[str]) -> dict[str, float]:
        """Mean of the ranks by those metrics, among the methods that have them all for all pairs."""
        return mean_ranks(self.scores, names, self.pairs)

    def order(self) -> list[str]:
        """Methods from best to worst: by PSNR against ground truth where there is one, else by the survey's eight.

        Else by what metrics there are. Methods that lack a pair come last.
        """
        places = self.ranks.get("psnr") or self.mean_ranks(SURVEY) or self.mean_ranks(self.metrics)
        return sorted(self.scores.by_method, key=lambda method: places.get(method, math.inf))

    def as_json(self) -> dict[str, Any]:
        """Everything; what is infinite as a word, what is not a number as null."""
        record = {
            "pairs": self.pairs,
            "methods": {
                method: {
                    "pairs": self.count(method),
                    "means": {name: asdict(found) for name, found in of_method.items()},
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
    """The same with what JSON can hold."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value
