"""Image files: the only place where pixels are not doubles in [0, 1].

Pixels are taken as stored, like MATLAB's imread: EXIF orientation is not applied. Sixteen bits stay sixteen bits.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2double, im2uint8, im2uint16
from reference.arrays import Image
from reference.decoding import read_stored
from reference.errors import BadInput
from reference.files import replacing
from reference.opencv import opencv
from reference.patches import PATCH

__all__ = ["ImageFile", "check_output", "read_image", "write_image"]

LEAST_SIDE = PATCH
EIGHT_BIT_SUFFIXES = (".jpg", ".jpeg", ".bmp")
SUFFIXES = (".png", ".tif", ".tiff", *EIGHT_BIT_SUFFIXES)


class ImageFile(NamedTuple):
    """An image as read: pixels in [0, 1], and the class a result is stored in: uint8, uint16, float32 for any float."""

    pixels: Image
    stored: np.dtype[Any]


def read_image(path: Path | str) -> ImageFile:
    """Read a gray or RGB image of 8 or 16 bits, or a float TIFF in [0, 1].

    raises  BadInput, in one sentence, for what is no such image: missing, damaged, with alpha, CMYK, animated,
            under 16 pixels, over 150 megapixels, NaN or infinity; MissingExtra where a 16-bit RGB PNG needs OpenCV and
            it does not load

    MATLAB: im2double(imread(path)); palettes are expanded as by ind2rgb
    """
    path = Path(path)
    stored = read_stored(path)
    if stored.ndim not in (2, 3) or (stored.ndim == 3 and stored.shape[2] != 3):
        raise BadInput(f"{path} has shape {stored.shape}, but an image here is gray or RGB")
    if min(stored.shape[:2]) < LEAST_SIDE:
        rows, columns = stored.shape[:2]
        raise BadInput(f"{path} is {columns} x {rows} pixels, but a side must have at least {LEAST_SIDE}")
    if stored.dtype.kind == "f":
        _check_floats(path, stored)
        return ImageFile(stored.astype(np.float64), np.dtype(np.float32))
    return ImageFile(im2double(stored), stored.dtype)


def check_output(path: Path, stored: np.dtype[Any], colour: bool) -> None:
    """Refuse, before any work is done, an output file that could not be written or not without loss of depth."""
    if path.is_dir():
        raise BadInput(f"{path} is a folder: name a file in it")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadInput(f"{path} ends in {suffix or 'nothing'}, but results are written as {', '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise BadInput(f"{path} cannot be written: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise BadInput(f"{path} cannot be written: the folder {path.parent} is read-only")
    if stored == np.uint16 and suffix in EIGHT_BIT_SUFFIXES:
        raise BadInput(f"{path} would lose 8 of the 16 bits of the inputs: write .png or .tif")
    if stored == np.float32 and suffix not in (".tif", ".tiff"):
        raise BadInput(f"{path} cannot hold the floating-point pixels of the inputs: write .tif")
    if stored == np.uint16 and colour and suffix == ".png":
        opencv(f"writing 16-bit RGB to {path}")


def write_image(path: Path | str, image: Image, stored: np.dtype[Any] | type = np.uint8) -> None:
    """Write an image of doubles in [0, 1] in a storage class, by the suffix of `path`, as a whole or not at all.

    MATLAB: imwrite(im2uint8(image), path), or im2uint16, or single
    """
    path, pixels = Path(path), _stored(image, np.dtype(stored))
    with replacing(path) as temporary:
        if path.suffix.lower() in (".tif", ".tiff"):
            import tifffile

            tifffile.imwrite(temporary, pixels, photometric="rgb" if pixels.ndim == 3 else "minisblack")
        elif pixels.dtype == np.uint16 and pixels.ndim == 3:
            _, encoded = opencv(f"writing 16-bit RGB to {path}").imencode(".png", pixels[..., ::-1])
            temporary.write_bytes(encoded.tobytes())
        else:
            from PIL import Image as PillowImage

            PillowImage.fromarray(pixels).save(temporary, quality=95)


def _stored(image: Image, stored: np.dtype[Any]) -> NDArray[Any]:
    """The final cast: MATLAB's rounding and saturation."""
    if stored == np.uint16:
        return im2uint16(image)
    return image.astype(np.float32) if stored == np.float32 else im2uint8(image)


def _check_floats(path: Path, pixels: NDArray[Any]) -> None:
    """Floating-point pixels are finite and lie in [0, 1]."""
    bad = int(np.count_nonzero(~np.isfinite(pixels)))
    if bad:
        raise BadInput(f"{path} has {bad} pixels that are NaN or infinite")
    if pixels.min() < 0 or pixels.max() > 1:
        raise BadInput(f"{path} has values from {pixels.min():g} to {pixels.max():g}, but they must lie in [0, 1]")
