"""The three contributions that the paper claims (section 1), each by a measurement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

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

__all__ = ["SIGMA", "Contributions", "behind_the_published", "contributions", "part_contributions"]

SMALLER = 0.8  # side of B relative to that of A, where sizes differ
SIGMA = 5 / 255  # standard deviation of the noise added to both sources


class Contributions(NamedTuple):
    """The measurements on one pair.

    size   dB by which the fused image beats the better source and the plain average when B is smaller (contribution 1)
    noise  standard deviation of the noise in the fused image, % of that in the sources (contribution 2)
    """

    size: float
    noise: float


def contributions(pair: Pair, network: FocusNetwork) -> Contributions:
    """Measure both on a pair with ground truth, by PAPER parameters."""
    assert pair.truth is not None
    a, b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
    return Contributions(_size(a, b, truth, network), _noise(a, b, network))


def _size(a: Image, b: Image, truth: Image, network: FocusNetwork) -> float:
    """Store B smaller, fuse, and compare the result with the sources and their average."""
    enlarged = same_size(np.clip(imresize(b, SMALLER), 0, 1), a.shape)
    fused = fuse(a, enlarged, network).image
    best, *others = (psnr(im2uint8(x), im2uint8(truth)) for x in (fused, a, enlarged, (a + enlarged) / 2))
    return float(best - max(others))


def _noise(a: Image, b: Image, network: FocusNetwork) -> float:
    """Fuse noisy sources; the noise is the difference from the blend of the clean sources by the same map."""
    rng = np.random.default_rng(0)
    noise_a, noise_b = (SIGMA * rng.standard_normal(image.shape) for image in (a, b))
    noisy_a, noisy_b = np.clip(a + noise_a, 0, 1), np.clip(b + noise_b, 0, 1)
    fused = fuse(noisy_a, noisy_b, network)
    d = fused.decision_map.reshape(fused.decision_map.shape + (1,) * (a.ndim - 2))
    remaining = fused.image - (d * a + (1 - d) * b)
    added = np.stack([noisy_a - a, noisy_b - b])
    return float(100 * np.sqrt(np.mean(remaining**2) / np.mean(added**2)))


def behind_the_published(record: Mapping[str, Any], blend: str) -> float | None:
    """Mean rank on Lytro less that of the best of 18 published methods, as recorded (contribution 3).

    >>> behind_the_published({"lytro": {"ours": {"enhanced": {"r 8": {"rank": 8.25, "best_published": 4.0}}}}}, "r 8")
    4.25
    """
    row = record.get("lytro", {}).get("ours", {}).get("enhanced", {}).get(blend)
    return None if row is None else float(row["rank"] - row["best_published"])


def part_contributions(run: Run) -> Part:
    """Sources of different size and noisy sources on the embedded pairs; the comparison with others as recorded."""
    by_pair = {pair.name: contributions(pair, run.enhanced) for pair in embedded_pairs()}
    run.save_numbers("contributions", {name: result._asdict() for name, result in by_pair.items()})
    size, noise = np.mean(list(by_pair.values()), axis=0)
    measured = {"contribution/1/size": float(size), "contribution/2/noise": float(noise)}
    behind = behind_the_published(recorded_evaluation(), Blend().name)
    if behind is not None:
        measured["contribution/3/lytro"] = behind
    text = (
        f"PAPER parameters. Size: B is stored at {SMALLER:g} of its size and resized to A; dB by which the fused image "
        f"beats the better source and the plain average. Noise: standard deviation {255 * SIGMA:g} of 255 in both "
        "sources; the share that remains in the fused image, %: a binary map leaves 100, a plain average 71."
    )
    rows = [[name, f"{result.size:.2f}", f"{result.noise:.1f}"] for name, result in by_pair.items()]
    return Part(measured, [Table("The contributions that the paper claims", text, ["pair", "size", "noise"], rows)])
