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
from reference.errors import BadInput, MissingExtra
from reference.files import replacing
from reference.opencv import opencv
from reference.patches import PATCH

__all__ = ["ImageFile", "check_output", "read_image", "write_image"]

LEAST_SIDE = PATCH
FORMATS = ("PNG", "JPEG", "TIFF", "BMP")
EIGHT_BIT_SUFFIXES = (".jpg", ".jpeg", ".bmp")
SUFFIXES = (".png", ".tif", ".tiff", *EIGHT_BIT_SUFFIXES)


class ImageFile(NamedTuple):
    """An image as read: pixels in [0, 1], and the class a result is stored in: uint8, uint16, float32 for any float."""

    pixels: Image
    stored: np.dtype[Any]


def read_image(path: Path | str) -> ImageFile:
    """Read a gray or RGB image of 8 or 16 bits, or a float TIFF in [0, 1].

    raises  BadInput, in one sentence, for what is no such image: missing, damaged, with alpha, CMYK, animated,
            under 16 pixels, NaN or infinity; MissingExtra where a 16-bit RGB PNG needs OpenCV and it does not load

    MATLAB: im2double(imread(path)); palettes are expanded as by ind2rgb
    """
    path = Path(path)
    stored = _read_stored(path)
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


def _read_stored(path: Path) -> NDArray[Any]:
    """Pixels in the class of the file."""
    try:
        with open(path, "rb") as file:
            head = file.read(32)
        if head[:8] == b"\x89PNG\r\n\x1a\n" and head[24:26] == b"\x10\x02":  # 16 bits, RGB
            return _read_byopencv(path)
        if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            return _read_tiff(path)
        return _read_by_pillow(path)
    except (BadInput, MissingExtra):
        raise
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder, not an image") from None
    except Exception as error:  # image libraries raise anything from SyntaxError to struct.error on damaged files
        raise BadInput(f"{path} is not a readable image: {_first_line(error)}") from error


def _read_by_pillow(path: Path) -> NDArray[Any]:
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


def _read_tiff(path: Path) -> NDArray[Any]:
    """TIFF as stored: by tifffile, or by Pillow or OpenCV where the compression needs them."""
    import tifffile

    with tifffile.TiffFile(path) as tiff:
        if len(tiff.pages) != 1:
            raise BadInput(f"{path} holds {len(tiff.pages)} images, but one is needed")
        page = tiff.pages.first
        _check_page(path, page)
        white_is_zero = page.photometric == 0
        if page.photometric in (3, 6) or page.bitspersample < 8:  # palette, YCbCr, bilevel: Pillow expands them
            if _turned(page):
                raise BadInput(
                    f"{path} has an orientation tag, which for its kind of TIFF would be applied: save it upright"
                )
            return _read_by_pillow(path)
        try:
            pixels = page.asarray()
        except ValueError as error:
            if "imagecodecs" not in str(error):
                raise
            return _read_compressed(path, page)
        if page.planarconfig == 2:
            pixels = np.moveaxis(pixels, 0, -1)
        return np.iinfo(pixels.dtype).max - pixels if white_is_zero else np.asarray(pixels)


def _check_page(path: Path, page: Any) -> None:
    """Refuse what would be read as something else than it is."""
    kind, depth = getattr(page.photometric, "name", str(page.photometric)), page.dtype
    if page.extrasamples:
        raise BadInput(f"{path} has transparency ({page.samplesperpixel} channels): flatten it first")
    # White is 0, black is 0, RGB, palette, YCbCr; the last as JPEG alone is read alike by every version of Pillow.
    if page.photometric not in (0, 1, 2, 3, 6) or (page.photometric == 6 and page.compression not in (6, 7)):
        raise BadInput(f"{path} is stored as {kind}, but an image here is gray or RGB")
    if depth not in (np.bool_, np.uint8, np.uint16, np.float16, np.float32, np.float64):
        raise BadInput(f"{path} holds {depth}, but a TIFF here is of 8 or 16 bits or floating point")
    if (page.photometric == 3 and page.bitspersample > 8) or (page.photometric == 0 and depth.kind == "f"):
        raise BadInput(f"{path} is stored as {kind} of {depth}, for which there is no rule here")


def _read_compressed(path: Path, page: Any) -> NDArray[Any]:
    """A compression that tifffile leaves to others, where they give the pixels as stored."""
    if page.photometric in (1, 2) and not _turned(page):
        return _read_by_pillow(path) if page.bitspersample == 8 else _read_byopencv(path)
    raise MissingExtra(f"{path}, compressed by {page.compression.name}, needs: pip install imagecodecs")


def _turned(page: Any) -> bool:
    """Whether an orientation tag asks for turning, which Pillow and OpenCV do to a TIFF while reading."""
    tag = page.tags.get("Orientation")
    return tag is not None and tag.value != 1


def _read_byopencv(path: Path) -> NDArray[Any]:
    """16-bit RGB, which Pillow would silently make 8-bit."""
    cv2 = opencv(f"{path}, a 16-bit image,")
    try:
        pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # its own words name a line of its source
        pixels = None
    if pixels is None:
        raise BadInput(f"{path} is not a readable image: it is damaged, ends too early, or is too large")
    return np.ascontiguousarray(pixels[..., ::-1]) if pixels.ndim == 3 else pixels


def _check_floats(path: Path, pixels: NDArray[Any]) -> None:
    """Floating-point pixels are finite and lie in [0, 1]."""
    bad = int(np.count_nonzero(~np.isfinite(pixels)))
    if bad:
        raise BadInput(f"{path} has {bad} pixels that are NaN or infinite")
    if pixels.min() < 0 or pixels.max() > 1:
        raise BadInput(f"{path} has values from {pixels.min():g} to {pixels.max():g}, but they must lie in [0, 1]")


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
