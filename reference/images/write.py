"""Writing pixels and metadata in each format, by a library that alters neither."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from reference.images import metadata as meta
from reference.images.metadata import Directories, Metadata

__all__ = ["QUALITY", "write_by_pillow", "write_png_of_16_bits", "write_tiff"]

QUALITY = 95  # of a JPEG, of 100: what cameras write
MOST_EXIF = 65_500  # bytes that a JPEG can hold


def write_by_pillow(path: Path, pixels: NDArray[Any], metadata: Metadata, quality: int = QUALITY) -> None:
    """Write PNG, JPEG and BMP of 8 bits, and gray PNG of 16 bits."""
    from PIL import Image as PillowImage
    from PIL.PngImagePlugin import PngInfo

    exif = meta.exif_block(metadata.exif)
    if path.suffix.lower() in (".jpg", ".jpeg") and len(exif) > MOST_EXIF:  # the orientation at least
        kept = {tag: entry for tag, entry in metadata.main.items() if tag == meta.ORIENTATION}
        exif = meta.exif_block({meta.MAIN: kept})
    beside: dict[str, Any] = {"exif": exif, "icc_profile": metadata.icc, "dpi": metadata.dpi}
    beside = {name: value for name, value in beside.items() if value}
    if path.suffix.lower() == ".png" and metadata.colour:
        beside["pnginfo"] = PngInfo()
        for kind, data in metadata.colour:
            beside["pnginfo"].add(kind, data)
    # Colour as fine as a source's may be.
    PillowImage.fromarray(pixels).save(path, quality=quality, subsampling=0, **beside)


def write_png_of_16_bits(path: Path, pixels: NDArray[np.uint16], metadata: Metadata) -> None:
    """Write RGB, which Pillow would reduce to 8 bits: libpng's file, with the metadata chunks inserted after IHDR."""
    import imagecodecs

    png, head = memoryview(imagecodecs.png_encode(pixels)), 8 + 25  # signature and IHDR
    with open(path, "wb") as file:
        file.write(png[:head])
        for kind, data in metadata.colour:
            file.write(_chunk(kind, data))
        if metadata.icc:
            file.write(_chunk(b"iCCP", b"profile\0\0" + zlib.compress(metadata.icc)))
        if metadata.dpi:
            file.write(_chunk(b"pHYs", struct.pack(">IIB", *(round(dots / 0.0254) for dots in metadata.dpi), 1)))
        if any(metadata.exif.values()):
            file.write(_chunk(b"eXIf", meta.exif_block(metadata.exif).removeprefix(b"Exif\0\0")))
        file.write(png[head:])


def write_tiff(path: Path, pixels: NDArray[Any], metadata: Metadata) -> None:
    """Write TIFF of every class, uncompressed."""
    import tifffile

    texts = {tag: value for tag, (_, value) in metadata.main.items() if isinstance(value, bytes)}
    description, software = texts.pop(meta.DESCRIPTION, None), texts.pop(meta.SOFTWARE, None)
    tags: list[tuple[Any, ...]] = [(tag, "s", 0, text, True) for tag, text in texts.items()]
    tags += [(meta.ORIENTATION, "H", 1, metadata.orientation, True)] if metadata.orientation > 1 else []
    resolution: dict[str, Any] = {"resolution": metadata.dpi, "resolutionunit": 2} if metadata.dpi else {}
    tifffile.imwrite(
        path, pixels, photometric="rgb" if pixels.ndim == 3 else "minisblack", extratags=tags, byteorder="<",
        iccprofile=metadata.icc or None, description=description, software=software, metadata=None, **resolution,
    )  # fmt: skip
    _add_directories(path, metadata.exif)


def _add_directories(path: Path, directories: Directories) -> None:
    """Append sub-directories, which tifffile does not write, to a little-endian TIFF of one image.

    Its main directory, extended by pointers to them, is written again behind them; its entries do not depend on its
    place.
    """
    with open(path, "r+b") as file:
        data, places = meta.sub_directories(directories, _even_end(file))
        if not places:
            return
        file.write(data)
        file.seek(4)
        file.seek(struct.unpack("<I", file.read(4))[0])
        entries = [file.read(12) for _ in range(struct.unpack("<H", file.read(2))[0])]
        entries += [struct.pack("<HHII", tag, 4, 1, place) for tag, place in places.items()]
        entries.sort(key=_tag)
        place = _even_end(file)
        file.write(struct.pack("<H", len(entries)) + b"".join(entries) + b"\0\0\0\0")
        file.seek(4)
        file.write(struct.pack("<I", place))


def _even_end(file: BinaryIO) -> int:
    place = file.seek(0, 2)
    return place + file.write(b"\0" * (place % 2))


def _tag(entry: bytes) -> int:
    return int(struct.unpack("<H", entry[:2])[0])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
