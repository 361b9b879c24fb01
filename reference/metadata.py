"""What a photograph says besides its pixels: read from the first source, carried to the result."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from reference.exif import EXIF, INTEROP, MAIN, Directories, Entries, read_directories
from reference.image_size import is_tiff
from reference.pixel_readers import png_chunks
from reference.tiff_pages import page_of

__all__ = ["DESCRIPTION", "NONE", "ORIENTATION", "SOFTWARE", "Metadata", "read_metadata"]

DESCRIPTION, ORIENTATION, SOFTWARE = 0x010E, 0x0112, 0x0131
SIZES = {EXIF: (0xA003, 0xA002), INTEROP: (0x1002, 0x1001)}  # height and width
# Of the main directory: maker, model, date, artist, host, copyright too; not what says how pixels are stored.
KEPT = {DESCRIPTION, 0x010F, 0x0110, ORIENTATION, SOFTWARE, 0x0132, 0x013B, 0x013C, 0x8298}
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT, PROFILE = 0x011A, 0x011B, 0x0128, 0x8773
INCHES = {2: 1.0, 3: 2.54}  # resolution units of TIFF and EXIF
LAYOUTS = (b"<?xml", b"<OME", b'{"shape"', b"ImageJ=")  # how descriptions of a file, not of a photograph, begin
SHORT, LONG = 3, 4


class Metadata(NamedTuple):
    """EXIF, colour profile and resolution.

    exif  its directories, without the maker's notes
    icc   the profile, as bytes; empty for none
    dpi   dots per inch, across and down; None if the file does not say
    """

    exif: Directories
    icc: bytes
    dpi: tuple[float, float] | None

    @property
    def main(self) -> Entries:
        """The main directory."""
        return self.exif.get(MAIN, {})

    @property
    def orientation(self) -> int:
        """1 for upright, to 8, as in EXIF."""
        value = self.main.get(ORIENTATION, (SHORT, 1))[1]
        return int(value) if value in range(1, 9) else 1

    def upright(self) -> Metadata:
        """That of the photograph once it is turned."""
        dpi = self.dpi[::-1] if self.dpi and self.orientation > 4 else self.dpi
        turned = {**self.exif, MAIN: {**self.main, ORIENTATION: (SHORT, 1)}}
        return Metadata(turned if ORIENTATION in self.main else self.exif, self.icc, dpi)

    def of_size(self, shape: tuple[int, ...]) -> Metadata:
        """That of an image of another size."""
        exif = dict(self.exif)
        for directory, (height, width) in SIZES.items():
            if width in exif.get(directory, {}):
                exif[directory] = {**exif[directory], width: (LONG, shape[1]), height: (LONG, shape[0])}
        return self._replace(exif=exif)


NONE = Metadata({}, b"", None)


def read_metadata(path: Path, page: int | None = None) -> Metadata:
    """What the file of an image says; what is damaged is passed over, as the pixels do not depend on it.

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
    return Metadata(_kept(exif), icc if isinstance(icc, bytes) else b"", _dpi_of(exif))


def _of_others(path: Path) -> Metadata:
    import warnings

    from PIL import Image as PillowImage

    info: dict[Any, Any] = {}
    exif: Directories = {}
    of_camera = False
    with warnings.catch_warnings(), suppress(Exception):
        warnings.simplefilter("ignore")
        with PillowImage.open(path) as image:
            info, of_camera = dict(image.info), image.format in ("JPEG", "MPO")
            block = _png_exif(path) if image.format == "PNG" else info.get("exif", b"")
        if block:
            exif = read_directories(io.BytesIO(block.removeprefix(b"Exif\0\0")))
    icc = info.get("icc_profile")
    # For a JPEG that does not say, Pillow has 72 dots per inch.
    says = "dpi" in info and (not of_camera or info.get("jfif_unit") in (1, 2))
    dpi = _dpi(info["dpi"][0], info["dpi"][1], 1.0) if says else _dpi_of(exif)
    return Metadata(_kept(exif), icc if isinstance(icc, bytes) else b"", dpi)


def _png_exif(path: Path) -> bytes:
    """The chunk of a PNG, wherever it stands; Pillow would decode the pixels to find one behind them."""
    for kind, at, length in png_chunks(path):
        if kind == b"eXIf":
            with open(path, "rb") as file:
                file.seek(at)
                return file.read(length)
    return b""


def _kept(exif: Directories) -> Directories:
    main = {tag: entry for tag, entry in exif.get(MAIN, {}).items() if tag in KEPT}
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
    with suppress(Exception):  # a rational may be a division by zero, or no number at all
        dpi = float(x) * (unit or 0.0), float(y) * (unit or 0.0)
        return dpi if all(0 < dots < 65536 for dots in dpi) else None
    return None
