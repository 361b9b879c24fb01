"""Fuse many image files: order and align them, crop to what all cover, fuse, and write the results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reference.align.motion import Kind
from reference.align.placement import Placed, place
from reference.errors import BadInput
from reference.files import atomic_writes, described_file, refuse_overwrite, resolved, write_json
from reference.images.files import ImageFile, check_output, read_photograph, size_text, write_image
from reference.images.metadata import Metadata
from reference.images.region import Region
from reference.images.stacks import Plane
from reference.jobs.manifest import versions
from reference.jobs.progress import Progress, silent
from reference.jobs.sources import check_alike, tell_of_lost_colour, tell_of_photograph
from reference.jobs.stack_fusion import Photograph, stack
from reference.jobs.tiles import estimate_stack, memory_notice, tile_size_for
from reference.methods.base import FusionMethod
from reference.steps.arrays import PATCH, Image

__all__ = ["OpenedStack", "StackJob", "open_stack", "stack_files", "stack_outputs"]


@dataclass(frozen=True)
class StackJob:
    """Photographs of one scene, the file of the result, and how to make it.

    planes     the photographs in their order, by `images.stacks.planes`
    align      kind of the motions by which all are moved onto the first; None for a camera that did not move
    as_stored  take pixels as MATLAB's imread does, instead of turning photographs upright
    reads      further inputs that must not be overwritten: weights
    progress   receives how many of 2 N - 1 passes over a photograph are done
    notice     receives a sentence on anything done beyond the steps
    """

    planes: Sequence[Plane]
    output: Path
    method: FusionMethod
    align: Kind | None = None
    as_stored: bool = False
    reads: tuple[Path, ...] = ()
    progress: Progress = silent
    notice: Callable[[str], None] = field(default=lambda sentence: None)

    def read(self, plane: Plane) -> ImageFile:
        """Read a photograph, turned upright unless wanted as stored."""
        return read_photograph(plane.path, self.as_stored, plane.page)


class OpenedStack(NamedTuple):
    """A checked stack: class and metadata of its first photograph, places of all, and the region that all cover."""

    stored: np.dtype[Any]
    metadata: Metadata
    places: list[Placed | None]
    region: Region
    photographs: list[Photograph]


def open_stack(job: StackJob) -> OpenedStack:
    """Check and align all photographs; their pixels are read again on demand.

    raises  BadInput where they cannot be stacked or aligned
    """
    planes = job.planes
    _check_each_once(planes)
    first = job.read(planes[0])
    if len(planes) < 2:
        raise BadInput(f"{planes[0]} is one photograph, but a stack has two or more")
    check_output(job.output, first.stored, len(first.shape) == 3)
    refuse_overwrite(stack_outputs(job.output), {*(plane.path for plane in planes), *job.reads})
    if tile_size_for(first.shape, job.method):
        job.notice(memory_notice(first, "decided in tiles", estimate_stack(first, job.method)))
    places = _places(job, planes, first)
    region = _shared(places, first.shape)
    photographs = [partial(_pixels, job, plane, placed, region) for plane, placed in zip(planes, places, strict=True)]
    return OpenedStack(first.stored, first.metadata, places, region, [*photographs])


def stack_outputs(output: Path) -> tuple[Path, Path, Path, Path]:
    """All outputs: result, index map, depth, manifest."""
    if not output.name:
        raise BadInput(f"{output} is a folder: name a file in it")
    index, depth = (output.with_name(f"{output.stem}_{what}.png") for what in ("index", "depth"))
    return output, index, depth, output.with_name(f"{output.name}.json")


def _check_each_once(planes: Sequence[Plane]) -> None:
    seen: dict[tuple[Path, int | None], Plane] = {}
    for plane in planes:
        before = seen.setdefault((resolved(plane.path), plane.page), plane)
        if before is not plane:
            same = "" if before == plane else f" and {plane}, the same file,"
            raise BadInput(f"{before}{same} is given twice, but a stack takes each photograph once")


def _places(job: StackJob, planes: Sequence[Plane], first: ImageFile) -> list[Placed | None]:
    """Where each photograph lies on the first; None where none is moved.

    Each is aligned with its predecessor, since neighbours in a stack have more in common than its ends.
    """
    places: list[Placed | None] = [None]
    last, last_plane = first.pixels, planes[0]
    tell_of_photograph(first, str(planes[0]), job.notice)
    tell_of_lost_colour(first.metadata, job.output, job.notice)
    for plane in planes[1:]:
        file, names = job.read(plane), (str(last_plane), str(plane))
        tell_of_photograph(file, str(plane), job.notice)
        check_alike(first, file, (str(planes[0]), str(plane)), job.notice)
        placed = place(last, file.pixels, names, job.align, None, job.notice) if job.align else None
        if placed is None and file.shape != first.shape:
            sizes = f"{size_text(first.shape)} pixels but {plane} is {size_text(file.shape)}"
            raise BadInput(f"{planes[0]} is {sizes}: use --align")
        last, last_plane = placed.at_scale(file.pixels) if placed else file.pixels, plane
        places.append(placed.compose(places[-1]) if placed and places[-1] else placed)
    return places


def _shared(places: Sequence[Placed | None], shape: tuple[int, ...]) -> Region:
    """The region of the first photograph that all cover."""
    regions = [Region(0, shape[0], 0, shape[1]), *(placed.region for placed in places if placed)]
    tops, bottoms, lefts, rights = zip(*regions, strict=True)
    shared = Region(max(tops), min(bottoms), max(lefts), min(rights))
    if min(shared.size) < PATCH:
        raise BadInput(f"the photographs have less than {PATCH} pixels in common")
    return shared


def _pixels(job: StackJob, plane: Plane, placed: Placed | None, region: Region) -> Image:
    image = job.read(plane).pixels
    return np.ascontiguousarray(region.of(placed.warp_to_a(image) if placed else image))


def stack_files(job: StackJob) -> dict[str, Any]:
    """Fuse the files, write result, index map, depth and manifest, and return the manifest.

    raises  BadInput or MissingExtra, before anything is written
    """
    opened, planes = open_stack(job), job.planes
    stacked = stack(opened.photographs, job.method, job.progress)

    with atomic_writes(*stack_outputs(job.output)) as (result, index, depth, manifest):
        write_image(result, stacked.image, opened.stored, opened.metadata)
        _write_index(index, stacked.index_map, len(planes))
        write_image(depth, stacked.depth)
        record = {
            "result": described_file(result, job.output.name),
            "sources": _described(planes),
            "share_of_each": [round(float((stacked.index_map == k).mean()), 6) for k in range(len(planes))],
            "size": list(stacked.index_map.shape),
            "stored": str(opened.stored),
            "upright": not job.as_stored,
            "region": opened.region._asdict(),
            "moved": [placed.record() if placed else None for placed in opened.places],
            **job.method.record(),
            "versions": versions(),
        }
        write_json(manifest, record)
    return record


def _described(planes: Sequence[Plane]) -> list[dict[str, Any]]:
    """The file of each photograph, digested once, and its page in a file of several."""
    files = {plane.path: described_file(plane.path) for plane in planes}
    return [{**files[plane.path], **({} if plane.page is None else {"page": plane.page})} for plane in planes]


def _write_index(path: Path, index: Any, photographs: int) -> None:
    """Write the index map as integers from 0, in 8 bits where these suffice, else in 16."""
    from PIL import Image as PillowImage

    PillowImage.fromarray(index.astype(np.uint8) if photographs <= 256 else index).save(path)
