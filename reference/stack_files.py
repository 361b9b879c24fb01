"""Fuse many image files into one, with what is written beside the result."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from reference.files import replacing
from reference.image_io import write_image
from reference.manifest import described_file, versions, write_json
from reference.planes import Plane
from reference.stack import stack
from reference.stack_opening import StackJob, open_stack, stack_outputs

__all__ = ["stack_files"]


def stack_files(job: StackJob) -> dict[str, Any]:
    """Fuse the files, write result, index map, depth and manifest, and return the manifest.

    raises  BadInput or MissingExtra, before anything is written
    """
    opened, planes = open_stack(job), job.ordered
    stacked = stack(opened.photographs, job.fusing, job.done)

    with ExitStack() as all_or_nothing:
        manifest, depth, index, result = (
            all_or_nothing.enter_context(replacing(path)) for path in reversed(stack_outputs(job.output))
        )
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
            **job.fusing.record(),
            "versions": versions(),
        }
        write_json(manifest, record)
    return record


def _described(planes: Sequence[Plane]) -> list[dict[str, Any]]:
    """Every file once digested, and the page of a photograph that is one of many in it."""
    files = {plane.path: described_file(plane.path) for plane in planes}
    return [{**files[plane.path], **({} if plane.page is None else {"page": plane.page})} for plane in planes]


def _write_index(path: Path, index: Any, photographs: int) -> None:
    """As whole numbers from 0, in 8 bits where these suffice."""
    from PIL import Image as PillowImage

    PillowImage.fromarray(index.astype(np.uint8) if photographs <= 256 else index).save(path)
