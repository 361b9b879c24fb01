"""Writing pixels and metadata in each format, by a library that alters neither."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL.PngImagePlugin import PngInfo

from reference.images import metadata as meta
from reference.images.metadata import Metadata

QUALITY = 95  # of a JPEG, of 100: what cameras write
MOST_EXIF = 65_500  # bytes that a JPEG can hold


def write_by_pillow(path: Path, pixels: NDArray[Any], metadata: Metadata, quality: int = QUALITY) -> None:
    """Write PNG, JPEG and BMP of 8 bits, and gray PNG of 16 bits."""
    # Colour as fine as a source's may be.
    PillowImage.fromarray(pixels).save(path, quality=quality, subsampling=0, **_beside(path, metadata))


def write_png_of_16_bits(path: Path, pixels: NDArray[np.uint16], metadata: Metadata) -> None:
    """Write RGB, which Pillow would reduce to 8 bits: libpng's file, with Pillow's metadata chunks after IHDR."""
    around = io.BytesIO()
    PillowImage.new("RGB", (1, 1)).save(around, "PNG", **_beside(path, metadata))
    chunks = around.getvalue()
    png, head = memoryview(imagecodecs.png_encode(pixels)), 8 + 25  # signature and IHDR
    with open(path, "wb") as file:
        file.writelines((png[:head], chunks[head : chunks.rindex(b"IDAT") - 4], png[head:]))


def _beside(path: Path, metadata: Metadata) -> dict[str, Any]:
    """The metadata as Pillow's options."""
    exif, colour = meta.exif_block(metadata.exif), PngInfo()
    if path.suffix.lower() in (".jpg", ".jpeg") and len(exif) > MOST_EXIF:  # the orientation at least
        kept = {tag: entry for tag, entry in metadata.main.items() if tag == meta.ORIENTATION}
        exif = meta.exif_block({meta.MAIN: kept})
    for kind, data in metadata.colour:
        colour.add(kind, data)
    beside = {"exif": exif, "icc_profile": metadata.icc, "dpi": metadata.dpi, "pnginfo": colour}
    return {name: value for name, value in beside.items() if value}


def write_tiff(path: Path, pixels: NDArray[Any], metadata: Metadata) -> None:
    """Write TIFF of every class, uncompressed.

    tifffile writes no pointers to directories within the main one. In the place of each it writes another tag, of the
    number above, which is overwritten when the directory stands behind the pixels.
    """
    texts = {tag: value for tag, (_, value) in metadata.main.items() if isinstance(value, bytes)}
    description, software = texts.pop(meta.DESCRIPTION, None), texts.pop(meta.SOFTWARE, None)
    directories = [tag for tag in (meta.EXIF, meta.GPS) if meta.directory_bytes(metadata.exif, tag, 0)[0]]
    tags: list[tuple[Any, ...]] = [(tag, "s", 0, text, True) for tag, text in texts.items()]
    tags += [(meta.ORIENTATION, "H", 1, metadata.orientation, True)] if metadata.orientation > 1 else []
    tags += [(tag + 1, "I", 1, 0, True) for tag in directories]
    tifffile.imwrite(
        path, pixels, photometric="rgb" if pixels.ndim == 3 else "minisblack", extratags=tags, byteorder="<",
        resolution=metadata.dpi, resolutionunit=2 if metadata.dpi else None, iccprofile=metadata.icc or None,
        description=description, software=software, metadata=None,
    )  # fmt: skip
    with tifffile.TiffFile(path, mode="r+") as tiff:
        file, places = tiff.filehandle, tiff.pages.first.tags
        for tag in directories:
            end = file.seek(0, 2)
            data, place = meta.directory_bytes(metadata.exif, tag, end + end % 2)
            file.write(b"\0" * (end % 2) + data)
            file.seek(places[tag + 1].offset)
            file.write(struct.pack("<HHII", tag, meta.LONG, 1, place))
