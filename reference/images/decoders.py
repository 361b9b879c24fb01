"""Pixels as stored, by Pillow or OpenCV, and the rotation that EXIF orientation asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.errors import BadInput, MissingExtra

__all__ = ["PNG", "opencv", "png_chunks", "read_by_opencv", "read_by_pillow", "turned_upright"]

NEEDS = (
    "OpenCV, which does not load here: pip install opencv-contrib-python, and on Debian or Ubuntu "
    "apt-get install --no-install-recommends libgl1 libglib2.0-0"
)


def opencv(what: str) -> Any:
    """The module cv2, loaded on demand.

    what    what needs it, for the message of MissingExtra where it does not load

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
    """Turn pixels upright by their EXIF orientation.

    pixels       (H, W) or (H, W, 3) as stored
    orientation  1 as stored, 2 mirrored, 3 upside down, 4 both, 5 to 8 the same for the transposed image

    >>> turned_upright(np.array([[1, 2, 3], [4, 5, 6]]), 6).tolist()
    [[4, 1], [5, 2], [6, 3]]
    """
    if orientation > 4:
        pixels = pixels.swapaxes(0, 1)
    flips = {2: (1,), 3: (0, 1), 4: (0,), 6: (1,), 7: (0, 1), 8: (0,)}.get(orientation, ())
    return np.ascontiguousarray(np.flip(pixels, flips))


PNG = b"\x89PNG\r\n\x1a\n"  # the signature
FORMATS = ("PNG", "JPEG", "TIFF", "BMP")


def read_by_pillow(path: Path) -> NDArray[Any]:
    """Read 8-bit images of every format, and 16-bit gray."""
    import warnings

    from PIL import Image as PillowImage

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
        with PillowImage.open(path, formats=FORMATS) as image:
            frames, mode = getattr(image, "n_frames", 1), image.mode
            if frames > 1 and image.format != "MPO":  # a phone's JPEG, whose first image is the photograph
                raise BadInput(f"{path} holds {frames} images, but one is needed")
            if mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
                raise BadInput(f"{path} has transparency ({mode}): flatten it first, fusion has no rule for it")
            if mode not in ("1", "L", "P", "RGB") and not mode.startswith("I;16"):
                raise BadInput(f"{path} is stored as {mode}, but an image here is gray or RGB")
            expanded = {"P": "RGB", "1": "L"}.get(mode)
            pixels = np.asarray(image.convert(expanded) if expanded else image)
    return pixels.astype(np.uint16) if pixels.dtype.kind in "ui" and pixels.dtype.itemsize == 2 else pixels


def read_by_opencv(path: Path) -> NDArray[Any]:
    """Read 16-bit RGB, which Pillow would silently reduce to 8 bits."""
    cv2 = opencv(f"{path}, a 16-bit image,")
    # Also checks lengths: OpenCV would allocate whatever a chunk claims to hold.
    if b"tRNS" in [kind for kind, _, _ in png_chunks(path)]:
        raise BadInput(f"{path} has transparency (RGB): flatten it first, fusion has no rule for it")
    try:
        # From memory: OpenCV opens only file names in UTF-8.
        pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # its message names a line of its source
        pixels = None
    if pixels is None:
        raise BadInput(f"{path} is not a readable image: it is damaged, ends too early, or is too large")
    return np.ascontiguousarray(pixels[..., ::-1]) if pixels.ndim == 3 else pixels


def png_chunks(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """Type, offset and length of the data of each chunk of a PNG; nothing for other files.

    raises  BadInput for a chunk that reaches beyond the end of the file
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
