"""From the bytes of an image file to its pixels as stored, by the library that changes none of them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.errors import BadInput, MissingExtra
from reference.image_size import check_size, is_tiff
from reference.opencv import opencv

__all__ = ["MOST_MEGAPIXELS", "full_size", "read_stored"]

PNG = b"\x89PNG\r\n\x1a\n"  # how one begins
FORMATS = ("PNG", "JPEG", "TIFF", "BMP")
MOST_MEGAPIXELS = 150.0  # of a file; a few kilobytes can claim to be any size


def read_stored(path: Path, page: int | None = None) -> NDArray[Any]:
    """Pixels in the class of the file, or of one of the images in a TIFF, as `planes.planes` counts them.

    raises  BadInput, in one sentence, for what is no image, would be read as something else than it is, or is larger
            than MOST_MEGAPIXELS; MissingExtra where a kind needs a library that is not here
    """
    try:
        check_size(path, MOST_MEGAPIXELS)
        with open(path, "rb") as file:
            head = file.read(32)
        if head[:8] == PNG and head[24:26] == b"\x10\x02":  # 16 bits, RGB
            return _read_by_cv2(path)
        if is_tiff(head):
            return _read_tiff(path, page)
        return _read_by_pillow(path)
    except (BadInput, MissingExtra):
        raise
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder, not an image") from None
    except Exception as error:  # image libraries raise anything from SyntaxError to struct.error on damaged files
        raise BadInput(f"{path} is not a readable image: {_first_line(error)}") from error


def _read_by_pillow(path: Path) -> NDArray[Any]:
    """8-bit images of every format, and 16-bit gray."""
    import warnings

    from PIL import Image as PillowImage

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
        with PillowImage.open(path, formats=FORMATS) as image:
            frames, mode = getattr(image, "n_frames", 1), image.mode
            if frames > 1 and image.format != "MPO":  # a telephone's JPEG: the first of its images is the photograph
                raise BadInput(f"{path} holds {frames} images, but one is needed")
            if mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
                raise BadInput(f"{path} has transparency ({mode}): flatten it first, fusion has no rule for it")
            if mode not in ("1", "L", "P", "RGB") and not mode.startswith("I;16"):
                raise BadInput(f"{path} is stored as {mode}, but an image here is gray or RGB")
            expanded = {"P": "RGB", "1": "L"}.get(mode)
            pixels = np.asarray(image.convert(expanded) if expanded else image)
    return pixels.astype(np.uint16) if pixels.dtype.kind in "ui" and pixels.dtype.itemsize == 2 else pixels


def _read_tiff(path: Path, number: int | None) -> NDArray[Any]:
    """TIFF as stored: by tifffile, or by Pillow or OpenCV where the compression needs them."""
    import tifffile

    with tifffile.TiffFile(path) as tiff:
        pages = full_size(tiff)
        if number is None and len(pages) != 1:
            raise BadInput(f"{path} holds {len(pages)} images, but one is needed: parfocal stack takes them all")
        page: Any = pages[0] if number is None else tiff.series[0].pages[number]
        page = page.aspage()
        _check_page(path, page)
        if number is not None:
            return _one_of_many(path, page)
        white_is_zero = page.photometric == 0
        if page.photometric in (3, 6) or page.bitspersample < 8:  # palette, YCbCr, bilevel: Pillow expands them
            if _turned(page):
                raise BadInput(
                    f"{path} has an orientation tag, which for its kind of TIFF would be applied: save it upright"
                )
            return _read_by_pillow(path)
        try:
            pixels = page.asarray()
        except ValueError as error:
            if "imagecodecs" not in str(error):
                raise
            return _read_compressed(path, page)
        if page.planarconfig == 2:
            pixels = np.moveaxis(pixels, 0, -1)
        return np.iinfo(pixels.dtype).max - pixels if white_is_zero else np.asarray(pixels)


def _one_of_many(path: Path, page: Any) -> NDArray[Any]:
    if page.photometric not in (1, 2) or page.bitspersample < 8 or page.planarconfig == 2:
        raise BadInput(f"{path} holds images of a kind that is read one to a file only")
    try:
        return np.asarray(page.asarray())
    except ValueError as error:
        if "imagecodecs" in str(error):
            raise MissingExtra(
                f"{path}, compressed by {page.compression.name}, needs: pip install imagecodecs"
            ) from error
        raise


def full_size(tiff: Any) -> list[Any]:
    """The pages of a TIFF but for previews; one that stands for many, as ImageJ writes them, so many times."""
    pages = [page for page in tiff.pages if not page.is_reduced]
    return pages * (tiff.series[0].size // pages[0].size) if len(pages) == 1 else pages


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
    if page.photometric in (1, 2) and not _turned(page):
        return _read_by_pillow(path) if page.bitspersample == 8 else _read_by_cv2(path)
    raise _needs_imagecodecs(path, page)


def _needs_imagecodecs(path: Path, page: Any) -> MissingExtra:
    return MissingExtra(f"{path}, compressed by {page.compression.name}, needs: pip install imagecodecs")


def _turned(page: Any) -> bool:
    """Whether an orientation tag asks for turning, which Pillow and OpenCV do to a TIFF while reading."""
    tag = page.tags.get("Orientation")
    return tag is not None and tag.value != 1


def _check_chunks(path: Path) -> None:
    """Every chunk, if it is a PNG, ends within the file: OpenCV would make room for what a chunk claims to hold."""
    at, size = 8, path.stat().st_size
    with open(path, "rb") as file:
        at = at if file.read(8) == PNG else size
        while at < size:
            file.seek(at)
            length, kind = file.read(4), file.read(4)
            at += 12 + int.from_bytes(length, "big")
            if at > size:
                raise BadInput(f"{path} is not a readable image: it ends too early")
            if kind == b"IEND":
                return


def _read_by_cv2(path: Path) -> NDArray[Any]:
    """16-bit RGB, which Pillow would silently make 8-bit."""
    cv2 = opencv(f"{path}, a 16-bit image,")
    _check_chunks(path)
    try:
        pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # its own words name a line of its source
        pixels = None
    if pixels is None:
        raise BadInput(f"{path} is not a readable image: it is damaged, ends too early, or is too large")
    return np.ascontiguousarray(pixels[..., ::-1]) if pixels.ndim == 3 else pixels


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
