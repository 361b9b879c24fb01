"""From the bytes of an image file to its pixels as stored, by the library that changes none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from reference.errors import BadInput, MissingExtra
from reference.image_size import check_size, is_tiff
from reference.pixel_readers import PNG, read_by_opencv, read_by_pillow
from reference.tiff_pages import read_tiff

__all__ = ["MOST_MEGAPIXELS", "read_stored"]

MOST_MEGAPIXELS = 150.0  # of a file; a few kilobytes can claim to be any size


def read_stored(path: Path, page: int | None = None) -> NDArray[Any]:
    """Pixels in the class of the file, or of one of the images in a TIFF, as `planes.planes` counts them.

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
