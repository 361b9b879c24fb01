"""The pages of a TIFF as stored, by the library that changes none of their pixels."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.errors import BadInput, MissingExtra
from reference.images.decoders import read_by_opencv, read_by_pillow, turned_back

__all__ = ["full_size", "page_of", "read_tiff", "series_of"]


def read_tiff(path: Path, number: int | None) -> NDArray[Any]:
    """TIFF as stored: by tifffile, or by Pillow or OpenCV where the compression needs them."""
    import tifffile

    with tifffile.TiffFile(path) as tiff:
        if number is None and (count := len(full_size(tiff))) != 1:
            raise BadInput(f"{path} holds {count} images, but one is needed: parfocal stack takes them all")
        page = page_of(tiff, number)
        _check_page(path, page)
        if number is not None:
            return _one_of_many(path, page)
        white_is_zero = page.photometric == 0
        if page.photometric in (3, 6) or page.bitspersample < 8:  # palette, YCbCr, bilevel: Pillow expands them
            return _read_by_pillow(path, page)
        try:
            pixels = page.asarray()
        except ValueError as error:
            if "imagecodecs" not in str(error):
                raise
            return _read_compressed(path, page)
        if page.planarconfig == 2 and pixels.ndim == 3:
            pixels = np.moveaxis(pixels, 0, -1)
        return np.iinfo(pixels.dtype).max - pixels if white_is_zero else np.asarray(pixels)


def full_size(tiff: Any) -> list[Any]:
    """The pages of a TIFF but for previews; one that stands for many, as ImageJ writes them, so many times."""
    # By number: only counting sees that a damaged file's pages go round in a circle.
    pages: list[Any] = [page for page in (tiff.pages[k] for k in range(len(tiff.pages))) if not page.is_reduced]
    if len(pages) != 1:
        return pages
    stands_for = (series.size for series in tiff.series if series.keyframe.index == pages[0].index)
    return pages * int(next(stands_for, pages[0].size) // pages[0].size)


def series_of(tiff: Any) -> Any:
    """The first series of photographs; previews that lie before or between them are in others."""
    return next((series for series in tiff.series if not series.keyframe.is_reduced), tiff.series[0])


def page_of(tiff: Any, number: int | None) -> Any:
    """The page of a photograph: of the only one, or of that number in a stack."""
    page = full_size(tiff)[0] if number is None else series_of(tiff).pages[number]
    return page.aspage()


def _one_of_many(path: Path, page: Any) -> NDArray[Any]:
    if page.photometric not in (1, 2) or page.bitspersample < 8 or page.planarconfig == 2:
        raise BadInput(f"{path} holds images of a kind that is read one to a file only")
    try:
        return np.asarray(page.asarray())
    except ValueError as error:
        if "imagecodecs" in str(error):
            raise _needs_imagecodecs(path, page) from error
        raise


def _check_page(path: Path, page: Any) -> None:
    """Refuse what would be read as something else than it is."""
    kind, depth = getattr(page.photometric, "name", str(page.photometric)), page.dtype
    if page.extrasamples:
        raise BadInput(f"{path} has transparency ({page.samplesperpixel} channels): flatten it first")
    # White is 0, black is 0, RGB, palette, YCbCr; the last as JPEG alone is read alike by every version of Pillow.
    if page.photometric not in (0, 1, 2, 3, 6) or (page.photometric == 6 and page.compression not in (6, 7)):
        raise BadInput(f"{path} is stored as {kind}, but an image here is gray or RGB")
    if depth not in (np.bool_, np.uint8, np.uint16, np.float16, np.float32, np.float64):
        raise BadInput(f"{path} holds {depth}, but a TIFF here is of 8 or 16 bits or floating point")
    # tifffile would make what is missing black.
    parts, there = math.prod(page.chunked), sum(count > 0 for count in page.databytecounts)
    if there < parts:
        raise BadInput(f"{path} is not a readable image: it holds {there} of its {parts} strips or tiles")
    if (page.photometric == 3 and page.bitspersample > 8) or (page.photometric == 0 and depth.kind == "f"):
        raise BadInput(f"{path} is stored as {kind} of {depth}, for which there is no rule here")


def _read_compressed(path: Path, page: Any) -> NDArray[Any]:
    """A compression that tifffile leaves to others, where they give the pixels as stored."""
    if page.index:  # they read the first page
        raise _needs_imagecodecs(path, page)
    if page.photometric in (1, 2) and page.bitspersample == 8:
        return _read_by_pillow(path, page)
    if page.photometric in (1, 2) and _orientation(page) == 1:  # OpenCV turns others, and cannot turn all
        return read_by_opencv(path)
    raise _needs_imagecodecs(path, page)


def _read_by_pillow(path: Path, page: Any) -> NDArray[Any]:
    """As stored: Pillow turns a TIFF upright."""
    if page.photometric == 3 and _orientation(page) > 4:
        raise BadInput(f"{path} has a palette and is stored turned, which Pillow misreads: save it upright")
    return turned_back(read_by_pillow(path), _orientation(page))


def _needs_imagecodecs(path: Path, page: Any) -> MissingExtra:
    return MissingExtra(f"{path}, compressed by {page.compression.name}, needs: pip install imagecodecs")


def _orientation(page: Any) -> int:
    tag = page.tags.get("Orientation")
    return int(tag.value) if tag is not None and tag.value in range(1, 9) else 1
