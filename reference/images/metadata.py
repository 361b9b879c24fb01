"""The metadata of a photograph, read from the first source and carried over to the result."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from reference.images.decoders import png_chunks
from reference.images.decoding import is_tiff
from reference.images.tiff_pages import page_of

__all__ = [
    "DESCRIPTION", "MAIN", "NONE", "ORIENTATION", "SOFTWARE", "Directories", "Metadata", "exif_block",
    "read_metadata", "sub_directories",
]  # fmt: skip

Entries = dict[int, tuple[int, Any]]  # tag -> (type number of TIFF, value)
Directories = dict[int, Entries]  # by the tag that points to a directory; MAIN is the main one
MAIN, EXIF, GPS, INTEROP = 0, 0x8769, 0x8825, 0xA005
WITHIN = {EXIF: MAIN, GPS: MAIN, INTEROP: EXIF}
SHORT, LONG = 3, 4  # type numbers of TIFF
MAKER_NOTE = 0x927C  # valid only at its place in its own file
HEAD = b"II*\0"
BIG = 43  # the version number of BigTIFF, after the byte order


def read_directories(file: BinaryIO, first: int | None = None) -> Directories:
    """All directories of a TIFF or of an EXIF block, without entries that cannot be read and written again.

    first    offset of the main directory; None for the first of the file
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd entries
        file.seek(0)
        head = file.read(8)
        head += file.read(8) if BIG in head[2:4] else b""
        directories = {MAIN: _entries(file, head, _directory(head, MAIN).next if first is None else first, MAIN)}
        for tag, within in WITHIN.items():
            pointer = directories.get(within, {}).pop(tag, None)
            with suppress(Exception):
                directories |= {tag: _entries(file, head, int(pointer[1]), tag)} if pointer else {}
    return directories


def sub_directories(directories: Directories, place: int) -> tuple[bytes, dict[int, int]]:
    """The bytes of all directories but the main one, from the offset `place` on, and the offset of each."""
    data = b""
    places: dict[int, int] = {}
    pointers: dict[int, list[int]] = {}
    for tag in (INTEROP, EXIF, GPS):
        entries = dict(directories.get(tag, {}))
        entries |= {inner: (LONG, places[inner]) for inner in pointers.get(tag, ())}
        if entries:
            data += b"\0" * ((place + len(data)) % 2)
            places[tag] = place + len(data)
            data += _bytes(entries, places[tag])
            pointers.setdefault(WITHIN[tag], []).append(tag)
    return data, {tag: places[tag] for tag in pointers.get(MAIN, ())}


def exif_block(directories: Directories) -> bytes:
    """The EXIF block of JPEG and PNG; empty where every directory is.

    >>> exif_block({MAIN: {0x0112: (3, 6)}})[6:].hex(" ", 4)
    '4949 2a000800 00000100 12010300 01000000 06000000 00000000'
    """
    if not any(directories.values()):
        return b""
    data, places = sub_directories(directories, 8)
    data += b"\0" * (len(data) % 2)
    main = directories.get(MAIN, {}) | {tag: (LONG, place) for tag, place in places.items()}
    first = 8 + len(data)
    return b"Exif\0\0" + HEAD + struct.pack("<I", first) + data + _bytes(main, first)


def _directory(head: bytes, tag: int) -> Any:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    directory = ImageFileDirectory_v2(head if head[2] == BIG else head[:8], group=tag or None)
    directory._bigtiff = BIG in head[2:4]  # Pillow recognises BigTIFF in little-endian files only
    return directory


def _entries(file: BinaryIO, head: bytes, place: int, tag: int) -> Entries:
    directory = _directory(head, tag)
    entries: Entries = {}
    file.seek(place)
    directory.load(file)
    for entry_tag in directory:
        with suppress(Exception):  # Pillow raises anything on odd entries
            kind, value = directory.tagtype[entry_tag], directory[entry_tag]
            entry = kind, value.encode("latin-1") if isinstance(value, str) else value
            _bytes({entry_tag: entry}, 0)  # only what can be written again is read
            entries[entry_tag] = entry
    entries.pop(MAKER_NOTE, None)
    return entries


