"""How near the survey metrics come to MATLAB: PARFOCAL_DATA=DIR python -m tests.benchmarks.survey_agreement."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from reference.metrics.catalogue import metric
from tests.support.survey import OCTAVE, deviation_from_octave, deviations


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
    print("\nFrom Octave, Children: ", end="")
    print(", ".join(f"{name} {deviation_from_octave(Path(folder), name):.0e}" for name in OCTAVE))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
