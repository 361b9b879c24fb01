"""Values that MATLAB and Octave computed with the toolboxes of the field, and how near ours come to them."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from scipy.io import loadmat
from tqdm import tqdm

from reference.experiments.scores import SURVEY_METHODS
from reference.metrics.catalogue import SURVEY
from reference.metrics.score import score
from tests.support.published import read

# Metrics whose values GNU Octave computed with the toolboxes for Children and Liu's result, by their name there.
OCTAVE = {
    "q_mi": "Q_MI", "q_ncie": "Q_NCIE", "q_te_cvejic_toolbox": "Q_TE_cvejic", "q_te_nava_toolbox": "Q_TE_nava",
    "q_fmi_none_toolbox": "Q_FMI_none", "q_g": "Q_G", "q_g_zl": "ZL_Q_G", "q_m": "ZL_Q_M", "q_sf": "ZL_Q_SF",
    "q_p": "Q_P", "q_s": "Q_S", "q_w": "Q_W", "q_e": "Q_E", "q_s_zl": "ZL_Q_S", "q_w_zl": "ZL_Q_W", "q_c": "Q_C",
    "q_scd": "Q_SCD", "ssim_mean": "SSIM_mean", "q_cv": "Q_CV", "q_cb": "Q_CB", "q_viff": "Q_VIFF", "entropy": "EN",
    "average_gradient": "AG", "edge_intensity": "EI", "spatial_frequency": "SF", "standard_deviation_columns": "SD",
}  # fmt: skip


def deviations(folder: Path, names: Sequence[str] = SURVEY, every: int = 1) -> dict[str, dict[str, float]]:
    """|ours / MATLAB's - 1| by metric and result image, of all published result images that are here, or a part."""
    tables = {
        letter: loadmat(folder / "survey" / "evaluation" / f"Q_{kind}.mat")["Q"]
        for letter, kind in (("c", "color"), ("g", "grayscale"))
    }
    found: dict[str, dict[str, float]] = {name: {} for name in names}
    for result in tqdm(sorted((folder / "survey" / "Results").glob("*/*.tif"))[::every], file=sys.stderr, leave=False):
        letter, number, method = result.stem.split("_")
        sources = f"lytro/lytro-{number}-?.jpg" if letter == "c" else f"survey/sources/g_{number}_?.tif"
        source_a, source_b = (read(path) for path in sorted(folder.glob(sources)))
        scores = score(read(result), source_a, source_b, names=names)
        values = tables[letter][SURVEY_METHODS.index(method), :, int(number) - 1]
        for name, value in zip(SURVEY, values, strict=True):
            if name in names:
                found[name][result.stem] = abs(scores[name] / value - 1)
    return found


def deviation_from_octave(folder: Path, name: str) -> float:
    """|ours / Octave's - 1| for Children with Liu's result."""
    with open(folder / "survey" / "evaluation" / "children_octave.csv", newline="") as file:
        values = [row["value_octave_7_3"] for row in csv.DictReader(file) if row["metric"] == OCTAVE[name]]
    expected = next(float(value) for value in values if value)
    files = ("fused_cnn", "children_1", "children_2")
    fused, source_a, source_b = (read(folder / "children" / f"{file}.tif") for file in files)
    return abs(score(fused, source_a, source_b, names=[name])[name] / expected - 1)
