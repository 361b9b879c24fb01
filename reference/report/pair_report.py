"""One pair, fused and measured: the files of the run, and the figures by which claims are judged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, psnr
from reference.datasets.pairs import Pair
from reference.images.files import read_image
from reference.jobs.fuse import FuseJob, fuse_files
from reference.methods.base import NetworkMethod
from reference.methods.baselines import fuse_by_local_contrast
from reference.network.scoring import ScoringNetwork
from reference.report.figures.figure_2 import draw_sheet
from reference.report.figures.save import save_figure
from reference.steps.arrays import Image

__all__ = ["report_pair"]

Measures = dict[str, float]


def report_pair(pair: Pair, network: ScoringNetwork, folder: Path) -> Measures:
    """Fuse a pair into `folder` and measure the result.

    returns  psnr_... in decibels on 8 bits, map_distance_... as mean |difference| of the maps, identical in percent
    """
    folder.mkdir(parents=True, exist_ok=True)
    job = FuseJob(pair.image_a, pair.image_b, folder / "fused.png", NetworkMethod(network))
    values = fuse_files(job).steps
    image_a, image_b = read_image(pair.image_a).pixels, read_image(pair.image_b).pixels
    measures = _measure(pair, image_a, image_b, values)
    title, other = ("ground truth", pair.truth) if pair.truth else ("Liu's published result", pair.published)
    compare = (title, read_image(other).pixels) if other else None
    save_figure(folder / "steps.png", draw_sheet(image_a, image_b, values, compare))
    return measures


def _measure(pair: Pair, image_a: Image, image_b: Image, values: Mapping[str, NDArray[np.generic]]) -> Measures:
    """Measures against ground truth and against the published result, where each exists."""
    fused = im2uint8(values["fusion"])
    measures: Measures = {}
    if pair.truth and pair.focus:
        truth, focus = im2uint8(read_image(pair.truth).pixels), read_image(pair.focus).pixels
        simple = fuse_by_local_contrast(image_a, image_b)
        compared = {"a": image_a, "b": image_b, "average": (image_a + image_b) / 2, "local_contrast": simple.image}
        measures |= {f"psnr_{name}": psnr(im2uint8(image), truth) for name, image in compared.items()}
        from_a = (focus > 0.5).reshape(focus.shape + (1,) * (image_a.ndim - 2))
        measures["psnr_true_map"] = psnr(im2uint8(np.where(from_a, image_a, image_b)), truth)
        measures["psnr_fused"] = psnr(fused, truth)
        measures["gain"] = measures["psnr_fused"] - max(measures[f"psnr_{name}"] for name in ("a", "b", "average"))
        maps = {"fused": values["guided_filter"], "local_contrast": simple.decision_map}
        measures |= {f"map_distance_{k}": _distance(v, focus) for k, v in maps.items()}
        measures["map_distance_fused_to_local_contrast"] = _distance(maps["fused"], simple.decision_map)
    if pair.published:
        published = im2uint8(read_image(pair.published).pixels)
        measures["psnr_published"] = psnr(fused, published)
        measures["identical"] = 100 * float(np.mean(fused == published))
    overshoot = np.asarray(values["guided_filter"], dtype=np.float64)
    return measures | {"map_outside_0_1_by": float(max(-overshoot.min(), overshoot.max() - 1, 0.0))}


def _distance(first: NDArray[np.generic], second: NDArray[np.generic]) -> float:
    """Mean difference of two decision maps."""
    return float(np.mean(np.abs(np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64))))
