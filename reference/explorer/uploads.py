"""What a visitor gives: checked before it is decoded, and brought to a size at which the page answers at once."""

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

__all__ = ["Limits", "Source", "read_upload"]


class Limits(NamedTuple):
    """Of uploads: megabytes of a file, megapixels that are decoded, and megapixels that are worked on."""

    megabytes: int = 64
    megapixels: float = 50.0
    working: float = 1.0


class Source(NamedTuple):
    """One photograph: what the command line is to call it, its pixels, and (H, W) before it was scaled down."""

    name: str
    file: ImageFile
    scaled_from: tuple[int, int] | None = None

    @property
    def notice(self) -> str:
        """A sentence on what was done to it, or nothing."""
        if not self.scaled_from:
            return ""
        (rows, columns), (height, width) = self.scaled_from, self.file.shape[:2]
        return (
            f"{self.name} has {columns} x {rows} pixels; scaled to {width} x {height} (imresize), so that the page "
            "answers quickly. The zip holds what was used."
        )


def read_upload(path: Path, limits: Limits, name: str | None = None) -> Source:
    """Read an uploaded photograph and delete it; a large one is scaled down.

    name    that it has for the visitor, if it is another one than here
    raises  BadInput for what is no image, or larger than the limits, named as the visitor knows it
    """
    name = PurePath(name or path).name
    if not path.exists():  # the same file, dropped for the other side a moment ago, was read and deleted
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
    size = file.shape[:2]
    smaller = _scaled(file, limits.working)
    return Source(name, smaller, None if smaller is file else (size[0], size[1]))


def _scaled(file: ImageFile, megapixels: float) -> ImageFile:
    """At most so many megapixels, in levels of the class that the file is stored in."""
    rows, columns = file.shape[:2]
    if rows * columns <= megapixels * 1e6:
        return file
    scale = math.sqrt(megapixels * 1e6 / (rows * columns))
    smaller = np.clip(imresize(file.pixels, [max(16, int(rows * scale)), max(16, int(columns * scale))]), 0.0, 1.0)
    return replace(file, raw=in_class(smaller, file.stored))
