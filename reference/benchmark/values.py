"""Scores that others computed, to be set beside our own."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from reference.benchmark.scores import Scores
from reference.data_files import find_group
from reference.errors import BadInput, MissingExtra
from reference.metrics.catalogue import METRICS, SURVEY

__all__ = ["read_values"]

SURVEY_METHODS = (
    "dwt", "dtcwt", "nsct", "gff", "sr", "asr", "mwgf", "ica", "nsct-sr", "sssdi", "quadtree", "dsift", "srcf", "gfdf",
    "brw", "misf", "cnn", "madcnn",
)  # fmt: skip


def read_values(source: str, data: Path | None = None) -> Scores:
    """Scores by method, pair and metric.

    source  survey: the 18 methods of the survey of Liu et al. 2020, as MATLAB computed them, for the pairs of lytro and
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
    known = {one.name for one in METRICS}
    scores = Scores()
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if lacks := {"pair", "method", "metric", "value"} - set(reader.fieldnames or ()):
                raise BadInput(f"{path} has no column {min(lacks)}: its first line is to be pair,method,metric,value")
            for number, row in enumerate(reader, 2):
                method, pair, name, value = (row.get(key) or "" for key in ("method", "pair", "metric", "value"))
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
