"""Fuse many image files: order and align them, crop to what all cover, fuse, and write the results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from matlab_compat import im2uint8
from reference.align.motion import Kind
from reference.align.placement import Placed, at_scale, place
from reference.errors import BadInput
from reference.files import atomic_writes, described_file, refuse_overwrite, resolved, write_json
from reference.images.files import ImageFile, check_output, in_class, size_text, write_stored
from reference.images.metadata import Metadata
from reference.images.region import Region
from reference.images.stacks import Plane
from reference.jobs.agreement import compare, reduced, tell_of_motion
from reference.jobs.fuse import Job, with_files_beside
from reference.jobs.manifest import versions
from reference.jobs.sources import check_alike, tell_of_lost_colour, tell_of_photograph
from reference.jobs.stack_fusion import Photograph, stack, stack_by_index
from reference.jobs.tiles import estimate_stack, memory_notice, tile_size_for
from reference.methods.base import FusionMethod, confidence
from reference.methods.given import GivenDecision
from reference.steps.arrays import PATCH, Image


@dataclass(frozen=True)
class StackJob(Job):
    """Photographs of one scene, the file of the result, and how to make it."""

    planes: Sequence[Plane]  # in their order
    output: Path
    method: FusionMethod
    align: Kind | None = None  # kind of the motions onto the first; None for a camera that did not move
    evens: bool = False  # whether all are made as bright as the first


RAMPS = ((40, 50, 30, 120, 250), (30, 100, 160, 205, 230), (110, 140, 140, 80, 40))  # red, green, blue


class OpenedStack(NamedTuple):
    """A checked stack: its first photograph's class and metadata, gains and places of all, and what all cover."""

    stored: np.dtype[Any]
    metadata: Metadata
    gains: list[NDArray[np.float64]]
    places: list[Placed | None]
    region: Region
    photographs: list[Photograph]


def open_stack(job: StackJob) -> OpenedStack:
    """Check and align all photographs, or raise BadInput; their pixels are read again on demand."""
    planes = job.planes
    _check_each_once(planes)
    first = job.read(*planes[0])
    if len(planes) < 2:
        raise BadInput(f"{planes[0]} is one photograph, but a stack has two or more")
    check_output(job.output, first.stored)
    refuse_overwrite(stack_outputs(job.output), {*(plane.path for plane in planes), *job.reads})
    if tile_size_for(first.shape, job.method):
        job.notice(memory_notice(first, "decided in tiles", estimate_stack(first, job.method)))
    places, gains = _places(job, planes, first)
    region = _shared(places, first.shape)
    photographs = [partial(_pixels, job, *one, region) for one in zip(planes, places, gains, strict=True)]
    return OpenedStack(first.stored, first.metadata, gains, places, region, [*photographs])


def stack_outputs(output: Path) -> tuple[Path, ...]:
    """All outputs: result, index map to look at and as numbers, depth, confidence of methods that know it, manifest."""
    return with_files_beside(output, "_index.png", "_index.tif", "_depth.png", "_confidence.png")


def _check_each_once(planes: Sequence[Plane]) -> None:
    seen: dict[tuple[Path, int | None], Plane] = {}
    for plane in planes:
        before = seen.setdefault((resolved(plane.path), plane.page), plane)
        if before is not plane:
            same = "" if before == plane else f" and {plane}, the same file,"
            raise BadInput(f"{before}{same} is given twice, but a stack takes each photograph once")


def _places(
    job: StackJob, planes: Sequence[Plane], first: ImageFile
) -> tuple[list[Placed | None], list[NDArray[np.float64]]]:
    """Where each photograph lies on the first, None where none is moved, and the gains that make it as bright.

    Each is compared with its predecessor, since neighbours in a stack have more in common than its ends.
    """
    places: list[Placed | None] = [None]
    gains, small = [np.ones(1)], (first_small := reduced(first))
    last, last_plane = first.pixels, planes[0]
    tell_of_photograph(first, str(planes[0]), job.notice)
    tell_of_lost_colour(first.metadata, job.output, job.notice)
    for plane in planes[1:]:
        file, names = job.read(*plane), (str(last_plane), str(plane))
        tell_of_photograph(file, str(plane), job.notice)
        check_alike(first, file, (str(planes[0]), str(plane)), job.notice)
        placed = place(last, file.pixels, names, job.align, None, job.notice) if job.align else None
        if placed is None and file.shape != first.shape:
            sizes = f"{size_text(first.shape)} pixels but {plane} is {size_text(file.shape)}"
            raise BadInput(f"{planes[0]} is {sizes}: use --align")
        before, small = small, reduced(file)
        gains.append(gains[-1] * compare(before, small, names, 0 if placed else max(file.shape), job.evens, job.notice))
        last, last_plane = at_scale(file.pixels, placed.pair_motion.size_b) if placed else file.pixels, plane
        places.append(placed.compose(places[-1]) if placed and places[-1] else placed)
    if len(planes) > 2 and not job.align:  # many small steps are none of them told
        tell_of_motion(first_small, small, (str(planes[0]), str(planes[-1])), max(first.shape), job.notice)
    return places, gains