def _bytes(entries: Entries, place: int) -> bytes:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    directory = ImageFileDirectory_v2(HEAD + b"\x08\0\0\0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for tag, (kind, value) in entries.items():
            directory.tagtype[tag] = kind
            directory[tag] = value
        return directory.tobytes(place)


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
    """EXIF, colour profile and resolution.

    exif    directories, without the maker's notes
    icc     the profile, as bytes; empty for none
    dpi     dots per inch, across and down; None if the file does not say
    colour  chunks by which a PNG states its colours without a profile: their types and data
    """

    exif: Directories
    icc: bytes
    dpi: tuple[float, float] | None
    colour: tuple[tuple[bytes, bytes], ...] = ()

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
        turned = {**self.exif, MAIN: {**self.main, ORIENTATION: (SHORT, 1)}}
        return self._replace(exif=turned if ORIENTATION in self.main else self.exif, dpi=dpi)

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
    """Read the metadata of an image file; damaged parts are skipped, since the pixels do not depend on them.

    page  which of several images in a TIFF
    """
    with open(path, "rb") as file:
        if is_tiff(file.read(4)):
            return _of_tiff(path, file, page)
    return _of_others(path)


def _of_tiff(path: Path, file: BinaryIO, page: int | None) -> Metadata:
    import tifffile

    exif: Directories = {}
    with suppress(Exception):  # image libraries raise anything on damaged files
        with tifffile.TiffFile(path) as tiff:
            first = page_of(tiff, page).offset
        exif = read_directories(file, first)
    icc = exif.get(MAIN, {}).get(PROFILE, (7, b""))[1]
    return Metadata(_carried_over(exif), icc if isinstance(icc, bytes) else b"", _dpi_of(exif))


def _of_others(path: Path) -> Metadata:
    from PIL import Image as PillowImage

    info: dict[Any, Any] = {}
    exif: Directories = {}
    of_camera, colour = False, dict[bytes, bytes]()
    with warnings.catch_warnings(), suppress(Exception):
        warnings.simplefilter("ignore")
        with PillowImage.open(path) as image:
            info, of_camera = dict(image.info), image.format in ("JPEG", "MPO")
            block = info.get("exif", b"")
            if image.format == "PNG":  # Pillow would decode the pixels to find what follows them
                block, colour = _of_png(path)
        if block:
            exif = read_directories(io.BytesIO(block.removeprefix(b"Exif\0\0")))
    icc = info.get("icc_profile")
    # Pillow reports 72 dots per inch for a JPEG without a resolution.
    has_dpi = "dpi" in info and (not of_camera or info.get("jfif_unit") in (1, 2))
    dpi = _dpi(info["dpi"][0], info["dpi"][1], 1.0) if has_dpi else _dpi_of(exif)
    return Metadata(_carried_over(exif), icc if isinstance(icc, bytes) else b"", dpi, tuple(colour.items()))


def _of_png(path: Path) -> tuple[bytes, dict[bytes, bytes]]:
    """The EXIF block of a PNG, from its own chunk or else from a text, and the chunks that state its colours."""
    chunks: dict[bytes, bytes] = {}
    with open(path, "rb") as file:
        for kind, at, length in png_chunks(path):
            if kind in (*EXIF_CHUNKS, *COLOUR):
                file.seek(at)
                data = file.read(length)
                if data := _exif_of_text(kind, data) if kind in EXIF_CHUNKS[1:] else data:
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


def _carried_over(exif: Directories) -> Directories:
    main = {tag: entry for tag, entry in exif.get(MAIN, {}).items() if tag in CARRIED_OVER}
    if _is_layout(main.get(DESCRIPTION, (2, b""))[1]):
        del main[DESCRIPTION]
    return {**exif, MAIN: main} if exif else {}


def _is_layout(description: Any) -> bool:
    return isinstance(description, bytes) and description.lstrip().startswith(LAYOUTS)


def _dpi_of(exif: Directories) -> tuple[float, float] | None:
    main = exif.get(MAIN, {})
    unit = INCHES.get(main.get(RESOLUTION_UNIT, (SHORT, 2))[1])
    x, y = (main.get(tag, (5, 0))[1] for tag in (X_RESOLUTION, Y_RESOLUTION))
    return _dpi(x, y, unit)


def _dpi(x: Any, y: Any, unit: float | None) -> tuple[float, float] | None:
    with suppress(Exception):  # a rational may have the denominator 0, or be no number
        dpi = float(x) * (unit or 0.0), float(y) * (unit or 0.0)
        return dpi if all(0 < dots < 65536 for dots in dpi) else None
    return None
