"""The pages of a TIFF exactly as stored, each kind by a library that does not alter it."""

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
    """Read a TIFF as stored: by tifffile, or by Pillow or OpenCV where the compression requires it."""
    import tifffile

    with tifffile.TiffFile(path) as tiff:
        if number is None and (count := len(full_size(tiff))) != 1:
            raise BadInput(f"{path} holds {count} images, but one is needed: parfocal stack takes them all")
        page = page_of(tiff, number)
        _check_page(path, page)
        if number is not None:
            return _read_from_stack(path, page)
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
    """The pages of a TIFF, without previews; a single page that stands for n, as in ImageJ's files, n times."""
    # By number: tifffile detects the circular page list of a damaged file only when it counts.
    pages: list[Any] = [page for page in (tiff.pages[k] for k in range(len(tiff.pages))) if not page.is_reduced]
    if len(pages) != 1:
        return pages
    stands_for = (series.size for series in tiff.series if series.keyframe.index == pages[0].index)
    return pages * int(next(stands_for, pages[0].size) // pages[0].size)


def series_of(tiff: Any) -> Any:
    """The first series of photographs; previews before or between them form series of their own."""
    return next((series for series in tiff.series if not series.keyframe.is_reduced), tiff.series[0])


def page_of(tiff: Any, number: int | None) -> Any:
    """The only photograph of a file, or photograph `number` of a stack."""
    page = full_size(tiff)[0] if number is None else series_of(tiff).pages[number]
    return page.aspage()


def _read_from_stack(path: Path, page: Any) -> NDArray[Any]:
    if page.photometric not in (1, 2) or page.bitspersample < 8 or page.planarconfig == 2:
        raise BadInput(f"{path} holds images of a kind that is read one to a file only")
    try:
        return np.asarray(page.asarray())
    except ValueError as error:
        if "imagecodecs" in str(error):
            raise _needs_imagecodecs(path, page) from error
        raise


def _check_page(path: Path, page: Any) -> None:
    """Refuse what would not be read faithfully."""
    kind, depth = getattr(page.photometric, "name", str(page.photometric)), page.dtype
    if page.extrasamples:
        raise BadInput(f"{path} has transparency ({page.samplesperpixel} channels): flatten it first")
    # 0 is white, 0 is black, RGB, palette, YCbCr. Versions of Pillow agree on YCbCr only where it is JPEG.
    if page.photometric not in (0, 1, 2, 3, 6) or (page.photometric == 6 and page.compression not in (6, 7)):
        raise BadInput(f"{path} is stored as {kind}, but an image here is gray or RGB")
    if depth not in (np.bool_, np.uint8, np.uint16, np.float16, np.float32, np.float64):
        raise BadInput(f"{path} holds {depth}, but a TIFF here is of 8 or 16 bits or floating point")
    # tifffile would fill missing parts with black.
    parts, there = math.prod(page.chunked), sum(count > 0 for count in page.databytecounts)
    if there < parts:
        raise BadInput(f"{path} is not a readable image: it holds {there} of its {parts} strips or tiles")
    if (page.photometric == 3 and page.bitspersample > 8) or (page.photometric == 0 and depth.kind == "f"):
        raise BadInput(f"{path} is stored as {kind} of {depth}, for which there is no rule here")


def _read_compressed(path: Path, page: Any) -> NDArray[Any]:
    """Read a compression that tifffile cannot decode by Pillow or OpenCV, where these return pixels as stored."""
    if page.index:  # both read only the first page
        raise _needs_imagecodecs(path, page)
    if page.photometric in (1, 2) and page.bitspersample == 8:
        return _read_by_pillow(path, page)
    if page.photometric in (1, 2) and _orientation(page) == 1:  # OpenCV turns other orientations, though not all
        return read_by_opencv(path)
    raise _needs_imagecodecs(path, page)


def _read_by_pillow(path: Path, page: Any) -> NDArray[Any]:
    """Read by Pillow, and undo its turning of a TIFF upright."""
    if page.photometric == 3 and _orientation(page) > 4:
        raise BadInput(f"{path} has a palette and is stored turned, which Pillow misreads: save it upright")
    return turned_back(read_by_pillow(path), _orientation(page))


def _needs_imagecodecs(path: Path, page: Any) -> MissingExtra:
    return MissingExtra(f"{path}, compressed by {page.compression.name}, needs: pip install imagecodecs")


def _orientation(page: Any) -> int:
    tag = page.tags.get("Orientation")
    return int(tag.value) if tag is not None and tag.value in range(1, 9) else 1
