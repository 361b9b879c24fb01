"""Pairs with ground truth for three kinds of boundary between the parts in focus in A and in B."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from scipy import ndimage

from reference.datasets.generator.thin_lens import FloatArray, Layer, disc_blur, photograph

Blur = Callable[[FloatArray, float], FloatArray]
Boundary = Literal["cut", "slope", "occlusion"]
BOUNDARIES: tuple[Boundary, ...] = ("cut", "slope", "occlusion")
NEAR, FAR = 1.0, 2.0  # metres, of the layers of an occlusion


class FocusPair(NamedTuple):
    """Both photographs and the scene sharp everywhere, (H, W) or (H, W, C); focus (H, W), 1 where A is in focus."""

    image_a: FloatArray
    image_b: FloatArray
    truth: FloatArray
    focus: FloatArray

    def exchanged(self) -> FocusPair:
        """The same with B for A."""
        return FocusPair(self.image_b, self.image_a, self.truth, 1 - self.focus)


def cut(image: FloatArray, inside: FloatArray, radius: float, blur: Blur = disc_blur) -> FocusPair:
    """Only focus changes at the boundary, as in the test pairs of most papers on fusion.

    A = c I + (1 - c) blur(I),  B = (1 - c) I + c blur(I)

    image    (H, W) or (H, W, C) in [0, 1]    I
    inside   (H, W) in [0, 1]                 c
    radius   pixels, of the blur out of focus

    >>> pair = cut(np.eye(8), np.indices((8, 8))[1] < 4, 2.0)
    >>> bool(np.array_equal(pair.image_a[:, :4], np.eye(8)[:, :4]))
    True
    """
    c = inside.reshape(inside.shape + (1,) * (image.ndim - 2))
    blurred = np.clip(blur(image, radius), 0.0, 1.0)
    return FocusPair(c * image + (1 - c) * blurred, (1 - c) * image + c * blurred, image, np.asarray(inside, float))


def slope(image: FloatArray, inside: FloatArray, radius: float, width: float, blur: Blur = disc_blur) -> FocusPair:
    """Depth changes gradually, without an edge, as on a table top; halfway both photographs are blurred.

    t = gaussian(c; width),  A is blurred by radius (1 - t),  B by radius t

    image    (H, W) or (H, W, C) in [0, 1]
    inside   (H, W) in [0, 1]                 c
    radius   pixels, where the other photograph is in focus
    width    pixels, standard deviation of the Gaussian

    >>> pair = slope(np.full((8, 8), 0.5), np.eye(8), 2.0, 2.0)
    >>> bool(np.allclose(pair.image_a, 0.5))
    True
    """
    t = ndimage.gaussian_filter(np.asarray(inside, dtype=np.float64), width)
    steps = max(math.ceil(radius), 1)
    stack = [np.clip(blur(image, radius * k / steps), 0.0, 1.0) for k in range(steps + 1)]
    a, b = (_blurred_by(stack, steps * part) for part in (1 - t, t))
    return FocusPair(a, b, image, (t > 0.5).astype(np.float64))


def occlusion(
    near: FloatArray, far: FloatArray, coverage: FloatArray, radius: float, blur: Blur = disc_blur
) -> FocusPair:
    """A near object in front of a far background, seen by a thin lens; A is focused on the object.

    Out of focus, the near object spreads over the background. There neither photograph is sharp.

    near, far  (H, W) or (H, W, C) in [0, 1]
    coverage   (H, W) in [0, 1], by the near object
    radius     pixels, of the blur of the layer out of focus

    >>> pair = occlusion(np.ones((8, 8)), np.zeros((8, 8)), np.ones((8, 8)), 2.0)
    >>> bool(np.allclose(pair.image_b, 1.0))
    True
    """
    layers = [Layer(far, np.ones(coverage.shape), FAR), Layer(near, coverage, NEAR)]
    # With strength 2 r the layer out of focus, at half or double the distance, is blurred by r.
    on_near, on_far = (photograph(layers, focus, 2 * radius, blur) for focus in (NEAR, FAR))
    truth = photograph(layers, NEAR, strength=0.0)  # a pinhole: everything sharp
    return FocusPair(on_near, on_far, truth, coverage)


def nearer_to_the_scene(pair: FocusPair) -> FloatArray:
    """1 where A is nearer to the sharp scene than B; where both are equally near, 1 where A is in focus.

    gaussian((A - T)^2; 1) < gaussian((B - T)^2; 1)

    Beside a near object neither photograph is sharp: in one the object spreads over the background, in the other the
    background is out of focus. Which to take is decided by the truth, not by depth.

    >>> truth, inside = np.full((1, 4), 0.5), np.array([[1.0, 1.0, 0.0, 0.0]])
    >>> nearer_to_the_scene(FocusPair(truth + 0.1 * (1 - inside), truth + 0.1 * inside, truth, inside)).tolist()
    [[1.0, 1.0, 0.0, 0.0]]
    """
    squared = [(image - pair.truth) ** 2 for image in (pair.image_a, pair.image_b)]
    errors = [ndimage.gaussian_filter(x if x.ndim == 2 else x.sum(axis=-1), 1.0) for x in squared]
    equal = np.abs(errors[0] - errors[1]) < 1e-9
    return np.where(equal, pair.focus > 0.5, errors[0] < errors[1]).astype(np.float64)


def _blurred_by(stack: list[FloatArray], position: FloatArray) -> FloatArray:
    """Interpolate, pixel by pixel, between images of increasing blur; position 0 is the first."""
    position = position.reshape(position.shape + (1,) * (stack[0].ndim - 2))
    # Each image is weighted by a triangle around its number; the weights of a pixel sum to 1.
    weighted = [np.clip(1 - np.abs(position - k), 0, 1) * image for k, image in enumerate(stack)]
    return np.sum(weighted, axis=0)  # type: ignore[no-any-return]
