"""The largest or smallest value in a neighbourhood, which all of MATLAB's morphology is made of, and a difference.

MATLAB: none of its own; imdilate, imerode, imsubtract.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image
from matlab_compat.rounding import saturate

__all__ = ["extreme", "opencv", "subtract"]

FAST = ("uint8", "uint16", "int16", "float32", "float64")  # OpenCV's, which is much faster than scipy's


def extreme(
    function: str, image: NDArray[np.generic], neighbourhood: NDArray[np.generic], largest: bool
) -> NDArray[Any]:
    """The largest value over the reflected neighbourhood of each pixel, or the smallest over the neighbourhood.

    Pixels beyond the border never count. Every channel is treated alike.

    >>> extreme("imdilate", np.array([[0, 5, 0, 0]]), np.ones((1, 2)), largest=True).tolist()
    [[0.0, 5.0, 5.0, 0.0]]
    """
    pixels, within = as_array(image), np.asarray(neighbourhood) != 0
    check_image(function, pixels)
    check_class(function, pixels, REALS)
    if within.ndim != 2 or not within.any():
        raise ValueError(f"neighbourhood is {within.shape}, but {function} takes a matrix with a pixel in it")
    if largest:
        within = within[::-1, ::-1]
    # The middle of an even side is the pixel before it; reflected, the one behind.
    middle = [side // 2 if largest else (side - 1) // 2 for side in within.shape]
    values = pixels.view(np.uint8) if pixels.dtype == np.bool_ else pixels
    limits = (-np.inf, np.inf) if values.dtype.kind == "f" else (np.iinfo(values.dtype).min, np.iinfo(values.dtype).max)
    beyond = limits[0] if largest else limits[1]
    if values.dtype.name in FAST and (cv2 := opencv()):
        change = cv2.dilate if largest else cv2.erode
        found = change(
            np.ascontiguousarray(values), within.astype(np.uint8), anchor=(middle[1], middle[0]),
            borderType=cv2.BORDER_CONSTANT, borderValue=(beyond,) * 4,
        )  # fmt: skip
        return np.asarray(found).reshape(pixels.shape).astype(pixels.dtype)
    from scipy import ndimage

    shape = (*within.shape, *(1,) * (pixels.ndim - 2))
    origin = [place - side // 2 for place, side in zip(middle, within.shape, strict=True)]
    select = ndimage.maximum_filter if largest else ndimage.minimum_filter
    options: dict[str, Any] = {"mode": "constant", "cval": beyond, "origin": (*origin, *(0,) * (pixels.ndim - 2))}
    return np.asarray(select(values, footprint=within.reshape(shape), **options))


def opencv() -> Any:
    """OpenCV, or None where the system's libraries that it needs are absent: scipy is slower and gives the same.

    >>> opencv() is None or opencv().__name__ == "cv2"
    True
    """
    try:
        import cv2
    except ImportError:
        return None
    return cv2


def subtract(minuend: NDArray[Any], subtrahend: NDArray[Any]) -> NDArray[Any]:
    """The difference of two alike: integers saturate, and of masks it is what only the first has.

    >>> subtract(np.array([30000], dtype=np.int16), np.array([-9000], dtype=np.int16)).tolist()
    [32767]
    """
    if minuend.dtype == np.bool_:
        return np.asarray(minuend & ~subtrahend)
    if minuend.dtype.kind == "f":
        return np.asarray(minuend - subtrahend)
    return saturate(minuend.astype(np.float64) - subtrahend.astype(np.float64), minuend.dtype)
