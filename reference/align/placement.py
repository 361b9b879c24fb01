"""One photograph moved onto another, with a word to the user on how well."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from matlab_compat import imresize
from reference.align.align import Alignment, align
from reference.align.motion import Found, Kind, Motion
from reference.align.warp import covered, warp
from reference.errors import BadInput
from reference.images.files import size_text
from reference.images.region import Region
from reference.steps import gray
from reference.steps.arrays import PATCH, Image

__all__ = ["Notice", "Placed", "align_pair", "place"]

Notice = Callable[[str], None]  # told a sentence


class Placed(NamedTuple):
    """Where B lies on A: the motion, the part of A that B covers, what speaks for it, and B's size as a file."""

    found: Found
    region: Region
    figures: dict[str, Any]
    resized_from: tuple[int, ...]

    def warp_to_a(self, image_b: Image) -> Image:
        """B on the whole of A's grid; what lies beyond the region is not to be used."""
        return warp(self.at_scale(image_b), self.found.motion.matrix, self.found.size_a)

    def compose(self, before: Placed) -> Placed:
        """Where B lies on what A was itself placed on, `before`."""
        matrix = self.found.motion.matrix @ before.found.motion.matrix
        motion = Motion(self.found.motion.kind, matrix / matrix[2, 2])
        found = Found(motion, before.found.size_a, self.found.size_b)
        return self._replace(found=found, region=covered(motion.matrix, found.size_a, found.size_b))

    def at_scale(self, image_b: Image) -> Image:
        """B at the size at which its motion was found."""
        return _at_scale(image_b, self.found.size_b)

    def record(self) -> dict[str, Any]:
        """What was done to B."""
        return {
            "resized_b_from": [*self.resized_from] if self.resized_from != self.found.size_b else None,
            "alignment": {**self.found.as_json(), **self.figures, "region": self.region._asdict()},
        }


def place(
    image_a: Image, image_b: Image, names: tuple[str, str], kind: Kind | None, found: Found | None, notice: Notice
) -> Placed:
    """Where B lies on A, by a motion that is found now, or was before.

    names   of both, for what is said of them
    kind    of the motion that is sought; affine if None
    raises  BadInput where the motion is of other sizes, cannot be trusted, or leaves too little
    """
    size_a, size_b = image_a.shape[:2], image_b.shape[:2]
    if found and found.size_a != size_a:
        raise BadInput(f"the motion is of {size_text(found.size_a)} pixels, but {names[0]} is {size_text(size_a)}")
    if found:
        region, figures = covered(found.motion.matrix, size_a, found.size_b), {}
    else:
        scaled = _at_scale(image_b, _scaled(size_a, size_b))
        alignment = _align(image_a, scaled, names, kind or "affine")
        found = Found(alignment.motion, (size_a[0], size_a[1]), (scaled.shape[0], scaled.shape[1]))
        region, figures = alignment.region, _figures(alignment)
    if min(region.size) < PATCH:
        raise BadInput(f"{names[0]} and {names[1]} have less than {PATCH} pixels in common")
    notice(_says(names, found, size_b, figures, region))
    return Placed(found, region, figures, size_b)


def align_pair(
    image_a: Image, image_b: Image, names: tuple[str, str], kind: Kind | None, found: Found | None, notice: Notice
) -> tuple[Image, Image, dict[str, Any]]:
    """A and B, B moved onto A; both are cut to what they share. With a record of what was done.

    raises  BadInput, as `place`
    """
    placed = place(image_a, image_b, names, kind, found, notice)
    return placed.region.of(image_a), placed.region.of(placed.warp_to_a(image_b)), placed.record()


def _align(image_a: Image, image_b: Image, names: tuple[str, str], kind: Kind) -> Alignment:
    try:
        return align(gray(image_a), gray(image_b), kind)
    except BadInput as error:
        raise BadInput(str(error).replace("the photographs", " and ".join(names))) from error


def _scaled(size_a: tuple[int, ...], size_b: tuple[int, ...]) -> tuple[int, int]:
    """The size at which B has as many pixels as A, its shape kept: moving alone would not smooth what shrinks."""
    scale = math.sqrt(math.prod(size_a) / math.prod(size_b))
    if abs(scale - 1) < 0.05:  # the motion takes care of it
        scale = 1.0
    return max(PATCH, round(size_b[0] * scale)), max(PATCH, round(size_b[1] * scale))


def _at_scale(image: Image, size: tuple[int, int]) -> Image:
    return image if image.shape[:2] == size else np.clip(imresize(image, [*size]), 0.0, 1.0)


def _figures(alignment: Alignment) -> dict[str, Any]:
    return {
        "features": alignment.features,
        "matches": alignment.matches,
        "correlation": round(alignment.correlation, 6),
        "residual": round(alignment.residual, 3),
    }


def _says(
    names: tuple[str, str], found: Found, size_b: tuple[int, ...], figures: dict[str, Any], region: Region
) -> str:
    left = math.prod(region.size) / math.prod(found.size_a)
    resized = f"resized from {size_text(size_b)} to {size_text(found.size_b)} and " if size_b != found.size_b else ""
    why = "a motion found before"
    if figures:
        why = (
            f"{figures['features']} of {figures['matches']} matching features agree, off by "
            f"{figures['residual']:.2f} pixel on the median, correlation {figures['correlation']:.3f}"
        )
    return (
        f"{names[1]} is {resized}moved onto {names[0]} ({found.motion.kind}: {why}), of which it covers rows "
        f"{region.top} to {region.bottom - 1} and columns {region.left} to {region.right - 1}, {left:.1%}"
    )
