"""Uploaded photographs: checked before they are decoded, and scaled so that the page answers at once."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path, PurePath
from typing import NamedTuple

import numpy as np

from matlab_compat import imresize
from reference.errors import BadInput
from reference.images.decoding import check_size
from reference.images.files import ImageFile, in_class, read_photograph
from reference.jobs.agreement import reduced


class Limits(NamedTuple):
    """Limits of uploads: megabytes of a file, megapixels to decode, and megapixels to process."""

    megabytes: int = 64
    megapixels: float = 50.0
    working: float = 1.0


class Source(NamedTuple):
    """A photograph: its name in the command line, its pixels, and (H, W) before it was scaled down."""

    name: str
    file: ImageFile
    scaled_from: tuple[int, ...] | None = None

    @property
    def notice(self) -> str:
        """A sentence on what was done to it; empty if nothing was."""
        if not self.scaled_from:
            return ""
        (rows, columns), (height, width) = self.scaled_from, self.file.shape[:2]
        return (
            f"{self.name} has {columns} x {rows} pixels; scaled to {width} x {height} (imresize), so that the page "
            "answers quickly. The zip holds what was used."
        )


def read_upload(path: Path, limits: Limits, name: str | None = None, within: Path | None = None) -> Source:
    """Read an uploaded photograph, delete its file, and scale it down if it is large.

    name    its name for the visitor, if different
    within  the folder of uploads, outside which nothing is read or deleted
    raises  BadInput, with that name, for a file that is no image or exceeds the limits
    """
    name = PurePath(name or path).name
    if within and within.resolve() not in path.resolve().parents:
        raise BadInput(f"{name} was not uploaded: drop it again")
    if not path.exists():  # already read and deleted as the upload for the other side
        raise BadInput(f"{name} has gone already: drop it again")
    try:
        if path.stat().st_size > limits.megabytes * 1e6:
            raise BadInput(f"{path} has {path.stat().st_size / 1e6:.0f} megabytes, but {limits.megabytes} are allowed")
        check_size(path, limits.megapixels)
        file = read_photograph(path)
    except BadInput as error:
        raise BadInput(str(error).replace(str(path), name)) from error
    finally:
        path.unlink(missing_ok=True)
    smaller = _scaled(file, limits.working)
    return Source(name, smaller, None if smaller is file else file.shape[:2])


def _scaled(file: ImageFile, megapixels: float) -> ImageFile:
    """The image with at most so many megapixels, in the class in which it is stored."""
    rows, columns = file.shape[:2]
    if rows * columns <= megapixels * 1e6:
        return file
    scale = math.sqrt(megapixels * 1e6 / (rows * columns))
    size = [max(16, int(rows * scale)), max(16, int(columns * scale))]
    # From means of whole pixels, since doubles of a large photograph would take gigabytes.
    smaller = np.clip(imresize(reduced(file, 3 * max(size) // 2), size), 0.0, 1.0)
    return replace(file, raw=in_class(smaller, file.stored))
