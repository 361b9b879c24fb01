"""The three contributions that the paper claims (section 1), each by a measurement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from matlab_compat import im2uint8, imresize, psnr
from reference.datasets.pairs import Pair, embedded_pairs
from reference.experiments.baseline import recorded_evaluation
from reference.experiments.choose import blend_name
from reference.images.files import read_image
from reference.jobs.sources import same_size
from reference.parameters import PAPER
from reference.pipeline import fuse
from reference.report.run import WORDS, Part, Run
from reference.steps import FocusNetwork
from reference.steps.arrays import Image

SMALLER = 0.8  # side of B relative to that of A, where sizes differ
SIGMA = 5 / 255  # standard deviation of the noise added to both sources


class Contributions(NamedTuple):
    """The measurements on one pair."""

    size: float  # dB over the better source and the plain average when B is smaller (contribution 1)
    noise: float  # standard deviation in the fused image, % of that in the sources (contribution 2)


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


def recorded(record: Mapping[str, Any]) -> dict[str, float]:
    """What the recorded evaluation says of statements of the paper, by the ids of the claims, where it does.

    >>> recorded({"lytro": {"ours": {"enhanced": {blend_name(PAPER): {"rank": 8.25, "best_published": 4.0}}}}})
    {'contribution/3/lytro': 4.25}
    """
    lytro = record.get("lytro", {}).get("ours", {}).get("enhanced", {}).get(blend_name(PAPER))
    differences = record.get("truth", {}).get("differences", {}).get("clean", {})
    ablation = {name: row["difference"][0] for name, row in record.get("ablation", {}).items()}
    found = {
        "contribution/3/lytro": lytro and lytro["rank"] - lytro["best_published"],
        "contribution/3/liu": differences.get("enhanced less liu2017", [None])[0],
        "abstract/pyramid": -ablation["small, D2: 1 level, PAPER"] if "small, D2: 1 level, PAPER" in ablation else None,
        "section_3_1_3/guided_filter": -ablation["no guided filter"] if "no guided filter" in ablation else None,
    }
    return {name: float(value) for name, value in found.items() if value is not None}


def part_contributions(run: Run) -> Part:
    """Sources of different size and noisy sources on the embedded pairs; the comparison with others as recorded."""
    by_pair = {pair.name: contributions(pair, run.enhanced) for pair in embedded_pairs()}
    run.save_numbers("contributions", {name: result._asdict() for name, result in by_pair.items()})
    size, noise = np.mean(list(by_pair.values()), axis=0)
    measured = {"contribution/1/size": float(size), "contribution/2/noise": float(noise)}
    rows = [[name, f"{result.size:.2f}", f"{result.noise:.1f}"] for name, result in by_pair.items()]
    table = WORDS.table("contributions", rows, smaller=SMALLER, sigma=255 * SIGMA)
    return Part(measured | recorded(recorded_evaluation()), [table])
