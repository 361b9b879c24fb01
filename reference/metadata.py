"""What a photograph says besides its pixels: read from the first source, carried to the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.image_size import is_tiff

__all__ = ["NONE", "Metadata", "read_metadata", "turned_upright"]

ORIENTATION, EXIF, GPS, WIDTH, HEIGHT = 0x0112, 0x8769, 0x8825, 0xA002, 0xA003
BOUND = (0x927C, 0xA005)  # maker's notes and interoperability: places in the file that they were written in
# Description, maker, model, orientation, resolution (three), software, date, artist, host, copyright; sub-directories.
KEPT = (0x010E, 0x010F, 0x0110, ORIENTATION, 0x011A, 0x011B, 0x0128, 0x0131, 0x0132, 0x013B, 0x013C, 0x8298)
INCHES = {2: 1.0, 3: 2.54}  # resolution units of TIFF and EXIF


class Metadata(NamedTuple):
    """EXIF, colour profile and resolution.

    exif  tag -> value, the sub-directories EXIF and GPS as dictionaries; without the maker's notes, which hold only
          in the file that they were written in
    icc   the profile, as bytes; empty for none
    dpi   dots per inch, across and down; None if the file does not say
    """

    exif: dict[int, Any]
    icc: bytes
    dpi: tuple[float, float] | None

    @property
    def orientation(self) -> int:
        """1 for upright, to 8, as in EXIF."""
        value: Any = self.exif.get(ORIENTATION)
        return int(value) if value in range(1, 9) else 1

    def upright(self) -> Metadata:
        """That of the photograph once it is turned."""
        dpi = self.dpi[::-1] if self.dpi and self.orientation > 4 else self.dpi
        return Metadata({**self.exif, ORIENTATION: 1} if self.exif else {}, self.icc, dpi)

    def of_size(self, shape: tuple[int, ...]) -> Metadata:
        """That of an image of another size."""
        exif = dict(self.exif)
        if WIDTH in exif.get(EXIF, {}):
            exif[EXIF] = {**exif[EXIF], WIDTH: shape[1], HEIGHT: shape[0]}
        return self._replace(exif=exif)

    def exif_block(self) -> bytes:
        """EXIF as JPEG and PNG hold it; empty for none."""
        from PIL.Image import Exif

        exif = Exif()
        for tag, value in self.exif.items():
            exif[tag] = value
        return exif.tobytes() if self.exif else b""


NONE = Metadata({}, b"", None)


def read_metadata(path: Path) -> Metadata:
    """What the file of an image says; what is damaged is passed over, as the pixels do not depend on it."""
    with open(path, "rb") as file:
        tiff = is_tiff(file.read(4))
    metadata = NONE
    try:
        metadata = _of_tiff(path) if tiff else _of_others(path)
        metadata.exif_block()
    except Exception:  # image libraries raise anything on damaged files
        return metadata._replace(exif={})
    return metadata


def turned_upright(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels as the photographer saw them.

    pixels       (H, W) or (H, W, 3) as stored
    orientation  of EXIF: 1 as stored, 2 mirrored, 3 upside down, 4 both, 5 to 8 the same of the transposed image

    >>> turned_upright(np.array([[1, 2, 3], [4, 5, 6]]), 6).tolist()
    [[4, 1], [5, 2], [6, 3]]
    """
    if orientation > 4:
        pixels = pixels.swapaxes(0, 1)
    flips = {2: (1,), 3: (0, 1), 4: (0,), 6: (1,), 7: (0, 1), 8: (0,)}.get(orientation, ())
    return np.ascontiguousarray(np.flip(pixels, flips))


def _of_tiff(path: Path) -> Metadata:
    from PIL.Image import Exif

    with open(path, "rb") as file:
        head, exif = file.read(16), Exif()
        exif.endian, order = ("<", "little") if head[:2] == b"II" else (">", "big")
        exif.bigtiff = 43 in head[2:4]
        first = head[8:16] if exif.bigtiff else head[4:8]
        exif.load_from_fp(file, int.from_bytes(first, order))  # type: ignore[arg-type]
        kept = _kept(exif)
        icc = exif.get(0x8773, b"")  # InterColorProfile
    inches = INCHES.get(kept.get(0x0128, 2))
    x, y = kept.get(0x011A), kept.get(0x011B)
    return Metadata(kept, icc, _dpi(x * inches, y * inches) if inches and x and y else None)


def _of_others(path: Path) -> Metadata:
    import warnings

    from PIL import Image as PillowImage

    with warnings.catch_warnings(), PillowImage.open(path) as image:
        warnings.simplefilter("ignore")
        # Looking for EXIF behind the pixels of a PNG would decode them.
        exif = _kept(image.getexif()) if image.format != "PNG" or "exif" in image.info else {}
        dpi = image.info.get("dpi")
        return Metadata(exif, image.info.get("icc_profile") or b"", _dpi(*dpi) if dpi else None)


def _kept(exif: Any) -> dict[int, Any]:
    kept = {tag: exif[tag] for tag in KEPT if tag in exif}
    if str(kept.get(KEPT[0], "")).lstrip().startswith(("{", "<", "ImageJ")):
        del kept[KEPT[0]]  # describes a file's layout, not what is seen
    for directory in (EXIF, GPS):
        entries = {tag: value for tag, value in exif.get_ifd(directory).items() if tag not in BOUND}
        if entries:
            kept[directory] = entries
    return kept


def _dpi(x: Any, y: Any) -> tuple[float, float] | None:
    return (float(x), float(y)) if 0 < float(x) < 1e6 and 0 < float(y) < 1e6 else None