def _shared(places: Sequence[Placed | None], shape: tuple[int, ...]) -> Region:
    """The region of the first photograph that all cover."""
    regions = [Region(0, shape[0], 0, shape[1]), *(placed.region for placed in places if placed)]
    tops, bottoms, lefts, rights = zip(*regions, strict=True)
    shared = Region(max(tops), min(bottoms), max(lefts), min(rights))
    if min(shared.size) < PATCH:
        raise BadInput(f"the photographs have less than {PATCH} pixels in common")
    return shared


def _pixels(job: StackJob, plane: Plane, placed: Placed | None, gains: NDArray[np.float64], region: Region) -> Image:
    image = job.read(*plane).pixels
    image = np.clip(image * gains, 0.0, 1.0) if job.evens else image
    return np.ascontiguousarray(region.of(placed.warp_to_a(image) if placed else image))


def stack_files(job: StackJob) -> dict[str, Any]:
    """Fuse the files, write `stack_outputs`, and return the manifest; bad input is refused before any is written."""
    opened, planes = open_stack(job), job.planes
    if isinstance(job.method, GivenDecision):
        job.method.check(opened.region.size, len(planes))
        stacked = stack_by_index(opened.photographs, job.method.values, job.method.parameters, job.progress)
    else:
        stacked = stack(opened.photographs, job.method, job.progress)

    *pictures, sure_beside, says = stack_outputs(job.output)
    known = [] if stacked.error is None else [sure_beside]
    with atomic_writes(*pictures, *known, says) as (result, index, numbers, depth, *sure, manifest):
        write_stored(result, in_class(stacked.image, opened.stored, job.white), opened.metadata, job.quality)
        _write_palette(index, stacked.index_map, len(planes))
        write_stored(numbers, stacked.index_map.astype(np.uint8 if len(planes) <= 256 else np.uint16))
        write_stored(depth, im2uint8(stacked.depth))
        for path in sure:
            write_stored(path, im2uint8(confidence(np.asarray(stacked.error))))
        files = {path: described_file(path) for path in {plane.path for plane in planes}}  # each digested once
        record = {
            "result": described_file(result, job.output.name),
            "sources": [files[path] | ({} if page is None else {"page": page}) for path, page in planes],
            "share_of_each": [round(float((stacked.index_map == k).mean()), 6) for k in range(len(planes))],
            "size": list(stacked.index_map.shape),
            "stored": str(opened.stored),
            "upright": not job.as_stored,
            "region": opened.region._asdict(),
            **({"white_level": job.white} if job.white else {}),
            **({"exposure_gains": [each.tolist() for each in opened.gains]} if job.evens else {}),
            "moved": [placed.record() if placed else None for placed in opened.places],
            **job.method.record(),
            "versions": versions(),
        }
        write_json(manifest, record)
    if not known:  # nothing of another picture stays beside this one
        sure_beside.unlink(missing_ok=True)
    return record


def _write_palette(path: Path, index: NDArray[np.uint16], photographs: int) -> None:
    """Write the index map to be looked at: a colour for each photograph, from blue over green to yellow."""
    position = np.linspace(0.0, 1.0, min(photographs, 256))
    red, green, blue = (np.interp(position, (0, 0.25, 0.5, 0.75, 1), ramp) for ramp in RAMPS)
    picture = PillowImage.fromarray((index // -(-photographs // 256)).astype(np.uint8), "P")
    picture.putpalette(np.rint(np.stack([red, green, blue], axis=1)).astype(np.uint8).tobytes())
    picture.save(path)
