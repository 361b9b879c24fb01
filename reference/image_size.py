"""The size of an image file by its head, before anything of it is decoded."""

from __future__ import annotations

from pathlib import Path

from reference.errors import BadInput
from reference.tiff_pages import page_of

__all__ = ["check_size", "is_tiff"]


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
