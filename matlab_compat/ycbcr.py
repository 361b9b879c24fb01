"""ITU-R BT.601 in studio range, as rgb2ycbcr and ycbcr2rgb share it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import check_class, check_image

__all__ = ["CLASSES", "MATRIX", "colour_planes", "offsets"]

CLASSES = ("uint8", "uint16", "single", "double")
# BT.601 for R, G, B in 0..1 and Y in 16..235, Cb and Cr in 16..240, in thousandths: whole numbers, so that sums over
# integer images are exact.
MATRIX = ((65481, 128553, 24966), (-37797, -74203, 112000), (112000, -93786, -18214))


def offsets(pixels: NDArray[np.generic]) -> NDArray[np.float64]:
    """Y, Cb, Cr of black in the units of the class: 16, 128, 128 of 255."""
    top = {"uint8": 255, "uint16": 65535}.get(pixels.dtype.name, 1)
    return np.array([16.0, 128.0, 128.0]) * top / 255


def colour_planes(function: str, image: NDArray[np.generic]) -> list[NDArray[np.float64]]:
    """The three planes as doubles, of an image that was checked."""
    check_image(function, image, (3,))
    check_class(function, image, CLASSES)
    if image.shape[2] != 3:
        raise ValueError(f"{function} takes an image of shape (H, W, 3), not {image.shape}")
    return [image[..., channel].astype(np.float64) for channel in range(3)]
