"""One photograph moved onto another, with a word to the user on how well."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from matlab_compat import imresize
from reference.align.align import Alignment, align
from reference.align.motion import Kind
from reference.align.motion_file import Found
from reference.align.warp import Region, covered, warp
from reference.arrays import Image
from reference.errors import BadInput
from reference.gray import gray

__all__ = ["Notice", "moved_onto", "size_text"]

Notice = Callable[[str], None]  # told a sentence


def moved_onto(
    image_a: Image, image_b: Image, names: tuple[str, str], kind: Kind | None, found: Found | None, notice: Notice
) -> tuple[Image, Image, dict[str, Any]]:
    """A and B, B moved onto A by a motion that is found now, or was before; both are cut to what they share.

    names    of both, for what is said of them
    kind     of the motion that is sought; affine if None
    returns  both, and a record of what was done
    raises   BadInput where the motion is of other sizes or cannot be trusted
    """
    size_a, size_b = image_a.shape[:2], image_b.shape[:2]
    if found and found.size_a != size_a:
        raise BadInput(f"the motion is of {size_text(found.size_a)} pixels, but {names[0]} is {size_text(size_a)}")
    image_b = _at_scale(image_b, found.size_b if found else _scaled(size_a, size_b), names[1], notice)
    figures: dict[str, Any] = {}
    if found:
        motion = found.motion
        region = covered(motion.matrix, size_a, image_b.shape)
    else:
        alignment = _align(image_a, image_b, names, kind or "affine")
        motion, region, figures = alignment.motion, alignment.region, _figures(alignment)
    if min(region.bottom - region.top, region.right - region.left) < 16:
        raise BadInput(f"{names[0]} and {names[1]} have less than 16 pixels in common")
    notice(_says(names, motion.kind, figures, region, size_a))
    used = Found(motion, (size_a[0], size_a[1]), (image_b.shape[0], image_b.shape[1]))
    record = {
        "resized_b_from": [*size_b] if image_b.shape[:2] != size_b else None,
        "alignment": {**used.as_json(), **figures, "region": region._asdict()},
    }
    warped = warp(image_b, motion.matrix, size_a)
    return region.of(image_a), region.of(warped), record


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
    return max(16, round(size_b[0] * scale)), max(16, round(size_b[1] * scale))


def _at_scale(image: Image, size: tuple[int, int], name: str, notice: Notice) -> Image:
    if image.shape[:2] == size:
        return image
    notice(f"{name} is {size_text(image.shape)} pixels: resized to {size_text(size)} before it is aligned (imresize)")
    return np.clip(imresize(image, [*size]), 0.0, 1.0)


def _figures(alignment: Alignment) -> dict[str, Any]:
    return {
        "features": alignment.features,
        "matches": alignment.matches,
        "correlation": round(alignment.correlation, 6),
        "residual": round(alignment.residual, 3),
    }


def _says(names: tuple[str, str], kind: str, figures: dict[str, Any], region: Region, size: tuple[int, ...]) -> str:
    left = (region.bottom - region.top) * (region.right - region.left) / math.prod(size)
    why = "a motion found before"
    if figures:
        why = (
            f"{figures['features']} of {figures['matches']} matching features agree, off by "
            f"{figures['residual']:.2f} pixel on the median, correlation {figures['correlation']:.3f}"
        )
    return (
        f"{names[1]} is moved onto {names[0]} ({kind}: {why}); both are cut to rows {region.top} to "
        f"{region.bottom - 1} and columns {region.left} to {region.right - 1}, {left:.1%} of {names[0]}"
    )


def size_text(size: tuple[int, ...]) -> str:
    """Columns first, as people say it.

    >>> size_text((480, 640))
    '640 x 480'
    """
    return f"{size[1]} x {size[0]}"
