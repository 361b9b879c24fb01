"""Files of many photographs: the pages of a TIFF, or the planes of an OME or ImageJ stack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tifffile

from reference.errors import BadInput
from reference.images.decoding import RAW
from reference.images.tiff_pages import full_size, is_tiff, series_of

__all__ = ["Plane", "in_natural_order", "planes"]

STACKED = "ZIQ"  # axes of a stack in tifffile's letters: depth, sequence, unknown
OF_ONE = "YXS"  # axes of one photograph: rows, columns, colours


class Plane(NamedTuple):
    """One photograph: its file, and its page where the file holds several."""

    path: Path
    page: int | None = None

    def __str__(self) -> str:
        return str(self.path) if self.page is None else f"{self.path}, page {self.page + 1}"


def planes(paths: Iterable[Path]) -> list[Plane]:
    """Every photograph in the files, pages in their order.

    raises  BadInput for a file with further dimensions, such as time or colour channels
    """
    return [plane for path in paths for plane in _planes(path)]


def in_natural_order(planes: Sequence[Plane]) -> list[Plane]:
    """The photographs as given; but names in the order of their characters, as shells give them, by their numbers.

    >>> [str(plane) for plane in in_natural_order([Plane(Path(f"{n}.png")) for n in (1, 10, 2)])]
    ['1.png', '2.png', '10.png']
    """
    by_characters = [sorted(planes, key=lambda plane: case(str(plane.path))) for case in (str, str.casefold)]
    return sorted(planes, key=_numbers) if [*planes] in by_characters else [*planes]


def _numbers(plane: Plane) -> tuple[list[tuple[int, str]], str]:
    """The parts of a name, those of digits by their value."""
    parts = re.findall("[0-9]+|[^0-9]+", str(plane.path).casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], str(plane.path)


def _planes(path: Path) -> list[Plane]:
    try:
        count = _pages(path) if is_tiff(path) and path.suffix.lower() not in RAW else 1
    except BadInput:
        raise
    except Exception:  # `read_stored` reports what is wrong with the file
        count = 1
    return [Plane(path)] if count == 1 else [Plane(path, page) for page in range(count)]


def _pages(path: Path) -> int:
    with tifffile.TiffFile(path) as tiff:
        pages = full_size(tiff)
        if len(pages) == 1:
            return 1
        series: Any = series_of(tiff)
        named = zip(series.axes, series.shape, strict=True)
        sizes = [(axis, size) for axis, size in named if size > 1 and axis not in OF_ONE]
        whole = [size for _, size in sizes] == [len(pages)] == [len(series.pages)] and not series.is_multifile
        if not whole or sizes[0][0] not in STACKED:
            axes = "".join(f", {axis} {size}" for axis, size in sizes)
            raise BadInput(
                f"{path} holds {len(pages)} images in {len(tiff.series)} series{axes}: a stack is one series of pages, "
                "along Z"
            )
        return len(pages)
