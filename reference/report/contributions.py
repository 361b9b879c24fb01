"""The three contributions that the paper claims (section 1), each as something that can be measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from matlab_compat import im2uint8, imresize, psnr
from reference.datasets.pairs import Pair, embedded_pairs
from reference.experiments.baseline import recorded_evaluation
from reference.experiments.blending import Blend
from reference.images.files import read_image
from reference.jobs.page import Table
from reference.jobs.sources import same_size
from reference.pipeline import fuse
from reference.report.run import Part, Run
from reference.steps import FocusNetwork
from reference.steps.arrays import Image

__all__ = ["SIGMA", "SMALLER", "Contributions", "behind_the_published", "contributions", "part_contributions"]

SMALLER = 0.8  # side of B beside that of A, where sizes differ
SIGMA = 5 / 255  # standard deviation of the noise put on both sources


class Contributions(NamedTuple):
    """Of one pair.

    size   dB by which the fused image beats the better source and the plain average when B is smaller (contribution 1)
    noise  standard deviation of the noise in the fused image, % of that in the sources (contribution 2)
    """

    size: float
    noise: float


def contributions(pair: Pair, network: FocusNetwork) -> Contributions:
    """Measure both on a pair of known truth, PAPER parameters."""
    assert pair.truth is not None
    a, b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
    return Contributions(_size(a, b, truth, network), _noise(a, b, network))


def _size(a: Image, b: Image, truth: Image, network: FocusNetwork) -> float:
    """Store B smaller, fuse, and hold the result against what is at hand without fusing."""
    enlarged = same_size(np.clip(imresize(b, SMALLER), 0, 1), a.shape)
    fused = fuse(a, enlarged, network).image
    best, *others = (psnr(im2uint8(x), im2uint8(truth)) for x in (fused, a, enlarged, (a + enlarged) / 2))
    return float(best - max(others))


def _noise(a: Image, b: Image, network: FocusNetwork) -> float:
    """Fuse noisy sources; what is in the result beyond the same map's blend of the clean ones is noise."""
    rng = np.random.default_rng(0)
    noise_a, noise_b = (SIGMA * rng.standard_normal(image.shape) for image in (a, b))
    noisy_a, noisy_b = np.clip(a + noise_a, 0, 1), np.clip(b + noise_b, 0, 1)
    fused = fuse(noisy_a, noisy_b, network)
    d = fused.decision_map.reshape(fused.decision_map.shape + (1,) * (a.ndim - 2))
    left = fused.image - (d * a + (1 - d) * b)
    put = np.stack([noisy_a - a, noisy_b - b])
    return float(100 * np.sqrt(np.mean(left**2) / np.mean(put**2)))


def behind_the_published(record: Mapping[str, Any], blend: str) -> float | None:
    """Mean rank on Lytro less that of the best of 18 published methods, of the recorded evaluation (contribution 3).

    >>> behind_the_published({"lytro": {"ours": {"enhanced": {"r 8": {"rank": 8.25, "best_published": 4.0}}}}}, "r 8")
    4.25
    """
    row = record.get("lytro", {}).get("ours", {}).get("enhanced", {}).get(blend)
    return None if row is None else float(row["rank"] - row["best_published"])


def part_contributions(run: Run) -> Part:
    """Sources of different size and noise on the embedded pairs; the comparison with others from the record."""
    scorer = run.scorer("enhanced")
    assert scorer is not None  # it ships
    pairs = tqdm(embedded_pairs(), desc="contributions", unit="pair", leave=False)
    found = {pair.name: contributions(pair, scorer) for pair in pairs}
    run.keep("contributions", {name: one._asdict() for name, one in found.items()})
    size, noise = np.mean(list(found.values()), axis=0)
    measured = {"contribution/1/size": float(size), "contribution/2/noise": float(noise)}
    behind = behind_the_published(recorded_evaluation(), Blend().name)
    if behind is not None:
        measured["contribution/3/lytro"] = behind
    text = (
        f"PAPER parameters. Size: B is stored at {SMALLER:g} of its size and brought back onto the grid of A; dB by "
        "which the fused image beats the better source and the plain average. Noise: standard deviation "
        f"{255 * SIGMA:g} of 255 on both sources; what is left in the fused image, % of that: a hard map leaves 100, a "
        "plain average 71."
    )
    rows = [[name, f"{one.size:.2f}", f"{one.noise:.1f}"] for name, one in found.items()]
    return Part(measured, [Table("What the paper says it contributes", text, ["pair", "size", "noise"], rows)])
