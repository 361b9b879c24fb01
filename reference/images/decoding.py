"""The size and the pixels of an image file exactly as stored, each kind by a library that does not alter it."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from reference.errors import BadInput, MissingExtra
from reference.images.decoders import PNG, read_by_pillow, read_png_in_rgb
from reference.images.tiff_pages import page_of, read_tiff

__all__ = ["MOST_MEGAPIXELS", "RAW", "check_size", "is_tiff", "read_stored"]


def is_tiff(head: bytes) -> bool:
    """Whether a file with these first bytes is a TIFF, classic or BigTIFF, of either byte order.

    >>> is_tiff(b"II*\\0"), is_tiff(b"BM")
    (True, False)
    """
    return head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def check_size(path: Path, megapixels: float, page: int | None = None) -> None:
    """Refuse a file of more than so many megapixels, before its pixels are decoded.

    A file whose size cannot be read passes here; `read_stored` reports what is wrong with it.

    page    which of several images in a TIFF
    raises  BadInput, with the sizes
    """
    from PIL.Image import DecompressionBombError

    try:
        columns, rows = _size(path, page)
    except DecompressionBombError as error:
        raise BadInput(f"{path} has far more than {megapixels:g} megapixels, which are allowed") from error
    except Exception:  # image libraries raise anything on damaged files
        return
    if columns * rows > megapixels * 1e6:
        raise BadInput(f"{path} is {columns} x {rows} pixels, but {megapixels:g} megapixels are allowed")


def _size(path: Path, page: int | None) -> tuple[int, int]:
    """Columns and rows; for TIFF by tifffile, since Pillow does not know every kind."""
    import warnings

    import tifffile
    from PIL import Image as PillowImage

    with open(path, "rb") as file:
        head = file.read(4)
    if is_tiff(head):
        with tifffile.TiffFile(path) as tiff:
            tiff_page = page_of(tiff, page)
            return tiff_page.imagewidth, tiff_page.imagelength
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
        with PillowImage.open(path) as image:
            return image.size


MOST_MEGAPIXELS = 150.0  # a file of a few kilobytes can claim any size


def read_stored(path: Path, page: int | None = None) -> NDArray[Any]:
    """Read the pixels of an image in the class in which they are stored.

    page    which of several images in a TIFF, as `stacks.planes` counts them
    raises  BadInput, in one sentence, for a file that is no image, cannot be read faithfully, or is larger than
            MOST_MEGAPIXELS; MissingExtra where a library that it needs is not installed
    """
    try:
        check_size(path, MOST_MEGAPIXELS, page)
        with open(path, "rb") as file:
            head = file.read(54)
        if path.suffix.lower() in RAW:
            raise BadInput(f"{path} is a raw file of a camera: develop it to PNG or TIFF first")
        if head[:8] == PNG and head[25:26] == b"\x02":  # RGB
            return read_png_in_rgb(path)
        if is_tiff(head):
            return read_tiff(path, page)
        if head[:2] == b"BM":
            _check_bmp(path, head)
        return read_by_pillow(path)
    except (BadInput, MissingExtra):
        raise
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder, not an image") from None
    except Exception as error:  # on damaged files image libraries raise anything from SyntaxError to struct.error
        raise BadInput(f"{path} is not a readable image: {_why(path, error)}") from error


def _check_bmp(path: Path, head: bytes) -> None:
    """Refuse a BMP whose pixels would begin within its head or palette: it has no checksum that tells of damage."""
    begin, size, bits, used = struct.unpack("<10xII10xH16xI4x", head)
    colours = used if bits > 8 else min(used, 2**bits) or 2**bits
    if size >= 40 and (begin < 14 + size + 4 * colours or colours < used):
        raise BadInput(f"{path} is not a readable image: its pixels would begin at byte {begin}, within its palette")


# What begins with these four bytes, or has them from 8 on.
OTHERS = {
    b"GIF8": "a GIF", b"WEBP": "a WebP", b"heic": "a HEIC", b"heix": "a HEIC", b"mif1": "a HEIC", b"avif": "an AVIF",
}  # fmt: skip
# Of cameras; most are TIFF files, of which a preview would be read.
RAW = (".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".dng", ".pef", ".srw", ".3fr", ".iiq")


def _why(path: Path, error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if type(error).__name__ == "UnidentifiedImageError":  # by name, as Pillow is loaded on demand
        with open(path, "rb") as file:
            head = file.read(16)
        if kind := next((kind for mark, kind in OTHERS.items() if mark in (head[:4], head[8:12])), ""):
            return f"it is {kind}: write it as PNG or TIFF first"
        return "it does not begin as PNG, JPEG, TIFF or BMP do" if head else "it is empty"
    return (str(error) or type(error).__name__).splitlines()[0]
