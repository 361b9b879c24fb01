"""One pair, fused and measured: the files of the run, and the figures by which claims are judged."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from matlab_compat import im2uint8, psnr
from reference.datasets.pairs import Pair
from reference.files import sha256_of, write_json
from reference.images.files import read_image
from reference.jobs.fuse import FuseJob, fuse_files, output_paths
from reference.jobs.manifest import computing_digest, syntax_of
from reference.jobs.progress import progress_bar
from reference.methods.base import NetworkMethod
from reference.methods.baselines import fuse_by_local_contrast
from reference.network.scoring import ScoringNetwork
from reference.report.figures.figure_2 import draw_sheet
from reference.report.figures.save import save_figure
from reference.steps.arrays import Image

__all__ = ["report_pair"]

Measures = dict[str, float]


DRAWN_BY = [Path(__file__), *sorted(Path(__file__).parent.glob("figures/*.py"))]


def report_pair(pair: Pair, network: ScoringNetwork, folder: Path) -> Measures:
    """Fuse a pair into `folder` and measure the result; measures of an earlier run with the same inputs are reused.

    returns  psnr_... in decibels on 8 bits, map_distance_... as mean |difference| of the maps, identical in percent
    """
    key = _key(pair, network)
    measured = folder / "measured.json"
    if (earlier := _earlier_measures(folder, key)) is not None:
        tqdm.write(f"{folder}: kept from an earlier run of the same inputs, weights and code", file=sys.stderr)
        return earlier
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bar(pair.name, nested=True) as progress:
        job = FuseJob(pair.image_a, pair.image_b, folder / "fused.png", NetworkMethod(network), progress=progress)
        values = fuse_files(job).steps
    image_a, image_b = read_image(pair.image_a).pixels, read_image(pair.image_b).pixels
    measures = _measure(pair, image_a, image_b, values)
    title, other = ("ground truth", pair.truth) if pair.truth else ("Liu's published result", pair.published)
    compare = (title, read_image(other).pixels) if other else None
    save_figure(folder / "steps.png", draw_sheet(image_a, image_b, values, compare))
    write_json(measured, {"key": key, "measures": measures})
    return measures


def _earlier_measures(folder: Path, key: str) -> Measures | None:
    """The measures of an earlier run with the same inputs, if all its files exist."""
    files = [*output_paths(folder / "fused.png"), folder / "steps.png", folder / "measured.json"]
    if not all(path.exists() for path in files):
        return None
    try:
        record = json.loads(files[-1].read_text())
        return dict(record["measures"]) if record["key"] == key else None
    except (ValueError, KeyError, TypeError):  # a file of another origin
        return None


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


def _key(pair: Pair, network: ScoringNetwork) -> str:
    """A digest of everything on which the measures depend: files, weights, arithmetic, code, and what it runs on."""
    parts: list[Any] = [sha256_of(path) for path in pair[1:] if path]
    parts += [computing_digest(), *map(syntax_of, DRAWN_BY), network.file.sha256, network.deterministic]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
