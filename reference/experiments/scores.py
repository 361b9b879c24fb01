"""Scores of methods on pairs, our own and published ones."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.datasets.registry import find_group
from reference.errors import BadInput, MissingExtra
from reference.metrics.catalogue import METRICS, SURVEY

__all__ = ["Scores", "cell", "read_values"]


@dataclass
class Scores:
    """Values by method, pair and metric; a method may lack some."""

    by_method: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)

    def add(self, method: str, pair: str, metric: str, value: float) -> None:
        """Add one value."""
        self.by_method.setdefault(method, {}).setdefault(pair, {})[metric] = value

    def join(self, others: Scores, pairs: Iterable[str], metrics: Iterable[str]) -> None:
        """Add the values of others for these pairs and metrics, except NaN."""
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
        """The values of a method in a metric, in the order of the pairs; missing ones are left out."""
        of_method = self.by_method.get(method, {})
        values = [of_method[pair][metric] for pair in pairs if metric in of_method.get(pair, {})]
        return np.array(values, dtype=np.float64)

    def table(self, metric: str, pairs: list[str]) -> Any:
        """The values of the methods that have one for every pair: a row each, a column for each pair."""
        import pandas as pd

        found = {method: self.values(method, metric, pairs) for method in self.by_method}
        complete = {method: values for method, values in found.items() if len(values) == len(pairs)}
        return pd.DataFrame.from_dict(complete, orient="index", columns=pairs, dtype=float)


SURVEY_METHODS = (
    "dwt", "dtcwt", "nsct", "gff", "sr", "asr", "mwgf", "ica", "nsct-sr", "sssdi", "quadtree", "dsift", "srcf", "gfdf",
    "brw", "misf", "cnn", "madcnn",
)  # fmt: skip


FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet computes
HARMLESS = tuple(f"'{mark}" for mark in FORMULA)


def cell(name: str) -> str:
    """A name as a cell of a table that a spreadsheet may open.

    >>> cell("=1+1"), cell("gff")
    ("'=1+1", 'gff')
    """
    return f"'{name}" if name.startswith(FORMULA) else name


def read_values(source: str, data: Path | None = None) -> Scores:
    """Scores by method, pair and metric.

    source  survey: MATLAB's values for the 18 methods of the survey of Liu et al. 2020 on the pairs of lytro and
            survey_gray; or a CSV file with columns pair, method, metric, value, as `parfocal benchmark` writes it
    raises  MissingExtra where the survey's values are not fetched, BadInput for a file that is no such table
    """
    return _survey(data) if source == "survey" else _table(Path(source))


def _survey(data: Path | None) -> Scores:
    from scipy.io import loadmat

    files = find_group("survey_scores", data)
    if not files:
        raise MissingExtra("the survey's values are not here: parfocal fetch survey_scores")
    scores = Scores()
    for name, kind in (("Q_color.mat", "lytro"), ("Q_grayscale.mat", "gray")):
        values = loadmat(files[name])["Q"]  # (18 methods, 8 metrics, 20 or 10 pairs)
        for (m, k, n), value in np.ndenumerate(values):
            scores.add(f"{SURVEY_METHODS[m]} (published values)", f"{kind}_{n + 1:02d}", SURVEY[k], float(value))
    return scores


def _table(path: Path) -> Scores:
    known = {entry.name for entry in METRICS}
    scores = Scores()
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if lacks := {"pair", "method", "metric", "value"} - set(reader.fieldnames or ()):
                raise BadInput(f"{path} has no column {min(lacks)}: its first line is to be pair,method,metric,value")
            for number, row in enumerate(reader, 2):
                texts = (row.get(key) or "" for key in ("method", "pair", "metric", "value"))
                method, pair, name, value = (text[text.startswith(HARMLESS) :] for text in texts)
                if not method or not pair or name not in known:
                    raise BadInput(
                        f"{path}, line {number}: {name or 'nothing'} is no metric, or method or pair is empty"
                    )
                scores.add(method, pair, name, float(value))
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist, and is not the word survey") from None
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{path} is no table of pair, method, metric, value: {error}") from error
    if not scores.by_method:
        raise BadInput(f"{path} holds no values: its first line names the columns pair, method, metric, value")
    return scores
