"""The pages of a TIFF exactly as stored, of every layout and compression."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from reference.errors import BadInput, MissingExtra


def read_tiff(path: Path, number: int | None) -> NDArray[Any]:
    """Read a TIFF as stored: palettes become RGB, fewer than 8 bits 8, and 9 to 15 bits 16, the whole range kept."""
    with tifffile.TiffFile(path) as tiff:
        if number is None and (count := len(_full_size(tiff))) != 1:
            raise BadInput(f"{path} holds {count} images, but one is needed: parfocal stack takes them all")
        page = page_of(tiff, number)
        _check_page(path, page)
        return _levels(_decoded(path, page), page)


def _full_size(tiff: Any) -> list[Any]:
    """The pages of a TIFF, without previews; a single page that stands for n, as in ImageJ's files, n times."""
    # By number: tifffile detects the circular page list of a damaged file only when it counts.
    pages: list[Any] = [page for page in (tiff.pages[k] for k in range(len(tiff.pages))) if not page.is_reduced]
    if len(pages) != 1:
        return pages
    stands_for = (series.size for series in tiff.series if series.keyframe.index == pages[0].index)
    return pages * int(next(stands_for, pages[0].size) // pages[0].size)


def _series_of(tiff: Any) -> Any:
    """The first series of photographs; previews before or between them form series of their own."""
    return next((series for series in tiff.series if not series.keyframe.is_reduced), tiff.series[0])


def page_of(tiff: Any, number: int | None) -> Any:
    """The only photograph of a file, or photograph `number` of a stack."""
    page = _full_size(tiff)[0] if number is None else _series_of(tiff).pages[number]
    return page.aspage()


STACKED = "ZIQ"  # axes of a stack in tifffile's letters: depth, sequence, unknown
OF_ONE = "YXS"  # axes of one photograph: rows, columns, colours


def number_of_pages(path: Path) -> int:
    """How many photographs a TIFF holds; refuse several that are not one series along the depth."""
    with tifffile.TiffFile(path) as tiff:
        pages = _full_size(tiff)
        if len(pages) == 1:
            return 1
        series = _series_of(tiff)
        named = zip(series.axes, series.shape, strict=True)
        sizes = [(axis, size) for axis, size in named if size > 1 and axis not in OF_ONE]
        whole = [size for _, size in sizes] == [len(pages)] == [len(series.pages)] and not series.is_multifile
        if not whole or sizes[0][0] not in STACKED:
            axes = "".join(f", {axis} {size}" for axis, size in sizes)
            found = f"{len(pages)} images in {len(tiff.series)} series{axes}"
            raise BadInput(f"{path} holds {found}: a stack is one series of pages, along Z")
        return len(pages)


def _decoded(path: Path, page: Any) -> NDArray[Any]:
    """The samples of a page, colours last, of the size that its head says."""
    try:
        pixels = np.asarray(page.asarray())
    except Exception as error:
        if isinstance(error, ImportError) or "imagecodecs" in str(error):
            name = getattr(page.compression, "name", str(page.compression))
            raise MissingExtra(f"{path}, compressed by {name}, needs: pip install imagecodecs") from error
        raise
    if page.planarconfig == 2 and pixels.ndim == 3:
        pixels = np.moveaxis(pixels, 0, -1)
    colours = (page.samplesperpixel,) if page.samplesperpixel > 1 else ()
    if pixels.shape != (said := (page.imagelength, page.imagewidth, *colours)):
        raise BadInput(f"{path} is not a readable image: its head says {said}, but its pixels are {pixels.shape}")
    return pixels


def _levels(pixels: NDArray[Any], page: Any) -> NDArray[Any]:
    """Samples as levels of the whole range of their class, 0 for black."""
    bits = page.bitspersample
    if page.photometric == 3:
        return np.asarray(np.moveaxis(page.colormap >> 8, 0, -1).astype(np.uint8)[pixels])
    if pixels.dtype.kind != "f" and bits not in (8, 16):
        stored = np.uint8 if bits < 8 else np.uint16
        pixels = np.round(pixels * (np.iinfo(stored).max / (2**bits - 1))).astype(stored)
    return np.asarray(np.iinfo(pixels.dtype).max - pixels) if page.photometric == 0 else pixels


# Entries of a page on which its pixels depend, from its size to its sample format and the tables of its compression.
DECIDE = {*range(256, 260), 262, 266, 273, *range(277, 280), 284, 292, 317, 320, *range(322, 326), 338, 339, 347}


def _check_page(path: Path, page: Any) -> None:
    """Refuse what would not be read faithfully."""
    tiff, file = page.parent.tiff, page.parent.filehandle
    file.seek(page.offset)
    (count,) = struct.unpack(tiff.tagnoformat, file.read(tiff.tagnosize))
    entries = np.frombuffer(file.read(count * tiff.tagsize), f"{tiff.byteorder}u2")[:: tiff.tagsize // 2]
    lost = DECIDE & {*entries.tolist()} - {*page.tags.keys()}  # tifffile leaves out what it cannot read
    if lost or np.size(page.tags.valueof(258, 1)) not in (1, page.samplesperpixel):  # bits of each sample
        raise BadInput(f"{path} is not a readable image: what it says under tag {min(lost or {258})} is damaged")
    kind, depth = getattr(page.photometric, "name", str(page.photometric)), page.dtype
    if page.extrasamples:
        raise BadInput(f"{path} has transparency ({page.samplesperpixel} channels): flatten it first")
    # 0 is white, 0 is black, RGB, palette, YCbCr, which only the decoder of JPEG turns into RGB.
    if page.photometric not in (0, 1, 2, 3, 6) or (page.photometric == 6 and page.compression != 7):
        raise BadInput(f"{path} is stored as {kind}, but an image here is gray or RGB")
    if depth not in (np.bool_, np.uint8, np.uint16, np.float16, np.float32, np.float64):
        raise BadInput(f"{path} holds {depth}, but a TIFF here is of 8 or 16 bits or floating point")
    # tifffile would fill missing parts with black.
    parts, there = math.prod(page.chunked), sum(count > 0 for count in page.databytecounts)
    if there < parts:
        raise BadInput(f"{path} is not a readable image: it holds {there} of its {parts} strips or tiles")
    if (page.photometric == 3 and page.bitspersample > 8) or (page.photometric == 0 and depth.kind == "f"):
        raise BadInput(f"{path} is stored as {kind} of {depth}, for which there is no rule here")
