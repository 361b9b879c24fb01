"""What B of another size costs: `real_photographs` sizes, resampling."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from matlab_compat import im2uint8, imresize, piqe
from reference.align.motion import Motion, PairMotion
from reference.datasets.generator.scenes import SCENES, make_scene
from reference.datasets.pairs import embedded_pairs
from reference.errors import BadInput
from reference.images.files import ImageFile, read_image
from reference.images.region import Region
from reference.jobs.sources import AS_THEY_ARE, Fit, Sources, bring_to_one_grid
from reference.methods.base import NetworkMethod
from reference.metrics.single_image import spatial_frequency
from reference.network.loading import load_network
from reference.parameters import TUNED
from reference.steps import gray
from tests.benchmarks.photographs import FloatArray, decibels, in_bytes


def sizes() -> Iterator[str]:
    """A of 520 x 520, B of other sizes: as `fuse` brings it onto A's grid, beside the truth that went the same way."""
    method = NetworkMethod(load_network("small"), TUNED)
    yield "| scene | B | fused image, dB | truth resampled as B, dB | fused from one size, dB |\n|---|---|---|---|---|"
    near, added, rows = 0, 0, 0
    for scene in SCENES:
        made = make_scene(scene, (520, 520))
        a, b, truth = (in_bytes(image) for image in (made.image_a, made.image_b, made.truth))
        for size in ((500, 500), (1040, 1040), (520, 480)):
            sources, resampled, left = _of_another_size(a, b, truth, size)
            fused, alone = method(sources.a.pixels, sources.b.pixels).image, method(a, b).image
            values = [
                decibels(fused, left(truth)),
                decibels(resampled, left(truth)),
                decibels(left(alone), left(truth)),
            ]
            near, rows = near + (values[0] > values[1] - 1), rows + 1
            both = -10 * np.log10(sum(10 ** (-value / 10) for value in values[1:]))
            added += values[0] >= both
            shown = " | ".join(f"{value:.2f}" for value in values)
            yield f"| {scene.name} | {size[1]} x {size[0]} | {shown} |"
    yield f"\n{near} of {rows} are within 1 dB of the truth that was resampled the same way, or above it."
    yield f"{added} of {rows} have no more error than resampling and fusion have together."


def _of_another_size(
    a: FloatArray, b: FloatArray, truth: FloatArray, size: tuple[int, int]
) -> tuple[Sources, FloatArray, Callable[[FloatArray], FloatArray]]:
    """B and the truth scaled to a size and brought back; what is left of A then. Of another shape B must be aligned."""
    eight_bits = np.dtype(np.uint8)
    given, scaled_b, scaled_truth = (
        ImageFile(im2uint8(image), eight_bits) for image in (a, imresize(b, [*size]), imresize(truth, [*size]))
    )
    names, region, fit = ("A", "B"), Region(0, a.shape[0], 0, a.shape[1]), AS_THEY_ARE
    if size[0] != size[1]:
        with pytest.raises(BadInput, match="use --align"):
            bring_to_one_grid(given, scaled_b, names, fit, _silent)
        moved = bring_to_one_grid(given, scaled_b, names, Fit(align="affine"), _silent).record["alignment"]
        region = Region(**moved["region"])
        fit = Fit(motion=PairMotion(Motion.from_json(moved), a.shape[:2], scaled_b.shape[:2]))
    sources = bring_to_one_grid(given, scaled_b, names, fit, _silent)
    return sources, bring_to_one_grid(given, scaled_truth, names, fit, _silent).b.pixels, region.of


def _silent(sentence: str) -> None:
    """Nobody is told."""


def resampling() -> Iterator[str]:
    """What resampling alone does to the measures of sharpness: means over the six scenes."""
    truths = [read_image(pair.truth).pixels for pair in embedded_pairs() if pair.truth]
    yield "| scene sharp everywhere | PIQE | spatial frequency |\n|---|---|---|"
    for label, factor in (("as it is", 1.0), ("to 500 : 520 and back", 500 / 520), ("to 2 : 1 and back", 2.0)):
        images = [
            in_bytes(imresize(in_bytes(imresize(t, [round(s * factor) for s in t.shape[:2]])), [*t.shape[:2]]))
            if factor != 1 else t for t in truths
        ]  # fmt: skip
        scores = [piqe(im2uint8(image)).score for image in images]
        frequencies = [spatial_frequency(255 * gray(image)) for image in images]
        yield f"| {label} | {np.mean(scores):.2f} | {np.mean(frequencies):.2f} |"
