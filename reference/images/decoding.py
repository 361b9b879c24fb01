"""The size and the pixels of an image file exactly as stored, each kind by a library that does not alter it."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from reference.errors import BadInput, MissingExtra
from reference.images.tiff_pages import page_of, read_tiff


def is_tiff(path: Path) -> bool:
    """Whether a file begins as a TIFF, classic or BigTIFF, of either byte order."""
    with open(path, "rb") as file:
        return file.read(4) in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def check_size(path: Path, megapixels: float, page: int | None = None) -> None:
    """Refuse, by BadInput, a file of more than so many megapixels, before its pixels are decoded.

    A file whose size cannot be read passes here; `read_stored` reports what is wrong with it.
    """
    try:
        if is_tiff(path):  # Pillow does not know every kind
            with tifffile.TiffFile(path) as tiff:
                tiff_page = page_of(tiff, page)
            columns, rows = tiff_page.imagewidth, tiff_page.imagelength
        else:
            with warnings.catch_warnings(action="ignore"), PillowImage.open(path) as image:
                columns, rows = image.size
    except PillowImage.DecompressionBombError as error:
        raise BadInput(f"{path} has far more than {megapixels:g} megapixels, which are allowed") from error
    except Exception:  # image libraries raise anything on damaged files
        return
    if columns * rows > megapixels * 1e6:
        raise BadInput(f"{path} is {columns} x {rows} pixels, but {megapixels:g} megapixels are allowed")


READ = ("PNG", "JPEG", "TIFF", "BMP")
PNG = b"\x89PNG\r\n\x1a\n"  # the signature
MOST_MEGAPIXELS = 150.0  # a file of a few kilobytes can claim any size


def read_stored(path: Path, page: int | None = None) -> NDArray[Any]:
    """Read the pixels of an image in the class in which they are stored.

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
            return _read_png_in_rgb(path)
        if is_tiff(path):
            return read_tiff(path, page)
        if head[:2] == b"BM":
            _check_bmp(path, head)
        return _read_by_pillow(path)
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


def _read_by_pillow(path: Path) -> NDArray[Any]:
    """Read 8-bit images of every format, and 16-bit gray."""
    ignored = warnings.catch_warnings(action="ignore", category=PillowImage.DecompressionBombWarning)
    with ignored, PillowImage.open(path, formats=READ) as image:
        frames, mode = getattr(image, "n_frames", 1), image.mode
        if frames > 1 and image.format != "MPO":  # a phone's JPEG, whose first image is the photograph
            raise BadInput(f"{path} holds {frames} images, but one is needed")
        if mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
            raise BadInput(f"{path} has transparency ({mode}): flatten it first, fusion has no rule for it")
        if mode not in ("1", "L", "P", "RGB") and not mode.startswith("I;16"):
            raise BadInput(f"{path} is stored as {mode}, but an image here is gray or RGB")
        expanded = {"P": "RGB", "1": "L"}.get(mode)
        shown: Any = image.convert(expanded) if expanded else image
        pixel = np.asarray(shown.crop((0, 0, 1, 1)))
        pixels = np.empty((image.height, image.width, *pixel.shape[2:]), pixel.dtype.newbyteorder("="))
        for top in range(0, image.height, 256):  # the whole at once would be copied twice
            band = pixels[top : top + 256]
            band[:] = np.asarray(shown.crop((0, top, image.width, top + len(band))))
    return pixels


def _read_png_in_rgb(path: Path) -> NDArray[Any]:
    """Read RGB of 8 or 16 bits by libpng; Pillow would reduce 16 bits to 8, and needs more memory."""
    png, kinds = bytearray(PNG), set()
    for kind, chunk in png_chunks(path):  # which also checks lengths
        kinds.add(kind)
        # Of the others, whose names begin in lower case, libpng would warn on stderr; pixels do not depend on them.
        png += chunk if kind[:1].isupper() else b""
    if b"tRNS" in kinds:
        raise BadInput(f"{path} has transparency (RGB): flatten it first, fusion has no rule for it")
    if b"acTL" in kinds:
        raise BadInput(f"{path} holds an animation, but one image is needed")
    return np.asarray(imagecodecs.png_decode(png))


def png_chunks(path: Path, skipped: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
    """Type and bytes, from length to checksum, of each chunk of a PNG; no bytes for the type `skipped`.

    raises  BadInput for a chunk that reaches beyond the end of the file
    """
    size, kind = path.stat().st_size, b""
    with open(path, "rb") as file:
        if file.read(8) != PNG:
            return
        while kind != b"IEND" and file.tell() < size:
            head = file.read(8)
            kind, end = head[4:], file.tell() + int.from_bytes(head[:4], "big") + 4
            if end > size:
                raise BadInput(f"{path} is not a readable image: it ends too early")
            yield kind, b"" if kind == skipped else head + file.read(end - file.tell())
            file.seek(end)


# What begins with these four bytes, or has them from 8 on.
OTHERS = {
    b"GIF8": "a GIF", b"WEBP": "a WebP", b"heic": "a HEIC", b"heix": "a HEIC", b"mif1": "a HEIC", b"avif": "an AVIF",
}  # fmt: skip
# Of cameras; most are TIFF files, of which a preview would be read.
RAW = (".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".dng", ".pef", ".srw", ".3fr", ".iiq")


def _why(path: Path, error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, UnidentifiedImageError):
        with open(path, "rb") as file:
            head = file.read(16)
        if kind := next((kind for mark, kind in OTHERS.items() if mark in (head[:4], head[8:12])), ""):
            return f"it is {kind}: write it as PNG or TIFF first"
        return "it does not begin as PNG, JPEG, TIFF or BMP do" if head else "it is empty"
    return (str(error) or type(error).__name__).splitlines()[0]
