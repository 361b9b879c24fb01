"""One photograph moved onto another: the motion, what both share, and a report to the user."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from matlab_compat import imresize
from reference.align.align import align
from reference.align.motion import Kind, Motion, PairMotion, covered, warp
from reference.errors import BadInput
from reference.images.files import size_text
from reference.images.region import Region
from reference.steps import gray
from reference.steps.arrays import PATCH, Image

Names = tuple[str, str]  # of both photographs, for messages
Notice = Callable[[str], None]  # takes a sentence for the user


class Placed(NamedTuple):
    """Where B lies on A."""

    pair_motion: PairMotion
    region: Region  # part of A that B covers
    figures: dict[str, Any]  # evidence for the motion; empty for one that was given
    resized_from: tuple[int, ...]  # (H, W) of B before it was brought to the scale of A

    def warp_to_a(self, image_b: Image) -> Image:
        """B on the whole grid of A, valid within the region."""
        scaled = at_scale(image_b, self.pair_motion.size_b)
        return warp(scaled, self.pair_motion.motion.matrix, self.pair_motion.size_a)

    def compose(self, before: Placed) -> Placed:
        """Where B lies on the photograph on which A was itself placed, by `before`."""
        matrix = self.pair_motion.motion.matrix @ before.pair_motion.motion.matrix
        motion = Motion(self.pair_motion.motion.kind, matrix / matrix[2, 2])
        size_a, size_b = before.pair_motion.size_a, self.pair_motion.size_b
        region = covered(motion.matrix, size_a, size_b)
        return self._replace(pair_motion=PairMotion(motion, size_a, size_b), region=region)

    def record(self) -> dict[str, Any]:
        """What was done to B."""
        return {
            "resized_b_from": [*self.resized_from] if self.resized_from != self.pair_motion.size_b else None,
            "alignment": {**self.pair_motion.as_json(), **self.figures, "region": self.region._asdict()},
        }


def place(
    image_a: Image, image_b: Image, names: Names, kind: Kind | None, pair_motion: PairMotion | None, notice: Notice
) -> Placed:
    """Where B lies on A, by a motion that is given or estimated.

    kind         of the motion to estimate; affine if None
    raises       BadInput where the motion is of other sizes, cannot be trusted, or leaves too small a part
    """
    size_a, size_b = image_a.shape[:2], image_b.shape[:2]
    if pair_motion and pair_motion.size_a != size_a:
        sizes = f"{size_text(pair_motion.size_a)} pixels, but {names[0]} is {size_text(size_a)}"
        raise BadInput(f"the motion is of {sizes}")
    if pair_motion:
        region, figures = covered(pair_motion.motion.matrix, size_a, pair_motion.size_b), {}
    else:
        scaled = at_scale(image_b, _scaled(size_a, size_b))
        try:
            alignment = align(gray(image_a), gray(scaled), kind or "affine")
        except BadInput as error:
            raise BadInput(str(error).replace("the photographs", " and ".join(names))) from error
        pair_motion = PairMotion(alignment.motion, (size_a[0], size_a[1]), (scaled.shape[0], scaled.shape[1]))
        region, figures = alignment.region, alignment.figures()
    if min(region.size) < PATCH:
        raise BadInput(f"{names[0]} and {names[1]} have less than {PATCH} pixels in common")
    notice(_report(names, pair_motion, size_b, figures, region))
    return Placed(pair_motion, region, figures, size_b)


def align_pair(
    image_a: Image, image_b: Image, names: Names, kind: Kind | None, pair_motion: PairMotion | None, notice: Notice
) -> tuple[Image, Image, dict[str, Any]]:
    """Move B onto A, crop both to what they share, and return them with a record of what was done."""
    placed = place(image_a, image_b, names, kind, pair_motion, notice)
    return placed.region.of(image_a), placed.region.of(placed.warp_to_a(image_b)), placed.record()


def _scaled(size_a: tuple[int, ...], size_b: tuple[int, ...]) -> tuple[int, int]:
    """The size at which B, its aspect ratio kept, has as many pixels as A: warping alone would shrink by aliasing."""
    scale = math.sqrt(math.prod(size_a) / math.prod(size_b))
    if abs(scale - 1) < 0.05:  # left to the motion
        scale = 1.0
    return max(PATCH, round(size_b[0] * scale)), max(PATCH, round(size_b[1] * scale))


def at_scale(image: Image, size: tuple[int, ...]) -> Image:
    """The image at a size, (H, W); bicubic overshoot is clipped."""
    return image if image.shape[:2] == size else np.clip(imresize(image, [*size]), 0.0, 1.0)


def _report(
    names: Names, pair_motion: PairMotion, size_b: tuple[int, ...], figures: dict[str, Any], region: Region
) -> str:
    left = math.prod(region.size) / math.prod(pair_motion.size_a)
    resized = ""
    if size_b != pair_motion.size_b:
        resized = f"resized from {size_text(size_b)} to {size_text(pair_motion.size_b)} and "
    why = "a motion found before"
    if figures:
        why = (
            f"{figures['features']} of {figures['matches']} matching features agree, off by "
            f"{figures['residual']:.2f} pixel on the median, correlation {figures['correlation']:.3f}"
        )
    return (
        f"{names[1]} is {resized}moved onto {names[0]} ({pair_motion.motion.kind}: {why}), of which it covers rows "
        f"{region.top} to {region.bottom - 1} and columns {region.left} to {region.right - 1}, {left:.1%}"
    )
