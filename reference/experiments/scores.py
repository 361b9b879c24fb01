"""Scores of methods on pairs, our own and published ones: one table, and its means with intervals, ranks and tests."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.datasets.registry import find_group
from reference.errors import BadInput, MissingExtra
from reference.metrics.catalogue import METRICS, SURVEY
from reference.metrics.catalogue import metric as metric_named

Scores = Any  # a pandas.DataFrame with the columns method, pair, metric, value; see `tidy`
COLUMNS = ["method", "pair", "metric", "value"]
SURVEY_METHODS = (
    "dwt", "dtcwt", "nsct", "gff", "sr", "asr", "mwgf", "ica", "nsct-sr", "sssdi", "quadtree", "dsift", "srcf", "gfdf",
    "brw", "misf", "cnn", "madcnn",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet computes
HARMLESS = tuple(f"'{mark}" for mark in FORMULA)


def tidy(values: Iterable[tuple[str, str, str, float]]) -> Scores:
    """The table of values of (method, pair, metric), all of a method together; of repeated ones the last counts.

    >>> table = tidy([("gff", "p1", "psnr", 1.0), ("cnn", "p1", "psnr", 2.0), ("gff", "p2", "psnr", 3.0)])
    >>> table["method"].tolist(), table["value"].tolist()
    (['gff', 'gff', 'cnn'], [1.0, 3.0, 2.0])
    """
    import pandas as pd

    last = {(method, pair, metric): value for method, pair, metric, value in values}
    scores = pd.DataFrame([(*names, value) for names, value in last.items()], columns=COLUMNS)
    of_method, of_pair = (scores.groupby(by, sort=False).ngroup() for by in ("method", ["method", "pair"]))
    return scores.iloc[np.lexsort((of_pair, of_method))].astype({"value": float}).reset_index(drop=True)


def by_pair(scores: Scores, metric: str, pairs: list[str]) -> Any:
    """The values of one metric: a row for each method, a column for each pair, NaN where there is none."""
    of_metric = scores[scores["metric"] == metric].pivot(index="method", columns="pair", values="value")
    return of_metric.reindex(index=scores["method"].unique(), columns=pairs)


def harmless(name: str) -> str:
    """A name as a cell of a table that a spreadsheet may open.

    >>> harmless("=1+1"), harmless("gff")
    ("'=1+1", 'gff')
    """
    return f"'{name}" if name.startswith(FORMULA) else name


def read_values(source: str, data: Path | None = None) -> Scores:
    """Scores by method, pair and metric.

    source  survey: MATLAB's values for the 18 methods of the survey of Liu et al. 2020 on the pairs of lytro and
            survey_gray; or a CSV file with columns pair, method, metric, value, as `parfocal benchmark` writes it
    """
    return _survey(data) if source == "survey" else _table(Path(source))


def _survey(data: Path | None) -> Scores:
    from scipy.io import loadmat

    files = find_group("survey_scores", data)
    if not files:
        raise MissingExtra("the survey's values are not here: parfocal fetch survey_scores")
    return tidy(
        (f"{SURVEY_METHODS[m]} (published values)", f"{kind}_{n + 1:02d}", SURVEY[k], float(value))
        for name, kind in (("Q_color.mat", "lytro"), ("Q_grayscale.mat", "gray"))
        for (m, k, n), value in np.ndenumerate(loadmat(files[name])["Q"])  # (18 methods, 8 metrics, 20 or 10 pairs)
    )


def _table(path: Path) -> Scores:
    known = {entry.name for entry in METRICS}
    values = []
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
                values.append((method, pair, name, float(value)))
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist, and is not the word survey") from None
    except BadInput:
        raise
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise BadInput(f"{path} is no table of pair, method, metric, value: {error}") from error
    if not values:
        raise BadInput(f"{path} holds no values: its first line names the columns pair, method, metric, value")
    return tidy(values)


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
    """Friedman's test of one metric over the images, and Nemenyi's for each two methods."""

    p: float  # probability of such differences if no method were better; for two methods by Wilcoxon's signed ranks
    mean_ranks: dict[str, float]  # mean over the images of a method's rank on each, 1 the best
    critical_difference: float  # of mean ranks; methods that differ by less are not distinguishable at 5 %
    nemenyi: dict[str, dict[str, float]]  # p-value for each two methods

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


def mean_ranks(scores: Scores, metrics: Iterable[str], pairs: list[str]) -> dict[str, float]:
    """Mean over metrics of the ranks (1 the best) by the means over all pairs, for the methods that have all pairs."""
    import pandas as pd

    means = [by_pair(scores, name, pairs).dropna().mean(axis=1).map(metric_named(name).badness) for name in metrics]
    return dict(pd.concat(means, axis=1, join="inner").rank().mean(axis=1)) if means else {}


def follows(scores: Scores, metric: str, truth: str, pairs: list[str]) -> float | None:
    """Agreement of a metric's ranking with that of a metric against ground truth.

    Spearman's correlation of the two over the methods that have both, 1 for the same order; mean over the images
    """
    tables = [_badness(scores, name, pairs) for name in (metric, truth)]
    found, expected = (table.rank() for table in tables[0].align(tables[1], join="inner", axis=0))
    told = [pair for pair in pairs if min(found[pair].nunique(), expected[pair].nunique()) > 1]
    return float(found[told].corrwith(expected[told]).mean()) if len(found) > 2 and told else None


def compare(scores: Scores, metric: str, pairs: list[str]) -> Comparison | None:
    """Friedman's test, and Nemenyi's (Demsar 2006); None for fewer than 2 methods or 2 images, or if all are equal.

    chi2 = 12 n / (k (k + 1)) (sum of R_j^2 - k (k + 1)^2 / 4), corrected for ties;  CD = q sqrt(k (k + 1) / (6 n))
    R_j mean ranks of k methods over n images, q the quantile of the studentized range over sqrt 2
    """
    from scipy.stats import friedmanchisquare, studentized_range, wilcoxon

    table = _badness(scores, metric, pairs)
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


def _badness(scores: Scores, metric: str, pairs: list[str]) -> Any:
    """The methods that have all pairs: a row each, the smaller the better."""
    return by_pair(scores, metric, pairs).dropna().map(metric_named(metric).badness)
