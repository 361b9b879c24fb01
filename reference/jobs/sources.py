"""Preparing two sources for fusion: checks of depth and colour, and one common grid."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from matlab_compat import imresize
from reference.errors import BadInput
from reference.images.files import ImageFile, size_text
from reference.images.metadata import Metadata
from reference.jobs.agreement import compare, reduced
from reference.steps.arrays import Image
from reference.steps.checks import check_image

if TYPE_CHECKING:  # most pairs need no alignment, so it is loaded on demand
    from reference.align.motion import Kind, PairMotion
    from reference.align.placement import Notice


def same_size(image_b: Image, shape: tuple[int, ...]) -> Image:
    """Resize B to the height and width of A, overshoot clipped to [0, 1]; an image of that size is returned unchanged.

    MATLAB: imresize(image_b, [H W])      (paper, contribution 1: "effectively handles ... images that differ in size")
    Parity: 1e-15 (matlab_compat.imresize).

    >>> same_size(np.zeros((20, 30)), (40, 50)).shape
    (40, 50)
    """
    check_image("image_b", image_b)
    if image_b.shape[:2] == tuple(shape[:2]):
        return image_b
    return np.clip(imresize(image_b, list(shape[:2])), 0.0, 1.0)


ASPECT = 0.01  # relative difference in width over height that is tolerated without alignment


class Fit(NamedTuple):
    """How sources are brought onto one grid."""

    strict_size: bool = False  # refuse sources of different size
    onto: Literal["a", "b", "larger"] = "a"  # whose grid; the other is resized
    align: Kind | None = None  # estimate a motion of this kind, and move B onto A
    motion: PairMotion | None = None  # a known motion instead
    match_exposure: bool = False  # make B as bright as A


AS_THEY_ARE = Fit()


class Sources(NamedTuple):
    """Two images of one shape, and a record of what was done to them."""

    a: ImageFile
    b: ImageFile
    record: dict[str, Any]


def bring_to_one_grid(a: ImageFile, b: ImageFile, names: tuple[str, str], fit: Fit, notice: Notice) -> Sources:
    """Bring both sources onto one grid, and tell the user what was done."""
    for file, name in zip((a, b), names, strict=True):
        tell_of_photograph(file, name, notice)
    check_alike(a, b, names, notice)
    if np.array_equal(a.raw, b.raw):
        notice(f"{names[0]} and {names[1]} are the same in every pixel: there is nothing to fuse")
    sources = _fitted(a, b, names, fit, notice)
    small_a, small_b = reduced(sources.a), reduced(sources.b)
    side = 0 if fit.align or fit.motion else max(sources.a.shape)
    gains = compare(small_a, small_b, names, side, fit.match_exposure, notice)
    if fit.match_exposure:
        brought = np.clip(sources.b.pixels * gains, 0.0, 1.0)
        return Sources(sources.a, replace(sources.b, raw=brought), {**sources.record, "exposure_gains": gains.tolist()})
    return sources


def _fitted(a: ImageFile, b: ImageFile, names: tuple[str, str], fit: Fit, notice: Notice) -> Sources:
    """Both on one grid, by their sizes or a motion."""
    size_a, size_b = a.shape[:2], b.shape[:2]
    if fit.strict_size and size_a != size_b:
        raise BadInput(f"{names[0]} is {size_text(size_a)} pixels but {names[1]} is {size_text(size_b)}")
    if fit.motion and (a.metadata.orientation > 1 or b.metadata.orientation > 1):
        raise BadInput(f"{names[0]} or {names[1]} is stored turned, but a motion is of photographs turned upright")
    if fit.align or fit.motion:
        from reference.align.placement import align_pair

        image_a, image_b, record = align_pair(a.pixels, b.pixels, names, fit.align, fit.motion, notice)
        return Sources(replace(a, raw=image_a), replace(b, raw=image_b), record)
    if size_a == size_b:
        return Sources(a, b, {"resized_b_from": None})
    difference = abs(math.log(size_a[1] / size_a[0]) - math.log(size_b[1] / size_b[0]))
    if difference > math.log1p(ASPECT) and abs(size_b[1] - size_a[1] * size_b[0] / size_a[0]) > 1:  # more than rounding
        raise BadInput(
            f"{names[0]} is {size_text(size_a)} pixels but {names[1]} is {size_text(size_b)}, of another shape by "
            f"{math.expm1(difference):.0%}: resizing would distort it; use --align"
        )
    if fit.onto == "b" or (fit.onto == "larger" and math.prod(size_b) > math.prod(size_a)):
        resized = _resized(a, size_b, names[0], names[1], notice)
        return Sources(resized, b, {"resized_b_from": None, "resized_a_from": [*size_a]})
    resized = _resized(b, size_a, names[1], names[0], notice)
    return Sources(a, resized, {"resized_b_from": [*size_b]})


def tell_of_lost_colour(metadata: Metadata, output: Path, notice: Notice) -> None:
    """Tell where a source states its colours as only a PNG can, and the result is none."""
    if metadata.colour and output.suffix.lower() != ".png":
        names = ", ".join(kind.decode() for kind, _ in metadata.colour)
        notice(f"{output} cannot say what the PNG says of its colours ({names}): write .png, or convert it afterwards")


SMALL_PART = 1 / 8  # of the range of a class, in which rounding and thresholds begin to matter


def tell_of_photograph(file: ImageFile, name: str, notice: Notice) -> None:
    """Tell what a photograph says of itself that cannot be, or how little of its range it uses."""
    if (icc := file.metadata.icc) and not file.metadata.profile_fits(file.shape):
        notice(f"{name} has a colour profile for {icc[16:20].decode('latin-1').strip()}: it is left out")
    if file.clipped:
        notice(f"{name} leaves [0, 1] by up to {file.clipped:.3g}: it is clipped")
    if (most := file.raw.max()) < SMALL_PART * file.top:
        share = f"{most / file.top:.1%} of its range, up to {most:g} of {file.top:g}"
        notice(f"{name} uses {share}: what is computed from it is less sure; --white-level names another white")


def check_alike(a: ImageFile, b: ImageFile, names: tuple[str, str], notice: Notice) -> None:
    """Refuse sources that differ in depth, or of which only one has colour."""
    name_a, name_b = names
    if (a.metadata.icc, a.metadata.colour) != (b.metadata.icc, b.metadata.colour):
        notice(f"{name_b} has another colour profile than {name_a}: its pixels are taken as if in that")
    if a.turned != b.turned:
        how = f"{name_a} says EXIF orientation {a.turned}, {name_b} says {b.turned}"
        notice(f"{how}: each is turned upright by its own; --deterministic takes them as they are stored")
    if a.stored != b.stored:
        raise BadInput(f"{name_a} is {a.stored} but {name_b} is {b.stored}: convert one of them first")
    if len(a.shape) != len(b.shape):
        kind_a, kind_b = ("gray" if len(one.shape) == 2 else "colour" for one in (a, b))
        raise BadInput(f"{name_a} is {kind_a} but {name_b} is {kind_b}: convert one of them first")


def _resized(image: ImageFile, size: tuple[int, ...], name: str, other: str, notice: Notice) -> ImageFile:
    notice(f"{name} is {size_text(image.shape)} pixels: resized to {size_text(size)}, the size of {other} (imresize)")
    return replace(image, raw=same_size(image.pixels, size))
