"""Whether `parfocal audit` finds the survey's dialects: PARFOCAL_DATA=DIR python -m tests.benchmarks.survey_audit OUT.

MATLAB's values of eight metrics for the published results, to five digits, under headings that say nothing; with
--made-up each is moved at random by up to 4 %. OUT then holds the table, the images by method, and the audit.
"""

from __future__ import annotations

import argparse
import csv
import os
from pathlib import Path

import numpy as np
from scipy.io import loadmat

from reference.cli import main as parfocal
from reference.experiments.scores import SURVEY_METHODS
from reference.metrics.catalogue import SURVEY


def link(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.unlink(missing_ok=True)
    to.symlink_to(path.resolve())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--made-up", action="store_true")
    options = parser.parse_args()
    data, out, rng, rows = Path(os.environ["PARFOCAL_DATA"]), options.out, np.random.default_rng(0), []
    for result in sorted((data / "survey" / "Results").glob("*/*.tif")):
        letter, number, method = result.stem.split("_")
        kind, sources = ("color", f"lytro/lytro-{number}-?.jpg") if letter == "c" else (
            "grayscale", f"survey/sources/g_{number}_?.tif")  # fmt: skip
        link(result, out / "fused" / method / result.name)
        for side, source in zip("ab", sorted(data.glob(sources)), strict=True):
            link(source, out / side / f"{letter}_{number}{source.suffix}")
        stored = loadmat(data / "survey" / "evaluation" / f"Q_{kind}.mat")["Q"]
        values = stored[SURVEY_METHODS.index(method), :, int(number) - 1]
        values = values * rng.uniform(0.96, 1.04, values.size) if options.made_up else values
        rows.append([method, f"{letter}_{number}", *(f"{value:.5g}" for value in values)])
    with open(out / "table.csv", "w", newline="") as file:
        csv.writer(file).writerows([["method", "image", *(f"m{k}" for k in range(1, len(SURVEY) + 1))], *rows])
    folders = [word for name in ("fused", "a", "b") for word in (f"--{name}", str(out / name))]
    print(f"m1 to m8 are {', '.join(SURVEY)}")
    return parfocal(["audit", str(out / "table.csv"), *folders, "--out", str(out / "audit")])


if __name__ == "__main__":
    raise SystemExit(main())
