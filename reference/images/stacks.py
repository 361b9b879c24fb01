"""Files of many photographs: the pages of a TIFF, or the planes of an OME or ImageJ stack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from reference.errors import BadInput
from reference.images.decoding import RAW, is_tiff
from reference.images.tiff_pages import number_of_pages


class Plane(NamedTuple):
    """One photograph: its file, and its page where the file holds several."""

    path: Path
    page: int | None = None

    def __str__(self) -> str:
        return str(self.path) if self.page is None else f"{self.path}, page {self.page + 1}"


def planes(paths: Iterable[Path]) -> list[Plane]:
    """Every photograph in the files, pages in their order; BadInput for a file with more dimensions, such as time."""
    found = []
    for path in paths:
        try:
            count = number_of_pages(path) if is_tiff(path) and path.suffix.lower() not in RAW else 1
        except BadInput:
            raise
        except Exception:  # `read_stored` reports what is wrong with the file
            count = 1
        found += [Plane(path)] if count == 1 else [Plane(path, page) for page in range(count)]
    return found


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
