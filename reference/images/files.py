"""Reading and writing images: the only place where pixels are not doubles in [0, 1].

`read_image` returns pixels as stored, like MATLAB's imread: EXIF orientation is not applied. `read_photograph` turns
them upright unless told otherwise, and reads the metadata. Sixteen bits stay sixteen bits.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from matlab_compat import im2double, im2uint8, im2uint16
from reference.errors import BadInput
from reference.files import atomic_write
from reference.images.decoding import read_stored
from reference.images.metadata import NONE, Metadata, read_metadata
from reference.images.region import Region
from reference.images.write import QUALITY, write_by_pillow, write_png_of_16_bits, write_tiff
from reference.steps.arrays import PATCH, Image

OVERSHOOT = 0.25  # of floats, as sharpening and resizing give it; more of it is another scale
LONGEST_NAME = 200  # bytes; most file systems take 255
EIGHT_BIT_SUFFIXES = (".jpg", ".jpeg", ".bmp")
SUFFIXES = (".png", ".tif", ".tiff", *EIGHT_BIT_SUFFIXES)


@dataclass(frozen=True, eq=False)
class ImageFile:
    """An image as read. Doubles, which take eight times the memory of 8-bit levels, are made on demand.

    raw       (H, W) or (H, W, 3), levels of uint8 or uint16, or floats in [0, 1]
    stored    the class in which a result is stored: uint8, uint16, float32 for any float
    metadata  the metadata of the file, where it was read
    white     the level that is 1, as 1023 for 10 bits in 16; 0 for the highest of the class
    clipped   by how much floats left [0, 1]
    turned    the EXIF orientation by which it was turned upright
    shape     (H, W) or (H, W, 3)
    top       what 1 is in `raw`
    """

    raw: NDArray[Any]
    stored: np.dtype[Any]
    metadata: Metadata = NONE
    white: int = 0
    clipped: float = 0.0
    turned: int = 1
    shape: tuple[int, ...] = field(init=False)
    top: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", self.raw.shape)
        is_float = self.raw.dtype.kind == "f"
        object.__setattr__(self, "top", 1.0 if is_float else float(self.white or np.iinfo(self.raw.dtype).max))

    @cached_property
    def pixels(self) -> Image:
        """The whole image, in [0, 1]."""
        return self._in_doubles(self.raw)

    def part(self, region: Region) -> Image:
        """A part of the image, in [0, 1]."""
        return self._in_doubles(region.of(self.raw))

    def _in_doubles(self, raw: NDArray[Any]) -> Image:
        if raw.dtype == np.float64:
            return raw
        return raw / float(self.white) if self.white else im2double(raw)


def images_in(folder: Path, pattern: str = "*") -> list[Path]:
    """The image files of a folder, by their suffixes, sorted; hidden ones are none of the user's."""
    found = (path for path in folder.glob(pattern) if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in found if not any(part[0] == "." for part in path.relative_to(folder).parts))


def read_image(path: Path | str, page: int | None = None) -> ImageFile:
    """Read a gray or RGB image of 8 or 16 bits, or a float TIFF in [0, 1].

    page    which of several images in a TIFF, from 0; None where the file holds one
    raises  BadInput, in one sentence, for any other file: missing, damaged, with alpha, CMYK, animated, under 16
            pixels, over 150 megapixels, with NaN or infinity, or floats that leave [0, 1] by more than OVERSHOOT;
            those that leave it by less are clipped, and `clipped` says by how much

    MATLAB: im2double(imread(path)), or imread(path, page + 1); palettes are expanded as by ind2rgb
    """
    path = Path(path)
    stored = read_stored(path, page)
    if stored.ndim not in (2, 3) or (stored.ndim == 3 and stored.shape[2] != 3):
        raise BadInput(f"{path} has shape {stored.shape}, but an image here is gray or RGB")
    if min(stored.shape[:2]) < PATCH:
        raise BadInput(f"{path} is {size_text(stored.shape)} pixels, but a side must have at least {PATCH}")
    if stored.dtype.kind == "f":
        if bad := int(np.count_nonzero(~np.isfinite(stored))):
            raise BadInput(f"{path} has {bad} pixels that are NaN or infinite")
        clipped = max(-float(stored.min()), float(stored.max()) - 1, 0.0)
        if clipped > OVERSHOOT:
            raise BadInput(f"{path} has values from {stored.min():g} to {stored.max():g}, but they must lie in [0, 1]")
        return ImageFile(np.clip(stored.astype(np.float64), 0, 1), np.dtype(np.float32), clipped=clipped)
    return ImageFile(stored, stored.dtype)


