"""The catalogue of all metrics: direction and range of each, and how well it follows ground truth."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from math import inf
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class Metric:
    """One metric: the function of its name in `reference.metrics.MODULE`.

    symbol    its symbol in tables
    group     what it measures
    needs     its arguments: sources (gray levels of A, B, F), fused (of F), image (F as stored), truth (F and truth as
              stored)
    better    higher, lower, or nearest 0
    low, high range
    follows   rank correlation with SSIM against ground truth in the published scores of 30 methods; None if unknown;
              this project's own measurement differs, for Q_W +.12: docs/metrics.md
    note      a caveat
    module    its module, if not that of its group
    together  the function of its module that gives its value and others by name, where they share their work
    least     least side of the images, pixels
    by_name   only where it is asked for by name, or by `all`
    slow      takes half a second or more for a photograph of 520 x 520 pixels, with those that share its work
    """

    name: str
    symbol: str
    group: Literal["information", "gradient", "structure", "vision", "fused alone", "ground truth"]
    needs: Literal["sources", "fused", "image", "truth"] = "sources"
    better: Literal["higher", "lower", "nearest 0"] = "higher"
    low: float = 0
    high: float = inf
    follows: float | None = None
    note: str = ""
    module: str = ""
    together: str = ""
    least: int = 1
    by_name: bool = False
    slow: bool = False

    @property
    def function(self) -> Callable[..., float]:
        """The metric itself."""
        return self.of_module(self.name)

    def of_module(self, name: str) -> Callable[..., Any]:
        """A function of its module."""
        module = self.module or {"ground truth": "truth", "fused alone": "single_image"}.get(self.group, self.group)
        return getattr(import_module(f"reference.metrics.{module}"), name)  # type: ignore[no-any-return]

    def badness(self, value: float) -> float:
        """A number to rank by: the smaller, the better."""
        return {"higher": -value, "lower": value, "nearest 0": abs(value)}[self.better]


FILE = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text("utf-8"))
METRICS = tuple(Metric(**row) for row in FILE["metric"])
SURVEY, TRUSTED = tuple(FILE["survey"]), tuple(FILE["trusted"])
_BY_NAME = {entry.name: entry for entry in METRICS}


def metric(name: str) -> Metric:
    """The metric with the given name.

    >>> metric("q_cv").better
    'lower'
    """
    return _BY_NAME[name]
