"""Parts of the report: the paper's figures, and the failures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image
from reference.methods.baselines import average
from reference.methods.gff import gff
from reference.network import AUTHORS
from reference.network.summary import layers
from reference.pipeline import fuse
from reference.report import failures
from reference.report.figures import figure_1, figure_2, figure_3
from reference.report.figures.save import save_figure
from reference.report.run import WORDS, Part, Run
from reference.steps.arrays import Image

__all__ = ["part_failures", "part_figure_1", "part_figure_2", "part_figure_3"]

FETCH = "parfocal fetch children"


def part_figure_1(run: Run) -> Part:
    """Figure 1: the network."""
    described = [layer._asdict() for layer in layers(run.enhanced.file.module)]  # type: ignore[arg-type]
    path = save_figure(run.out / "figures" / "figure_1.png", figure_1.draw(described), described)
    return Part(sections=[WORDS.picture("figure_1", path)])


def part_figure_2(run: Run) -> Part:
    """Figure 2: the algorithm."""
    a, b, name, missing = _sources(run)
    values: dict[str, NDArray[np.generic]] = {"image_a": a, "image_b": b}
    values |= fuse(a, b, run.enhanced).steps
    shown = {key: values[key] for key in figure_2.PANELS}
    path = save_figure(run.out / "figures" / "figure_2.png", figure_2.draw(shown), _summary(shown))
    return Part(sections=[WORDS.picture("figure_2", path, name=name)], missing=missing)


def part_figure_3(run: Run) -> Part:
    """Figure 3: sources, result, and close-ups."""
    a, b, name, missing = _sources(run)
    fused = fuse(a, b, run.enhanced)
    images = {"image_a": a, "image_b": b, "average": average(a, b).image, "GFF": gff(a, b).image}
    if liu := run.network(AUTHORS):
        images["Liu et al."] = fuse(a, b, liu).image
    images["enhanced"] = fused.image
    window = figure_3.where_sources_meet(a, b, fused.decision_map)
    numbers = {**_summary(images), "window": [[side.start, side.stop] for side in window]}
    path = save_figure(run.out / "figures" / "figure_3.png", figure_3.draw(images, window), numbers)
    return Part(sections=[WORDS.picture("figure_3", path, name=name)], missing=missing)


def part_failures(run: Run) -> Part:
    """Cases in which the method fails."""
    cases = failures.failures(run.enhanced)
    numbers = {case.name: case.numbers for case in cases}
    path = save_figure(run.out / "figures" / "failures.png", failures.draw(cases), numbers)
    rows = [
        [case.name if first else "", name.replace("_", " "), f"{value:.2f}", failures.unit_of(name)]
        for case in cases for first, (name, value) in zip((True, *[False] * 9), case.numbers.items(), strict=False)
    ]  # fmt: skip
    return Part(sections=[WORDS.table("failures", rows), WORDS.picture("failures_picture", path)])


def _sources(run: Run) -> tuple[Image, Image, str, dict[str, str]]:
    """Children, or an embedded pair if it is not available."""
    if run.children:
        return run.children.image_a, run.children.image_b, "Children", {}
    pair = next(pair for pair in embedded_pairs() if pair.name == "cat_coffee")
    a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    return a, b, "the embedded pair cat_coffee", {"Figures 2 and 3 on Children": FETCH}


def _summary(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, Any]:
    """Shape, range and mean of the drawn arrays."""
    return {
        name: {"shape": list(x.shape), "least": float(x.min()), "most": float(x.max()), "mean": float(x.mean())}
        for name, x in arrays.items()
    }
