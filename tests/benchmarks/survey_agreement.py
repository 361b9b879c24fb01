"""How near the survey metrics come to MATLAB: PARFOCAL_DATA=DIR python -m tests.benchmarks.survey_agreement."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.io import loadmat
from tqdm import tqdm

from reference.benchmark.values import SURVEY_METHODS
from reference.metrics.catalogue import SURVEY, metric
from reference.metrics.score import score

__all__ = ["deviations", "stored"]


def stored(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def deviations(folder: Path) -> dict[str, dict[str, float]]:
    """|ours / MATLAB's - 1| by metric and result image, of all published result images that are here."""
    tables = {
        letter: loadmat(folder / "survey" / "evaluation" / f"Q_{kind}.mat")["Q"]
        for letter, kind in (("c", "color"), ("g", "grayscale"))
    }
    found: dict[str, dict[str, float]] = {name: {} for name in SURVEY}
    for result in tqdm(sorted((folder / "survey" / "Results").glob("*/*.tif")), file=sys.stderr, leave=False):
        letter, number, method = result.stem.split("_")
        names = f"lytro/lytro-{number}-?.jpg" if letter == "c" else f"survey/sources/g_{number}_?.tif"
        source_a, source_b = (stored(path) for path in sorted(folder.glob(names)))
        scores = score(stored(result), source_a, source_b, names=SURVEY)
        values = tables[letter][SURVEY_METHODS.index(method), :, int(number) - 1]
        for name, value in zip(SURVEY, values, strict=True):
            found[name][result.stem] = abs(scores[name] / value - 1)
    return found


def main() -> int:
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    folder = os.environ.get("PARFOCAL_DATA")
    if not folder:
        print("PARFOCAL_DATA must name the folder with lytro and survey", file=sys.stderr)
        return 4
    print(
        "| metric | largest deviation, colour | median | largest, gray | median | images |\n|---|---|---|---|---|---|"
    )
    for name, of_metric in deviations(Path(folder)).items():
        kinds = [[value for stem, value in of_metric.items() if stem[0] == letter] for letter in "cg"]
        cells = [f"{value:.1e}" for kind in kinds for value in (max(kind), np.median(kind))]
        print("| " + " | ".join([metric(name).symbol, *cells, str(len(of_metric))]) + " |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
