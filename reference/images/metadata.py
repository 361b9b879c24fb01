"""The metadata of a photograph, read from the first source and carried over to the result."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import tifffile
from PIL import Image as PillowImage
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from reference.images.decoding import is_tiff, png_chunks
from reference.images.tiff_pages import page_of

Entries = dict[int, tuple[int, Any]]  # tag -> (type number of TIFF, value)
Directories = dict[int, Entries]  # by the tag that points to a directory; MAIN is the main one
MAIN, EXIF, GPS, INTEROP = 0, 0x8769, 0x8825, 0xA005
WITHIN = {MAIN: (EXIF, GPS), EXIF: (INTEROP,)}  # the directories within each
SHORT, LONG = 3, 4  # type numbers of TIFF
MAKER_NOTE = 0x927C  # valid only at its place in its own file


def read_directories(file: Any, place: int | None = None, tag: int = MAIN) -> Directories:
    """A directory of a TIFF or of an EXIF block and those within it, without what cannot be read and written again.

    place    its offset; None for the first of the file
    """
    file.seek(0)
    head, entries = file.read(16), Entries()
    # Pillow recognises BigTIFF in little-endian files only, but takes the byte order apart.
    start = b"II+\0" + head[4:] if head[2:4] in (b"+\0", b"\0+") else head[:8]
    directory = ImageFileDirectory_v2(start, head[:2], tag or None)
    file.seek(directory.next if place is None else place)
    with warnings.catch_warnings(action="ignore"):  # Pillow warns of odd entries
        directory.load(file)
        for number in directory:
            with suppress(Exception):  # and raises anything
                kind, value = directory.tagtype[number], directory[number]
                entry = kind, value.encode("latin-1") if isinstance(value, str) else value
                directory_bytes({MAIN: {number: entry}}, MAIN, 0)  # only what can be written again is read
                entries[number] = entry
    entries.pop(MAKER_NOTE, None)
    directories = {tag: entries}
    for inner in WITHIN.get(tag, ()):
        with suppress(Exception):
            directories |= read_directories(file, int(entries.pop(inner)[1]), inner)
    return directories


def directory_bytes(directories: Directories, tag: int, place: int) -> tuple[bytes, int]:
    """The bytes of a directory behind those within it, from the even offset `place` on, if any; and its own offset."""
    data, entries = b"", dict(directories.get(tag, {}))
    for inner in WITHIN.get(tag, ()):
        more, at = directory_bytes(directories, inner, place + len(data))
        data, entries = data + more, entries | ({inner: (LONG, at)} if more else {})
    directory = ImageFileDirectory_v2()
    with warnings.catch_warnings(action="ignore"):
        for number, (kind, value) in entries.items():
            directory.tagtype[number] = kind
            directory[number] = value
        return data + directory.tobytes(place + len(data)) if entries else b"", place + len(data)


def exif_block(directories: Directories) -> bytes:
    """The EXIF block of JPEG and PNG; empty where every directory is.

    >>> exif_block({MAIN: {0x0112: (3, 6)}})[6:].hex(" ", 4)
    '4949 2a000800 00000100 12010300 01000000 06000000 00000000'
    """
    data, first = directory_bytes(directories, MAIN, 8)
    return b"Exif\0\0II*\0" + struct.pack("<I", first) + data if data else b""


DESCRIPTION, ORIENTATION, SOFTWARE = 0x010E, 0x0112, 0x0131
SIZES = {EXIF: (0xA003, 0xA002), INTEROP: (0x1002, 0x1001)}  # height and width
# Tags of the main directory that are carried over, with maker, model, date, artist, host and copyright. Those that
# describe how pixels are stored are not.
CARRIED_OVER = {DESCRIPTION, 0x010F, 0x0110, ORIENTATION, SOFTWARE, 0x0132, 0x013B, 0x013C, 0x8298}
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT, PROFILE = 0x011A, 0x011B, 0x0128, 0x8773
INCHES = {2: 1.0, 3: 2.54}  # resolution units of TIFF and EXIF
LAYOUTS = (b"<?xml", b"<OME", b'{"shape"', b"ImageJ=")  # first bytes of descriptions of a file, not of a photograph

# Chunks of a PNG; of those that may hold EXIF the first that does counts.
COLOUR = (b"cICP", b"sRGB", b"gAMA", b"cHRM")
EXIF_CHUNKS = (b"eXIf", b"zTXt", b"tEXt", b"iTXt")


class Metadata(NamedTuple):
    """EXIF, colour profile and resolution."""

    exif: Directories  # without the maker's notes
    icc: bytes  # the profile; empty for none
    dpi: tuple[float, float] | None  # dots per inch, across and down; None if the file does not say
    colour: tuple[tuple[bytes, bytes], ...] = ()  # chunks that state a PNG's colours: types and data

    @property
    def main(self) -> Entries:
        """The main directory."""
        return self.exif.get(MAIN, {})

    @property
    def orientation(self) -> int:
        """From 1, upright, to 8, as in EXIF."""
        value = self.main.get(ORIENTATION, (SHORT, 1))[1]
        return int(value) if value in range(1, 9) else 1

    def upright(self) -> Metadata:
        """The metadata of the photograph turned upright."""
        dpi = self.dpi[::-1] if self.dpi and self.orientation > 4 else self.dpi
        turned = {MAIN: {**self.main, ORIENTATION: (SHORT, 1)}} if ORIENTATION in self.main else {}
        return self._replace(exif=self.exif | turned, dpi=dpi)

    def profile_fits(self, shape: tuple[int, ...]) -> bool:
        """Whether the profile, if any, is of the colour space of an image of this shape."""
        return not self.icc or self.icc[16:20] == (b"GRAY" if len(shape) == 2 else b"RGB ")

    def of_image(self, shape: tuple[int, ...]) -> Metadata:
        """The metadata of an image of this shape: with its size, and without a profile of another colour space."""
        exif = dict(self.exif)
        for directory, (height, width) in SIZES.items():
            if width in exif.get(directory, {}):
                exif[directory] = {**exif[directory], width: (LONG, shape[1]), height: (LONG, shape[0])}
        return self._replace(exif=exif, icc=self.icc if self.profile_fits(shape) else b"")


NONE = Metadata({}, b"", None)


def read_metadata(path: Path, page: int | None = None) -> Metadata:
    """Read the metadata of an image file; damaged parts are skipped, since the pixels do not depend on them."""
    exif, info, colour = dict[int, Entries](), dict[Any, Any](), dict[bytes, bytes]()
    of_tiff = is_tiff(path)
    with warnings.catch_warnings(action="ignore"), suppress(Exception):  # image libraries raise anything
        if of_tiff:
            with tifffile.TiffFile(path) as tiff:
                exif = read_directories(tiff.filehandle, page_of(tiff, page).offset)
            info["icc_profile"] = exif[MAIN][PROFILE][1]
        else:
            with PillowImage.open(path) as image:
                info = dict(image.info)
            block = info.get("exif")
            if image.format in ("JPEG", "MPO") and info.get("jfif_unit") not in (1, 2):
                info.pop("dpi", None)  # 72 by Pillow, where the file does not say
            if image.format == "PNG":  # Pillow would decode the pixels to find what follows them
                block, colour = _of_png(path)
            if block:
                exif = read_directories(io.BytesIO(block.removeprefix(b"Exif\0\0")))
    icc, dpi = info.get("icc_profile"), _dpi(info, exif.get(MAIN, {}))
    main = {tag: entry for tag, entry in exif.get(MAIN, {}).items() if tag in CARRIED_OVER}
    description = main.get(DESCRIPTION, (2, b""))[1]
    if isinstance(description, bytes) and description.lstrip().startswith(LAYOUTS):
        del main[DESCRIPTION]
    return Metadata(
        {**exif, MAIN: main} if exif else {}, icc if isinstance(icc, bytes) else b"", dpi, tuple(colour.items())
    )


def _of_png(path: Path) -> tuple[bytes, dict[bytes, bytes]]:
    """The EXIF block of a PNG, from its own chunk or else from a text, and the chunks that state its colours."""
    chunks: dict[bytes, bytes] = {}
    for kind, chunk in png_chunks(path, skipped=b"IDAT"):
        if data := _exif_of_text(kind, chunk[8:-4]) if kind in EXIF_CHUNKS[1:] else chunk[8:-4]:
            chunks.setdefault(kind, data)
    block = next((chunks[kind] for kind in EXIF_CHUNKS if kind in chunks), b"")
    return block, {kind: data for kind, data in chunks.items() if kind in COLOUR}


def _exif_of_text(kind: bytes, data: bytes) -> bytes:
    """What older programs write in hexadecimal behind name and length, or the orientation that XMP says."""
    name, _, text = data.partition(b"\0")
    with suppress(Exception):
        if name in (b"Raw profile type exif", b"Raw profile type APP1"):
            text = zlib.decompressobj().decompress(text[1:], 1 << 20) if kind == b"zTXt" else text
            return bytes.fromhex("".join(text.decode().split("\n")[3:]))
        if name == b"XML:com.adobe.xmp" and (found := re.search(rb"tiff:Orientation(?:=[\"']|>)([1-8])", text)):
            return exif_block({MAIN: {ORIENTATION: (SHORT, int(found[1]))}})
    return b""


def _dpi(info: dict[Any, Any], main: Entries) -> tuple[float, float] | None:
    with suppress(Exception):  # a rational may have the denominator 0, or be no number
        across, down = info["dpi"] if "dpi" in info else (main[X_RESOLUTION][1], main[Y_RESOLUTION][1])
        inches = 1.0 if "dpi" in info else INCHES[main.get(RESOLUTION_UNIT, (SHORT, 2))[1]]
        dpi = float(across) * inches, float(down) * inches
        return dpi if all(0 < dots < 65536 for dots in dpi) else None
    return None
