"""One pair, fused: the files of the run, and how near it comes to the published result."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from matlab_compat import im2uint8, psnr
from reference.datasets.pairs import Pair
from reference.images.files import read_image
from reference.jobs.fuse import FuseJob, fuse_files
from reference.methods.base import NetworkMethod
from reference.network.scoring import ScoringNetwork
from reference.report.figures.figure_2 import draw_sheet
from reference.report.figures.save import save_figure

__all__ = ["report_pair"]

Measures = dict[str, float]


def report_pair(pair: Pair, network: ScoringNetwork, folder: Path) -> Measures:
    """Fuse a pair into `folder` and measure the result.

    returns  psnr_published in decibels and identical in percent, of the published result, where there is one
    """
    folder.mkdir(parents=True, exist_ok=True)
    job = FuseJob(pair.image_a, pair.image_b, folder / "fused.png", NetworkMethod(network))
    values = fuse_files(job).steps
    image_a, image_b = read_image(pair.image_a).pixels, read_image(pair.image_b).pixels
    title, other = ("ground truth", pair.truth) if pair.truth else ("Liu's published result", pair.published)
    compare = (title, read_image(other).pixels) if other else None
    save_figure(folder / "steps.png", draw_sheet(image_a, image_b, values, compare))
    if not pair.published:
        return {}
    fused, published = im2uint8(values["fusion"]), im2uint8(read_image(pair.published).pixels)
    return {"psnr_published": psnr(fused, published), "identical": 100 * float(np.mean(fused == published))}
