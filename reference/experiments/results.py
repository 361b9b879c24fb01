"""The results of a benchmark: scores, means, ranks and tests."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from reference.experiments.benchmark import Record
from reference.experiments.scores import Comparison, Mean, Scores, by_pair, compare, follows, mean, mean_ranks
from reference.metrics.catalogue import METRICS, SURVEY


@dataclass(frozen=True)
class BenchmarkResult:
    """Records of all methods, with values computed by others, over some pairs."""

    pairs: list[str]  # names, in order; means and ranks are over all of them
    scores: Scores  # our own and others', of these pairs
    records: list[Record]  # our own, including failures
    circumstances: str  # of the measurement of time and memory, in words

    @cached_property
    def by_pair(self) -> dict[str, Any]:
        """A table for each metric that any method has, in the order of the catalogue: methods by pairs."""
        present = set(self.scores["metric"])
        return {entry.name: by_pair(self.scores, entry.name, self.pairs) for entry in METRICS if entry.name in present}

    @cached_property
    def failures(self) -> list[Record]:
        """Records of results that could not be scored."""
        return [record for record in self.records if record.error]

    @cached_property
    def missing(self) -> dict[str, list[str]]:
        """Pairs for which a method has no score, by method, where there are any."""
        present = self.scores.groupby("method", sort=False)["pair"].agg(set)
        missing = {method: [pair for pair in self.pairs if pair not in its] for method, its in present.items()}
        return {method: pairs for method, pairs in missing.items() if pairs}

    @cached_property
    def means(self) -> dict[str, dict[str, Mean]]:
        """Means by method and metric, each over the pairs with a score."""
        means: dict[str, dict[str, Mean]] = {method: {} for method in self.scores["method"]}
        for name, table in self.by_pair.items():
            for method, values in table.iterrows():
                if (present := values.dropna().to_numpy()).size:
                    means[method][name] = mean(present)
        return means

    @cached_property
    def ranks(self) -> dict[str, dict[str, float]]:
        """Ranks by metric and method, among the methods that have all pairs."""
        return {name: self.mean_ranks([name]) for name in self.by_pair}

    @cached_property
    def tests(self) -> dict[str, Comparison]:
        """Friedman's and Nemenyi's tests by metric, where they can be computed."""
        return {name: test for name in self.by_pair if (test := compare(self.scores, name, self.pairs))}

    @cached_property
    def follows(self) -> dict[str, float]:
        """By metric, agreement of its ranking with that by PSNR against ground truth, where there is one."""
        correlations = {name: follows(self.scores, name, "psnr", self.pairs) for name in self.by_pair if name != "psnr"}
        return {name: value for name, value in correlations.items() if value is not None}

    @cached_property
    def cost(self) -> Any:
        """Median seconds per pair ("s") and maximum MiB ("MiB", NaN if unknown), a row for each method that was run."""
        import pandas as pd

        usage = [
            (record.method, record.seconds, record.peak_mib) for record in self.records if record.seconds is not None
        ]
        costs = pd.DataFrame(usage, columns=["method", "s", "MiB"]).astype({"s": float, "MiB": float})
        return costs.groupby("method", sort=False).agg({"s": "median", "MiB": "max"})

    def difference(self, method: str, other: str, name: str) -> Mean | None:
        """Mean difference of two methods in a metric over all pairs; None if a pair is missing or there is only one."""
        values, others = self.by_pair[name].loc[[method, other]].to_numpy()
        return mean(values - others) if len(values) > 1 and np.isfinite([values, others]).all() else None

    def count(self, method: str) -> int:
        """Number of pairs for which a method has any score."""
        return len(self.pairs) - len(self.missing.get(method, ()))

    def mean_ranks(self, names: Iterable[str]) -> dict[str, float]:
        """Mean of the ranks by these metrics, among the methods that have all of them for all pairs."""
        return mean_ranks(self.scores, names, self.pairs)

    def order(self) -> list[str]:
        """Methods from best to worst, those that lack a pair last.

        By PSNR against ground truth if available, else by the survey's eight metrics, else by all available metrics.
        """
        ranking = self.ranks.get("psnr") or self.mean_ranks(SURVEY) or self.mean_ranks(self.by_pair)
        return sorted(self.means, key=lambda method: ranking.get(method, math.inf))

    def as_json(self) -> dict[str, Any]:
        """All results as JSON; infinity becomes a word, NaN null."""
        values: dict[str, dict[str, dict[str, float]]] = {method: {} for method in self.means}
        for method, pair, name, value in self.scores.itertuples(index=False):
            values[method].setdefault(pair, {})[name] = value
        record = {
            "pairs": self.pairs,
            "methods": {
                method: {
                    "pairs": self.count(method),
                    "means": {name: asdict(mean) for name, mean in of_method.items()},
                    "ranks": {name: of_metric[method] for name, of_metric in self.ranks.items() if method in of_metric},
                    "values": values[method],
                }
                for method, of_method in self.means.items()
            },
            "without": self.missing,
            "tests": {name: asdict(test) for name, test in self.tests.items()},
            "follows_psnr": self.follows,
            "time_and_memory": self.cost.to_dict("index"),
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
