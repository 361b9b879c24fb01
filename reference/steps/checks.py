"""Checks of what a step is given; each complaint is one sentence with the values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def check_image(name: str, image: NDArray[np.float64]) -> None:
    """An image is float64, (H, W) or (H, W, 3), and lies in [0, 1]."""
    if not isinstance(image, np.ndarray):
        raise TypeError(f"{name} is a {type(image).__name__}, but an image is an array, as of read_image(path).pixels")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise ValueError(f"{name} has shape {image.shape}, but an image is (H, W) or (H, W, 3)")
    check_range(name, image)


def check_pair(image_a: NDArray[np.float64], image_b: NDArray[np.float64]) -> None:
    """Two sources are images of one shape."""
    check_image("image_a", image_a)
    check_image("image_b", image_b)
    if image_a.shape != image_b.shape:
        raise ValueError(f"image_b is {image_b.shape} but image_a is {image_a.shape}")


def check_range(name: str, values: NDArray[np.float64]) -> None:
    """Values are float64 and lie in [0, 1]."""
    if values.dtype != np.float64:
        raise TypeError(f"{name} is {values.dtype}, but the steps compute in float64 (see matlab_compat.im2double)")
    if values.size == 0:
        raise ValueError(f"{name} has shape {values.shape}: there is nothing in it")
    low, high = values.min(), values.max()  # NaN makes both NaN, and fails the test below
    if not (low >= 0 and high <= 1):
        raise ValueError(f"{name} has values from {low} to {high}, but they must lie in [0, 1]")


def check_same_shape(**arrays: NDArray[np.generic]) -> None:
    """All arrays have the height and width of the first."""
    (first, reference), *others = arrays.items()
    for name, array in others:
        if array.shape[:2] != reference.shape[:2]:
            raise ValueError(f"{name} is {array.shape[:2]} but {first} is {reference.shape[:2]}")


def check_window(name: str, window: int) -> None:
    """A window centred on a pixel is odd."""
    if window < 1 or window % 2 == 0:
        raise ValueError(f"{name} is {window}, but a window around a pixel is odd: 1, 3, 5, ...")
