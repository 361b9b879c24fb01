"""The image of flat layers through a thin lens: each is blurred by a disc, and near layers occlude far ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal

FloatArray = NDArray[np.float64]


class Layer(NamedTuple):
    """A flat part of the scene: colour (H, W) or (H, W, C) in [0, 1], coverage (H, W) in [0, 1], depth in metres."""

    colour: FloatArray
    coverage: FloatArray
    depth: float


def blur_radius(depth: float, focus: float, strength: float) -> float:
    """Radius of the disc that a point at `depth` becomes when the lens is focused at `focus`.

    radius = strength |1 / focus - 1 / depth|      (thin lens; strength = aperture radius x image distance, in pixels)

    depth, focus  metres, above 0
    strength      pixel metres
    returns       pixels
    raises        ValueError for a depth that is not above 0

    >>> blur_radius(depth=2.0, focus=1.0, strength=8.0)
    4.0
    """
    if depth <= 0 or focus <= 0:
        raise ValueError(f"depth is {depth} and focus is {focus}, but a distance is above 0")
    return strength * abs(1 / focus - 1 / depth)


def disc_kernel(radius: float) -> FloatArray:
    """The image of a point out of focus: a uniform disc, with pixels at its rim weighted by their part inside.

    returns  (2 ceil(radius) + 1, same), sum 1

    >>> disc_kernel(0.0).tolist()
    [[1.0]]
    >>> disc_kernel(2.5).shape
    (7, 7)
    """
    if radius < 0:
        raise ValueError(f"radius is {radius}, but a disc cannot be smaller than a point")
    reach, fine = int(np.ceil(radius)), 9  # each pixel is sampled at 9 x 9 points
    points = (np.arange((2 * reach + 1) * fine) + 0.5) / fine - reach - 0.5
    inside = (points[:, None] ** 2 + points**2 <= max(radius, 0.5) ** 2).astype(np.float64)
    side = 2 * reach + 1
    area = inside.reshape(side, fine, side, fine).sum(axis=(1, 3))
    return area / area.sum()  # type: ignore[no-any-return]


def disc_blur(image: FloatArray, radius: float) -> FloatArray:
    """Blur by a disc of a radius in pixels; the border is replicated.

    >>> bool(np.allclose(disc_blur(np.full((5, 6), 0.3), 2.0), 0.3))
    True
    """
    if radius == 0:
        return image
    kernel = disc_kernel(radius)
    reach = kernel.shape[0] // 2
    pad = [(reach, reach), (reach, reach)] + [(0, 0)] * (image.ndim - 2)
    kernel = kernel.reshape(kernel.shape + (1,) * (image.ndim - 2))
    return signal.fftconvolve(np.pad(image, pad, mode="edge"), kernel, mode="valid", axes=(0, 1))  # type: ignore[no-any-return]


def photograph(
    layers: Sequence[Layer], focus: float, strength: float, blur: Callable[[FloatArray, float], FloatArray] = disc_blur
) -> FloatArray:
    """Photograph the layers with the lens focused at one depth.

    image_k = blur(c_k I_k) + (1 - blur(c_k)) image_(k-1),   k from the farthest layer to the nearest

    So a blurred near layer spreads over the sharp far one, which shines through its rim; a sharp near layer covers the
    blurred far one.

    layers    from far to near; the farthest covers the whole image
    focus     metres
    strength  as in `blur_radius`
    blur      blurs an image by a radius; training also uses apertures other than a disc

    >>> wall = Layer(np.full((8, 8), 0.5), np.ones((8, 8)), depth=4.0)
    >>> bool(np.allclose(photograph([wall], focus=1.0, strength=4.0), 0.5))
    True
    """
    image = np.zeros_like(layers[0].colour)
    for layer in layers:
        radius = blur_radius(layer.depth, focus, strength)
        coverage = layer.coverage.reshape(layer.coverage.shape + (1,) * (layer.colour.ndim - 2))
        image = blur(coverage * layer.colour, radius) + (1 - blur(coverage, radius)) * image
    return np.clip(image, 0.0, 1.0)
