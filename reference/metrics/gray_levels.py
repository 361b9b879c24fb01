"""Gray levels, on which metrics are defined, and checks of a metric's arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat import rgb2gray
from reference.steps.arrays import Levels


class Fractions(np.ndarray[Any, np.dtype[np.float64]]):
    """Gray in [0, 1] on purpose: what others have measured by mistake, so that their numbers can be met."""


def gray_levels(image: NDArray[np.uint8]) -> Levels:
    """Gray levels of an 8-bit image, integers from 0 to 255 as doubles; each image is converted on its own.

    g = floor(.298936 R + .587043 G + .114021 B + .5)

    image    (H, W) or (H, W, 3) uint8; images of 16 bits are first reduced to 8 (im2uint8)
    returns  (H, W)
    raises   TypeError for another class, ValueError for another shape

    MATLAB: double(rgb2gray(image)), as the published tables were computed; means over R, G and B give other values
    Parity: exact (V). Weights rounded to .299, .587, .114 change one pixel in ten thousand.

    >>> gray_levels(np.array([[[120, 119, 112]]], dtype=np.uint8))
    array([[119.]])
    """
    if (kind := getattr(image, "dtype", type(image).__name__)) != np.uint8:
        raise TypeError(f"the image is {kind}, but metrics are defined on uint8 (see matlab_compat.im2uint8)")
    if image.ndim not in (2, 3) or image.size == 0:
        raise ValueError(f"the image has shape {image.shape}, but an image is (H, W) or (H, W, 3)")
    gray = rgb2gray(image) if image.ndim == 3 else image
    return gray.astype(np.float64)


def check_levels(least: int = 1, **images: Levels) -> None:
    """Check that images are float64, (H, W) of one shape with sides of `least` or more, and lie in [0, 255].

    raises  TypeError for another class, ValueError otherwise, with the name of the image and its values
    """
    shape = None
    for name, image in images.items():
        if not isinstance(image, np.ndarray) or image.dtype != np.float64:
            kind = getattr(image, "dtype", type(image).__name__)
            raise TypeError(f"{name} is {kind}, but a metric takes gray levels as float64 (see gray_levels)")
        if image.ndim != 2 or min(image.shape) < least:
            raise ValueError(f"{name} has shape {image.shape}, but this metric takes (H, W), sides of {least} or more")
        if shape not in (None, image.shape):
            raise ValueError(f"{name} is {image.shape} but {next(iter(images))} is {shape}")
        low, high = image.min(), image.max()
        if not (low >= 0 and high <= 255):  # NaN fails too
            raise ValueError(f"{name} has levels from {low} to {high}, but they must lie in [0, 255]")
        if high <= 1 and np.any(image % 1) and not isinstance(image, Fractions):
            raise ValueError(f"{name} has levels from {low} to {high}: metrics take 0 to 255 (gray_levels)")
        shape = image.shape


def check_stored(**images: NDArray[np.uint8]) -> None:
    """Check that images are uint8, (H, W) or (H, W, 3), and of one shape.

    raises  TypeError for another class, ValueError for another shape
    """
    (first, reference), *_ = images.items()
    for name, image in images.items():
        if (kind := getattr(image, "dtype", type(image).__name__)) != np.uint8:
            raise TypeError(f"{name} is {kind}, but it must be uint8 (see matlab_compat.im2uint8)")
        if image.shape != reference.shape:
            raise ValueError(f"{name} is {image.shape} but {first} is {reference.shape}: size and colour must agree")
