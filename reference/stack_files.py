"""Fuse many image files into one: order, alignment, the fold, and what is written beside the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reference.align.motion import Kind
from reference.align.onto import Placed, place, size_text
from reference.align.warp import Region
from reference.arrays import Image
from reference.errors import BadInput
from reference.files import check_free, replacing
from reference.fusing import Fusing
from reference.image_io import ImageFile, check_output, read_image, write_image
from reference.manifest import described_file, versions, write_json
from reference.patches import PATCH
from reference.source_files import check_alike
from reference.stack import Photograph, stack

__all__ = ["Opened", "StackJob", "open_stack", "stack_files", "stack_outputs"]


@dataclass(frozen=True)
class StackJob:
    """Files of one scene, the file of the result, and how it is to be made.

    align   kind of the motions by which all are moved onto the first; None for a camera that stood still
    done    told what has been done
    notice  told, in a sentence, of anything done beyond the steps
    """

    paths: Sequence[Path]
    output: Path
    fusing: Fusing
    align: Kind | None = None
    done: Callable[[str], None] = field(default=lambda what: None)
    notice: Callable[[str], None] = field(default=lambda sentence: None)

    @property
    def ordered(self) -> list[Path]:
        """By name, so that the order in which files are given changes nothing."""
        return sorted(self.paths, key=lambda path: (path.name, str(path)))


class Opened(NamedTuple):
    """A stack that can be read: the class of its pixels, where each photograph lies, and the part that all cover."""

    stored: np.dtype[Any]
    places: list[Placed | None]
    region: Region
    photographs: list[Photograph]


def open_stack(job: StackJob) -> Opened:
    """Find where all photographs lie; each is read again whenever it is asked for.

    raises  BadInput where they cannot be stacked or aligned
    """
    paths = job.ordered
    if len({path.resolve() for path in paths}) < max(2, len(paths)):
        raise BadInput(f"{len(paths)} files are given, but a stack has two or more, each once")
    first = read_image(paths[0])
    check_output(job.output, first.stored, first.pixels.ndim == 3)
    check_free(stack_outputs(job.output), paths)
    places = _places(job, paths, first)
    region = _shared(places, first.pixels.shape)
    photographs = [partial(_pixels, path, placed, region) for path, placed in zip(paths, places, strict=True)]
    return Opened(first.stored, places, region, [*photographs])


def stack_outputs(output: Path) -> tuple[Path, Path, Path, Path]:
    """All that is written: result, index map, depth, manifest."""
    beside = (output.with_name(f"{output.stem}_{what}.png") for what in ("index", "depth"))
    return output, *beside, output.with_name(f"{output.name}.json")  # type: ignore[return-value]


def stack_files(job: StackJob) -> dict[str, Any]:
    """Fuse the files, write result, index map, depth and manifest, and return the manifest.

    raises  BadInput or MissingExtra, before anything is written
    """
    opened, paths = open_stack(job), job.ordered
    stacked = stack(opened.photographs, job.fusing, job.done)

    with ExitStack() as all_or_nothing:
        manifest, depth, index, result = (
            all_or_nothing.enter_context(replacing(path)) for path in reversed(stack_outputs(job.output))
        )
        write_image(result, stacked.image, opened.stored)
        _write_index(index, stacked.index_map, len(paths))
        write_image(depth, stacked.depth)
        record = {
            "result": described_file(result, job.output.name),
            "sources": [described_file(path) for path in paths],
            "share_of_each": [round(float((stacked.index_map == k).mean()), 6) for k in range(len(paths))],
            "size": list(stacked.index_map.shape),
            "stored": str(opened.stored),
            "region": opened.region._asdict(),
            "moved": [placed.record() if placed else None for placed in opened.places],
            **job.fusing.record(),
            "versions": versions(),
        }
        write_json(manifest, record)
    return record


def _places(job: StackJob, paths: Sequence[Path], first: ImageFile) -> list[Placed | None]:
    """Where each photograph lies on the first; None where nothing is to be moved.

    Each is moved onto the one before it: neighbours in a stack show more in common than its ends.
    """
    places: list[Placed | None] = [None]
    last, last_path = first.pixels, paths[0]
    for path in paths[1:]:
        file, names = read_image(path), (str(last_path), str(path))
        check_alike(first, file, (str(paths[0]), str(path)))
        placed = place(last, file.pixels, names, job.align, None, job.notice) if job.align else None
        if placed is None and file.pixels.shape != first.pixels.shape:
            sizes = f"{size_text(first.pixels.shape)} pixels but {path} is {size_text(file.pixels.shape)}"
            raise BadInput(f"{paths[0]} is {sizes}: use --align")
        last, last_path = placed.at_scale(file.pixels) if placed else file.pixels, path
        places.append(placed.after(places[-1]) if placed and places[-1] else placed)
    return places


def _shared(places: Sequence[Placed | None], shape: tuple[int, ...]) -> Region:
    """The part of the first photograph that all cover."""
    regions = [Region(0, shape[0], 0, shape[1]), *(placed.region for placed in places if placed)]
    tops, bottoms, lefts, rights = zip(*regions, strict=True)
    shared = Region(max(tops), min(bottoms), max(lefts), min(rights))
    if min(shared.size) < PATCH:
        raise BadInput(f"the photographs have less than {PATCH} pixels in common")
    return shared


def _pixels(path: Path, placed: Placed | None, region: Region) -> Image:
    image = read_image(path).pixels
    return np.ascontiguousarray(region.of(placed.bring(image) if placed else image))


def _write_index(path: Path, index: Any, photographs: int) -> None:
    """As whole numbers from 0, in 8 bits where these suffice."""
    from PIL import Image as PillowImage

    PillowImage.fromarray(index.astype(np.uint8) if photographs <= 256 else index).save(path)
