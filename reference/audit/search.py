"""Which protocols give the printed numbers, and how many would give numbers made up at random."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, rgb2gray
from reference.audit.printed import Cell, Files, Row
from reference.audit.protocols import MEASURES, Images, protocols
from reference.errors import BadInput
from reference.experiments.cache import ResultCache, measure_all
from reference.experiments.methods import Method
from reference.files import sha256_of
from reference.images.files import read_image
from reference.metrics.catalogue import METRICS

COLUMNS = tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))["column"]
NAMES = [*MEASURES, *(entry.name for entry in METRICS if entry.name not in MEASURES)]
FIRST = 3  # rows of single images on which every protocol is tried; the others see those that fit there
NEAR = 0.05  # a number made up at random lies within this share of the printed one
BY_CHANCE = 0.05  # protocols that may fit by chance before a fit says nothing
KEPT = 3  # protocols of a column that are named at least

Values = dict[str, dict[Row, float]]  # by protocol and row


class Fit(NamedTuple):
    """A protocol beside the printed numbers of a column.

    names   "metric: computed" of the protocol, and of others with the same values
    values  by row, as far as it was tried
    met     how many printed numbers it gives
    """

    names: tuple[str, ...]
    values: dict[Row, float]
    met: int

    @property
    def metric(self) -> str:
        """Its metric."""
        return self.names[0].partition(": ")[0]

    @property
    def computed(self) -> str:
        """How it is computed."""
        return self.names[0].partition(": ")[2]

    @property
    def equal(self) -> list[str]:
        """How others with the same values are computed."""
        return [name.partition(": ")[2] for name in self.names[1:]]


@dataclass(frozen=True)
class Found:
    """What is known of a column.

    cells      the printed numbers whose images are here
    fits       the protocols by how many they give, the best first; where none gives any, the nearest
    tried      number of protocols with different values
    by_chance  how many would give as many numbers as the best does, were the printed ones made up at random
    """

    column: str
    cells: tuple[Cell, ...]
    fits: tuple[Fit, ...]
    tried: int
    by_chance: float

    @property
    def says(self) -> str:
        """The verdict in words."""
        best, n = (self.fits[0].met if self.fits else 0), len(self.cells)
        if not best:
            return "nothing fits"
        also = sum(fit.met == best for fit in self.fits) - 1
        fits = ("fits" if best == n else f"fits {best} of {n}") + (f", and {also} more" if also else "")
        return f"{fits}, which says nothing" if self.by_chance > BY_CHANCE else fits


def metrics_of(column: str) -> list[str]:
    """The metrics that the heading of a column may mean; all where it says nothing.

    >>> metrics_of("Q_NCIE"), metrics_of("PSNR (dB)"), len(metrics_of("m1")) > 30
    (['q_ncie'], ['psnr'], True)
    """
    plain = re.sub(r"\\(rm|text|mathrm)|\(.*?\)|/ ?db|[^a-z0-9]", "", column.lower())
    patterns = [one for row in COLUMNS if plain in row["names"] for one in row["metrics"]]
    return [name for name in NAMES if any(fnmatch(name, one) for one in patterns)] or NAMES


def search(
    cells: Sequence[Cell], images: Mapping[Row, list[Files]], results: ResultCache, everything: bool = False
) -> list[Found]:
    """Try every protocol on the first rows, those that fit there on all others, and judge them column by column.

    cells       the printed numbers
    images      the files of a row; of rows that are not here nothing is said
    results     what was computed before is taken from here
    everything  whether to try every metric whatever the heading
    """
    here = [cell for cell in cells if cell.row in images]
    columns = {cell.column: [one for one in here if one.column == cell.column] for cell in here}
    first = [*dict.fromkeys(cell.row for of in columns.values() for cell in of[: FIRST if of[0].image else 1])]
    others = [row for row in dict.fromkeys(cell.row for cell in here) if row not in first]
    wanted = {column: NAMES if everything else metrics_of(column) for column in columns}

    names = {name for of_column in wanted.values() for name in of_column}
    values = _values(first, images, sorted(names), results, "every protocol")
    left = {name for column, of in columns.items() for name in _that_fit(of, _of(values, wanted[column]), first)}
    for name, of_row in _values(others, images, sorted(left), results, "those that fit").items():
        values[name] |= of_row
    return [judged(column, of, _of(values, wanted[column])) for column, of in columns.items()]


def _values(
    rows: Sequence[Row], images: Mapping[Row, list[Files]], names: Sequence[str], results: ResultCache, title: str
) -> Values:
    """The value of every protocol that is named, or whose metric is, for every row: a mean over its images."""
    files = {str(k): one for k, one in enumerate(sorted({one for row in rows for one in images[row]}))}
    table = measure_all(
        [Method("audit")], files, _read, lambda _, of: of_images(of, {*names}),
        lambda _, one: ["audit", *(sha256_of(path) for path in one if path), names], results, title,
    )  # fmt: skip
    by_file: dict[Files, dict[str, float]] = {one: {} for one in files.values()}
    for number, name, value in zip(table["pair"], table["metric"], table["value"], strict=True):
        by_file[files[number]][name] = value
    found: Values = {}
    for row in rows:
        first, *others = (by_file[one] for one in images[row])
        for name in first:
            if all(name in one for one in others):
                mean = math.fsum(one[name] for one in (first, *others)) / len(images[row])
                found.setdefault(name, {})[row] = mean
    return found


def _read(files: Files) -> Images:
    """The images of a row in 8 bits, all gray where one is."""
    images: list[NDArray[Any]] = [im2uint8(read_image(path).pixels) for path in files if path]
    for image, path in zip(images, files, strict=False):
        if image.shape[:2] != images[0].shape[:2]:
            raise BadInput(f"{path} is {image.shape[1]} x {image.shape[0]} pixels, but {files.fused} "
                           f"{images[0].shape[1]} x {images[0].shape[0]}")  # fmt: skip
    if any(image.ndim == 2 for image in images):
        images = [rgb2gray(image) if image.ndim == 3 else image for image in images]
    return Images(*images)


def of_images(images: Images, names: set[str]) -> dict[str, float]:
    """The values of the protocols that are named, or whose metric is; of those that the images do not allow, none."""
    found = {}
    for one in protocols(images):
        name = f"{one.metric}: {one.computed}"
        if names & {one.metric, name}:
            with suppress(ValueError, TypeError):
                found[name] = one.value()
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _of(values: Values, metrics: Sequence[str]) -> Values:
    return {name: of for name, of in values.items() if name.partition(": ")[0] in metrics}


def _that_fit(cells: Sequence[Cell], values: Values, first: Sequence[Row]) -> list[str]:
    """The protocols that give a printed number of the first rows, or are the nearest to them."""
    fits = judged("", [cell for cell in cells if cell.row in first], values).fits
    return [name for fit in fits if fit.met or not fits[0].met for name in fit.names]


def judged(column: str, cells: Sequence[Cell], values: Values, kept: int = KEPT) -> Found:
    """The protocols of a column beside its printed numbers; those of a metric with equal values count once.

    kept  how many protocols are named; all that give a printed number are
    """
    printed = {cell.row: cell for cell in cells}
    together: dict[Any, list[str]] = {}
    for name, of_row in values.items():
        if seen := [(row, float(f"{of_row[row]:.10g}")) for row in printed if row in of_row]:
            together.setdefault((name.partition(": ")[0], *seen), []).append(name)
    fits = []
    for names in together.values():
        of_row = {row: value for row, value in values[names[0]].items() if row in printed}
        fits.append(Fit(tuple(names), of_row, sum(printed[row].is_met_by(value) for row, value in of_row.items())))
    # Of protocols that give equally many, the plainest; of those that give none, the nearest.
    fits.sort(key=lambda fit: (-fit.met, 0 if fit.met else _off(fit, printed)))
    best, some = (fits[0].met if fits else 0), sum(fit.met > 0 for fit in fits)
    chances = ([_chance(printed[row], value) for row, value in fit.values.items()] for fit in fits)
    by_chance = sum(_at_least(best, of_fit) for of_fit in chances) if best else 0.0
    return Found(column, tuple(cells), tuple(fits[: max(some, kept)]), len(fits), by_chance)


def _off(fit: Fit, printed: Mapping[Row, Cell]) -> float:
    """The mean distance from the printed numbers, as a share of them."""
    return float(np.mean([abs(value - printed[row].value) / _scale(printed[row]) for row, value in fit.values.items()]))


def _scale(cell: Cell) -> float:
    return max(abs(cell.value), cell.unit)


def _chance(cell: Cell, value: float) -> float:
    """How probably a value would be printed as a number that is drawn evenly from within NEAR of the printed one."""
    reach, as_printed = NEAR * _scale(cell), round(value / cell.unit) * cell.unit
    low, high = max(as_printed - cell.unit / 2, cell.value - reach), min(as_printed + cell.unit / 2, cell.value + reach)
    return max(0.0, high - low) / (2 * reach)


def _at_least(k: int, chances: Sequence[float]) -> float:
    """The probability that at least k of independent events happen.

    >>> _at_least(1, [0.5, 0.5]), _at_least(2, [0.5, 0.5])
    (0.75, 0.25)
    """
    of_number = np.ones(1)
    for p in chances:
        of_number = np.convolve(of_number, [1 - p, p])
    return float(of_number[k:].sum())
