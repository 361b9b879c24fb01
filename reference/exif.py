"""The directories of EXIF, which are those of a TIFF, with the type of every entry, so that they can be written."""

from __future__ import annotations

import struct
import warnings
from contextlib import suppress
from typing import Any, BinaryIO

__all__ = ["EXIF", "GPS", "INTEROP", "MAIN", "Directories", "Entries", "exif_block", "read_directories", "written"]

Entries = dict[int, tuple[int, Any]]  # tag -> type as TIFF numbers them, and value
Directories = dict[int, Entries]  # by the tag that points to them; MAIN holds the others
MAIN, EXIF, GPS, INTEROP = 0, 0x8769, 0x8825, 0xA005
WITHIN = {EXIF: MAIN, GPS: MAIN, INTEROP: EXIF}
LONG = 4
MAKER_NOTE = 0x927C  # holds only in the file that it was written in
HEAD = b"II*\0"
BIG = 43  # the number of a BigTIFF, after its byte order


def read_directories(file: BinaryIO, first: int | None = None) -> Directories:
    """All directories of a TIFF, or of a block of EXIF.

    first    place of the main one; None for the first of the file
    returns  without the entries that cannot be read or could not be written again
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, on odd entries
        file.seek(0)
        head = file.read(8)
        head += file.read(8) if BIG in head[2:4] else b""
        directories = {MAIN: _entries(file, head, _directory(head, MAIN).next if first is None else first, MAIN)}
        for tag, within in WITHIN.items():
            pointer = directories.get(within, {}).pop(tag, None)
            with suppress(Exception):
                directories |= {tag: _entries(file, head, int(pointer[1]), tag)} if pointer else {}
    return directories


def written(directories: Directories, place: int) -> tuple[bytes, dict[int, int]]:
    """The directories but the main one, as they are from a place on, and where each of them lies."""
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
    """As JPEG and PNG hold them; empty where there is nothing in any.

    >>> exif_block({MAIN: {0x0112: (3, 6)}})[6:].hex(" ", 4)
    '4949 2a000800 00000100 12010300 01000000 06000000 00000000'
    """
    if not any(directories.values()):
        return b""
    data, places = written(directories, 8)
    data += b"\0" * (len(data) % 2)
    main = directories.get(MAIN, {}) | {tag: (LONG, place) for tag, place in places.items()}
    first = 8 + len(data)
    return b"Exif\0\0" + HEAD + struct.pack("<I", first) + data + _bytes(main, first)


def _directory(head: bytes, tag: int) -> Any:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    directory = ImageFileDirectory_v2(head if head[2] == BIG else head[:8], group=tag or None)
    directory._bigtiff = BIG in head[2:4]  # Pillow sees it in little-endian files only
    return directory


def _entries(file: BinaryIO, head: bytes, place: int, tag: int) -> Entries:
    directory = _directory(head, tag)
    entries: Entries = {}
    file.seek(place)
    directory.load(file)
    for each in directory:
        with suppress(Exception):  # Pillow raises anything on odd ones
            kind, value = directory.tagtype[each], directory[each]
            entry = kind, value.encode("latin-1") if isinstance(value, str) else value
            _bytes({each: entry}, 0)
            entries[each] = entry
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
