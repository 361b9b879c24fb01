"""Pixels as stored, by Pillow or by OpenCV, and turned as the photographer saw them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.errors import BadInput, MissingExtra

__all__ = ["PNG", "opencv", "png_chunks", "read_by_opencv", "read_by_pillow", "turned_back", "turned_upright"]

NEEDS = (
    "OpenCV, which does not load here: pip install opencv-contrib-python, and on Debian or Ubuntu "
    "apt-get install --no-install-recommends libgl1 libglib2.0-0"
)


def opencv(what: str) -> Any:
    """The module cv2; MissingExtra says what cannot be done without it.

    >>> opencv("this line").__name__
    'cv2'
    """
    try:
        import cv2
    except ImportError as error:
        first_line = (str(error) or type(error).__name__).splitlines()[0]
        raise MissingExtra(f"{what} needs {NEEDS} ({first_line})") from error
    return cv2


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


def turned_back(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels as stored, of those that were turned upright.

    >>> turned_back(np.array([[4, 1], [5, 2], [6, 3]]), 6).tolist()
    [[1, 2, 3], [4, 5, 6]]
    """
    return turned_upright(pixels, {6: 8, 8: 6}.get(orientation, orientation))  # every other one undoes itself


PNG = b"\x89PNG\r\n\x1a\n"  # how one begins
FORMATS = ("PNG", "JPEG", "TIFF", "BMP")


def read_by_pillow(path: Path) -> NDArray[Any]:
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


def read_by_opencv(path: Path) -> NDArray[Any]:
    """16-bit RGB, which Pillow would silently make 8-bit."""
    cv2 = opencv(f"{path}, a 16-bit image,")
    for _ in png_chunks(path):  # OpenCV would make room for what a chunk claims to hold
        pass
    try:
        # Not by its name, which OpenCV wants in UTF-8.
        pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # its own words name a line of its source
        pixels = None
    if pixels is None:
        raise BadInput(f"{path} is not a readable image: it is damaged, ends too early, or is too large")
    return np.ascontiguousarray(pixels[..., ::-1]) if pixels.ndim == 3 else pixels


def png_chunks(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """Kind, place and length of what each chunk of a PNG holds, to the last; none of a file that is no PNG.

    raises  BadInput for a chunk that claims to hold more than the file
    """
    at, size = 8, path.stat().st_size
    with open(path, "rb") as file:
        at = at if file.read(8) == PNG else size
        while at < size:
            file.seek(at)
            length, kind = int.from_bytes(file.read(4), "big"), file.read(4)
            if at + 12 + length > size:
                raise BadInput(f"{path} is not a readable image: it ends too early")
            yield kind, at + 8, length
            if kind == b"IEND":
                return
            at += 12 + length
