"""What a moved camera costs: `real_photographs` motions, unrelated, smoothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from reference.align import align as alignment
from reference.align.align import align, motion_by_features
from reference.align.motion import KINDS, warp
from reference.datasets.pairs import embedded_pairs
from reference.errors import BadInput
from reference.images.files import read_image
from reference.methods.base import NetworkMethod
from reference.network.loading import load_network
from reference.parameters import TUNED
from reference.steps import gray
from tests.benchmarks.photographs import FloatArray, decibels, in_bytes, pairs
from tests.support.motions import MOVES, mean_residual, motion

KIND = {"shift": "scale", "rotation": "scale", "scale": "scale", "affine": "affine", "perspective": "homography"}


def motions() -> Iterator[str]:
    """Each pair, B moved by known motions, aligned; the fused image beside that of the true motion; then all."""
    by = NetworkMethod(load_network("small"), TUNED)
    yield "| pair | motion | mean residual, pixel | at most | PSNR, true motion, dB | PSNR, found motion, dB |"
    yield "|---|---|---|---|---|---|"
    runs: list[Run] = []
    for name, a, b, truth in pairs():
        for moves in MOVES:
            of_pair = [_run(by, moves, seed, a, b, truth) for seed in range(3)]
            runs += of_pair
            means = [f"{np.mean([getattr(run, field) for run in of_pair]):.2f}" for field in ("by_true", "by_found")]
            residuals = [run.residual for run in of_pair]
            yield f"| {name} | {moves} | {np.mean(residuals):.3f} | {max(residuals):.3f} | {' | '.join(means)} |"
    yield "\n| motion | mean residual, pixel | largest | mean change of PSNR, dB | worst, dB |\n|---|---|---|---|---|"
    for moves in MOVES:
        these = [run for run in runs if run.moves == moves]
        residuals, changes = [run.residual for run in these], [run.by_found - run.by_true for run in these]
        yield (f"| {moves} (`{KIND[moves]}`) | {np.mean(residuals):.3f} | {max(residuals):.3f} "
               f"| {np.mean(changes):+.2f} | {min(changes):+.2f} |")  # fmt: skip
    lost = sum(run.by_true - run.by_found > 1 for run in runs)
    yield f"\n{lost} of {len(runs)} lose more than 1 dB."
    features, correlation = min(run.features for run in runs), min(run.correlation for run in runs)
    off = max(run.off for run in runs)
    yield (f"At least {features} features agree, off by {off:.2f} pixel at most; the correlation is {correlation:.2f} "
           "or more.")  # fmt: skip


class Run(NamedTuple):
    """One motion of one pair: how far off it was found, the PSNR with the true and the found one, what spoke for it.

    off  median distance of the features that agree
    """

    moves: str
    residual: float
    by_true: float
    by_found: float
    features: int
    correlation: float
    off: float


def _run(by: Any, moves: str, seed: int, a: FloatArray, b: FloatArray, truth: FloatArray) -> Run:
    true = motion(moves, a.shape, seed)
    photographed = in_bytes(warp(b, np.linalg.inv(true), a.shape))
    found = align(gray(a), gray(photographed), KIND[moves])  # type: ignore[arg-type]
    common, values = found.region.of, []
    for matrix in (true, found.motion.matrix):
        fused = by(common(a), common(warp(photographed, matrix, a.shape)))
        values.append(decibels(fused.image, common(truth)))
    residual = mean_residual(found.motion.matrix, true, a.shape)
    return Run(moves, residual, *values, found.features, found.correlation, found.residual)


def unrelated() -> Iterator[str]:
    """How many features agree between photographs of which no part is the same; all must be refused."""
    truths = {pair.name: gray(read_image(pair.truth).pixels) for pair in embedded_pairs() if pair.truth}
    counts = []
    for (name, one), (other_name, other) in combinations(truths.items(), 2):
        if set(name.split("_")) & set(other_name.split("_")):
            continue  # both show the cat, the rocket, ...
        for kind in KINDS:
            for first, second in ((one, other), (other, one)):
                estimate = motion_by_features(first, second, kind)
                counts.append(len(estimate.points_a) if estimate else 0)
                try:
                    align(first, second, kind)
                except BadInput:
                    continue
                raise AssertionError(f"{name} was aligned with {other_name}")
    yield f"{len(counts)} alignments of unrelated photographs refused; at most {max(counts)} features agreed."


def smoothing() -> Iterator[str]:
    """Mean residual of the six embedded pairs by the window of the Gaussian: what `alignment.SMOOTHING` is from."""
    yield "| window | sum of the mean residuals of the pairs, pixel | largest residual |\n|---|---|---|"
    for window in (7, 11, 15, 21, 31, 41):
        alignment.SMOOTHING = window
        residuals = []
        for pair in embedded_pairs():
            a, b = (gray(read_image(path).pixels) for path in (pair.image_a, pair.image_b))
            for moves in ("affine", "perspective"):
                for seed in range(100, 104):
                    true = motion(moves, a.shape, seed)
                    photographed = in_bytes(warp(b, np.linalg.inv(true), a.shape))
                    found = align(a, photographed, KIND[moves])  # type: ignore[arg-type]
                    residuals.append(mean_residual(found.motion.matrix, true, a.shape))
        yield f"| {window} | {6 * np.mean(residuals):.3f} | {max(residuals):.3f} |"
