"""Scores of methods on pairs, and which methods can be compared by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Scores"]


@dataclass
class Scores:
    """Values by method, pair and metric; a method may lack some."""

    by_method: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)

    def add(self, method: str, pair: str, metric: str, value: float) -> None:
        """Take one value in."""
        self.by_method.setdefault(method, {}).setdefault(pair, {})[metric] = value

    def join(self, others: Scores, pairs: Iterable[str], metrics: Iterable[str]) -> None:
        """Take in what others have of these pairs and metrics; NaN is nothing."""
        wanted_pairs, wanted_metrics = set(pairs), set(metrics)
        for method, pair, metric, value in others:
            if pair in wanted_pairs and metric in wanted_metrics and not np.isnan(value):
                self.add(method, pair, metric, value)

    def __iter__(self) -> Iterator[tuple[str, str, str, float]]:
        for method, of_method in self.by_method.items():
            for pair, of_pair in of_method.items():
                for metric, value in of_pair.items():
                    yield method, pair, metric, value

    def values(self, method: str, metric: str, pairs: Iterable[str]) -> NDArray[np.float64]:
        """What a method has of a metric, in the order of the pairs."""
        of_method = self.by_method.get(method, {})
        found = [of_method[pair][metric] for pair in pairs if metric in of_method.get(pair, {})]
        return np.array(found, dtype=np.float64)

    def complete(self, metric: str, pairs: list[str]) -> list[str]:
        """The methods that have a metric for every pair, and so can be ranked by it."""
        return [method for method in self.by_method if len(self.values(method, metric, pairs)) == len(pairs)]
