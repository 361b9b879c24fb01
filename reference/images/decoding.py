"""From the bytes of an image file to its size and its pixels as stored, by the library that changes none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from reference.errors import BadInput, MissingExtra
from reference.images.decoders import PNG, read_by_opencv, read_by_pillow
from reference.images.tiff_pages import page_of, read_tiff

__all__ = ["MOST_MEGAPIXELS", "check_size", "is_tiff", "read_stored"]


def is_tiff(head: bytes) -> bool:
    """Whether a file that begins so is a TIFF, of either byte order, classic or big.

    >>> is_tiff(b"II*\\0"), is_tiff(b"BM")
    (True, False)
    """
    return head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def check_size(path: Path, megapixels: float, page: int | None = None) -> None:
    """Refuse a file that would become more than so many megapixels; one without a size is left to who reads it.

    page    which of several images in a TIFF

    raises  BadInput, with the sizes
    """
    from PIL.Image import DecompressionBombError

    try:
        columns, rows = _size(path, page)
    except DecompressionBombError as error:
        raise BadInput(f"{path} has far more than {megapixels:g} megapixels, which are allowed") from error
    except Exception:  # image libraries raise anything on damaged files
        return
    if columns * rows > megapixels * 1e6:
        raise BadInput(f"{path} is {columns} x {rows} pixels, but {megapixels:g} megapixels are allowed")


def _size(path: Path, page: int | None) -> tuple[int, int]:
    """Columns and rows; of a TIFF, every kind of which Pillow does not know, by tifffile."""
    import warnings

    import tifffile
    from PIL import Image as PillowImage

    with open(path, "rb") as file:
        head = file.read(4)
    if is_tiff(head):
        with tifffile.TiffFile(path) as tiff:
            of = page_of(tiff, page)
            return of.imagewidth, of.imagelength
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
        with PillowImage.open(path) as image:
            return image.size


MOST_MEGAPIXELS = 150.0  # of a file; a few kilobytes can claim to be any size


def read_stored(path: Path, page: int | None = None) -> NDArray[Any]:
    """Pixels in the class of the file, or of one of the images in a TIFF, as `stacks.planes` counts them.

    raises  BadInput, in one sentence, for what is no image, would be read as something else than it is, or is larger
            than MOST_MEGAPIXELS; MissingExtra where a kind needs a library that is not here
    """
    try:
        check_size(path, MOST_MEGAPIXELS, page)
        with open(path, "rb") as file:
            head = file.read(32)
        if head[:8] == PNG and head[24:26] == b"\x10\x02":  # 16 bits, RGB
            return read_by_opencv(path)
        if is_tiff(head):
            return read_tiff(path, page)
        return read_by_pillow(path)
    except (BadInput, MissingExtra):
        raise
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder, not an image") from None
    except Exception as error:  # image libraries raise anything from SyntaxError to struct.error on damaged files
        raise BadInput(f"{path} is not a readable image: {_why(path, error)}") from error


def _why(path: Path, error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if type(error).__name__ == "UnidentifiedImageError":  # Pillow's, which is loaded late
        return "it does not begin as PNG, JPEG, TIFF or BMP do" if path.stat().st_size else "it is empty"
    return (str(error) or type(error).__name__).splitlines()[0]
