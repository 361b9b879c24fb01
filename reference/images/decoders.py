"""Pixels as stored, by Pillow or libpng, and the rotation that EXIF orientation asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.errors import BadInput

__all__ = ["PNG", "png_chunks", "read_by_pillow", "read_png_in_rgb", "turned_upright"]


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
            pixels = _array(image.convert(expanded) if expanded else image)
    return pixels.astype(np.uint16) if pixels.dtype.kind in "ui" and pixels.dtype.itemsize == 2 else pixels


def _array(image: Any) -> NDArray[Any]:
    """Pixels of an image of Pillow, which at once would be copied twice."""
    pixel = np.asarray(image.crop((0, 0, 1, 1)))
    pixels = np.empty((image.height, image.width, *pixel.shape[2:]), pixel.dtype)
    for top in range(0, image.height, 256):
        band = pixels[top : top + 256]
        band[:] = np.asarray(image.crop((0, top, image.width, top + len(band))))
    return pixels


def read_png_in_rgb(path: Path) -> NDArray[Any]:
    """Read RGB of 8 or 16 bits by libpng; Pillow would reduce 16 bits to 8, and needs more memory."""
    import imagecodecs

    chunks = [*png_chunks(path)]  # which also checks lengths
    kinds = [kind for kind, _, _ in chunks]
    if b"tRNS" in kinds:
        raise BadInput(f"{path} has transparency (RGB): flatten it first, fusion has no rule for it")
    if b"acTL" in kinds:
        raise BadInput(f"{path} holds an animation, but one image is needed")
    png = memoryview(path.read_bytes())
    # Of the others, whose names begin in lower case, libpng would warn on stderr; pixels do not depend on them.
    critical = [png[at - 8 : at + length + 4] for kind, at, length in chunks if kind[:1].isupper()]
    return np.asarray(imagecodecs.png_decode(PNG + b"".join(critical)))


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