def read_photograph(path: Path, as_stored: bool = False, page: int | None = None, white: int = 0) -> ImageFile:
    """Read an image with its metadata, turned upright by its EXIF orientation unless wanted `as_stored`.

    white   the level that is 1; 0 for the highest of the class
    raises  BadInput, as `read_image`, and for levels above `white` or a class that has none
    """
    image, metadata = replace(read_image(path, page), white=white), read_metadata(path, page)
    if white and (image.stored.kind == "f" or not image.raw.max() <= white <= np.iinfo(image.stored).max):
        levels = f"values up to {image.raw.max():g} in {image.stored}"
        raise BadInput(f"{path} has {levels}, but {white} was given as white")
    if as_stored or metadata.orientation == 1:
        return replace(image, metadata=metadata)
    raw, by = turned_upright(image.raw, metadata.orientation), metadata.orientation
    return replace(image, raw=raw, metadata=metadata.upright(), turned=by)


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


def write_image(
    path: Path | str, image: Image, stored: np.dtype[Any] | type = np.uint8, metadata: Metadata = NONE
) -> None:
    """Write an image of doubles in [0, 1], cast to a storage class, in the format of the suffix of `path`.

    The file is written whole or not at all.

    MATLAB: imwrite(im2uint8(image), path), or im2uint16, or single
    """
    write_stored(path, in_class(image, np.dtype(stored)), metadata)


def in_class(image: Image, stored: np.dtype[Any], white: int = 0) -> NDArray[Any]:
    """The final cast: MATLAB's rounding and saturation; to `white`, where another level than the highest is 1."""
    if white:
        return np.floor(np.clip(image, 0, 1) * white + 0.5).astype(stored)
    if stored == np.uint16:
        return im2uint16(image)
    return image.astype(np.float32) if stored == np.float32 else im2uint8(image)


def write_stored(path: Path | str, pixels: NDArray[Any], metadata: Metadata = NONE, quality: int = QUALITY) -> None:
    """Write pixels that are already of a storage class, whole or not at all."""
    path, metadata = Path(path), metadata.of_image(pixels.shape)
    with atomic_write(path) as temporary:
        if path.suffix.lower() in (".tif", ".tiff"):
            write_tiff(temporary, pixels, metadata)
        elif pixels.dtype == np.uint16 and pixels.ndim == 3:
            write_png_of_16_bits(temporary, pixels, metadata)
        else:
            write_by_pillow(temporary, pixels, metadata, quality)


def check_output(path: Path, stored: np.dtype[Any]) -> None:
    """Refuse, before any work, an output file that cannot be written or would lose depth; its folder is made."""
    if path.is_dir():
        raise BadInput(f"{path} is a folder: name a file in it")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        ends = f"ends in {suffix}" if suffix else "has no ending"
        raise BadInput(f"{path} {ends}, but results are written as {', '.join(SUFFIXES)}")
    if len(os.fsencode(path.name)) > LONGEST_NAME:
        long = f"a name of over {LONGEST_NAME} bytes"
        raise BadInput(f"{path.name[:20]}... is {long}: those of files beside it are longer")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(path.parent, os.W_OK):
        raise BadInput(f"{path} cannot be written: the folder {path.parent} is read-only")
    if stored == np.uint16 and suffix in EIGHT_BIT_SUFFIXES:
        raise BadInput(f"{path} would lose 8 of the 16 bits of the inputs: write .png or .tif")
    if stored == np.float32 and suffix not in (".tif", ".tiff"):
        raise BadInput(f"{path} cannot hold the floating-point pixels of the inputs: write .tif")


def size_text(size: tuple[int, ...]) -> str:
    """Width and height of an image of (H, W), in the usual order.

    >>> size_text((480, 640))
    '640 x 480'
    """
    return f"{size[1]} x {size[0]}"


def through_jpeg(image: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Compress an image, (H, W) or (H, W, 3), and read it again."""
    file = BytesIO()
    PillowImage.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(PillowImage.open(file))
