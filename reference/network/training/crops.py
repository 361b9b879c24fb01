"""Training crops: a small scene of one or two layers, photographed twice through a lens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from reference.generator.shapes import smooth_shape
from reference.generator.thin_lens import Layer, disc_blur, photograph
from reference.network.training.recipe import Recipe

__all__ = ["Crops", "batch_of_crops", "crop_pair"]

FloatArray = NDArray[np.float64]
MARGIN = 12  # pixels around a crop, cut off after blurring so that no border effect is left


class Crops(NamedTuple):
    """Two photographs of a small scene, (crop, crop) or (batch, crop, crop) each.

    mask     1 where A is in focus
    texture  |A - B| before noise and 8 bits: where it is 0, focus cannot be seen
    """

    a: FloatArray
    b: FloatArray
    mask: FloatArray
    texture: FloatArray


def batch_of_crops(photographs: Sequence[NDArray[np.float32]], recipe: Recipe, step: int) -> Crops:
    """The crops of one step, (batch, crop, crop) each.

    They depend on (photographs, recipe, step) alone, so that an interrupted run goes on as if it had not been.
    """
    rng = np.random.default_rng([recipe.seed, step])
    pairs = [crop_pair(photographs, recipe, rng) for _ in range(recipe.batch)]
    return Crops(*(np.stack(parts) for parts in zip(*pairs, strict=True)))


def crop_pair(photographs: Sequence[NDArray[np.float32]], recipe: Recipe, rng: np.random.Generator) -> Crops:
    """One scene, photographed with its near and with its far layer in focus."""
    side = recipe.crop + 2 * MARGIN
    near, far = (_random_crop(photographs, side, rng) for _ in range(2))
    whole = rng.random() < recipe.whole_share
    coverage = np.ones((side, side)) if whole else _shape(side, rng)
    radius = np.exp(rng.uniform(np.log(recipe.radius_least), np.log(recipe.radius_most)))
    blur = _gaussian_blur if rng.random() < recipe.gaussian_share else disc_blur
    layers = [Layer(far, np.ones((side, side)), depth=2.0), Layer(near, coverage, depth=1.0)]
    # With strength 2 r the layer that is not in focus, at half or double the distance, is blurred by r.
    pair = [photograph(layers, focus, 2 * radius, blur) for focus in (1.0, 2.0)]
    if rng.random() < recipe.soft_share:
        pair = [_gaussian_blur(image, 2 * rng.uniform(0.2, 0.8)) for image in pair]
    if rng.random() < 0.5:
        pair, coverage = pair[::-1], 1 - coverage
    inner = (slice(MARGIN, -MARGIN), slice(MARGIN, -MARGIN))
    texture = np.abs(pair[0] - pair[1])
    a, b = _camera(pair, recipe, rng)
    return Crops(a[inner], b[inner], coverage[inner], texture[inner])


def _shape(side: int, rng: np.random.Generator) -> FloatArray:
    return smooth_shape((side, side), rng.uniform(10, 30), rng.uniform(0.2, 0.8), rng)


def _random_crop(photographs: Sequence[NDArray[np.float32]], side: int, rng: np.random.Generator) -> FloatArray:
    """A square of a random photograph, turned, mirrored, and its contrast changed at random."""
    source = photographs[int(rng.integers(len(photographs)))]
    row, column = (int(rng.integers(size - side + 1)) for size in source.shape)
    crop = np.rot90(source[row : row + side, column : column + side], int(rng.integers(4)))
    if rng.random() < 0.5:
        crop = crop.T
    gain, gamma = rng.uniform(0.6, 1.0), np.exp(rng.uniform(-0.4, 0.4))
    offset = rng.uniform(0, 1 - gain)
    return offset + gain * np.asarray(crop, dtype=np.float64) ** gamma  # type: ignore[no-any-return]


def _gaussian_blur(image: FloatArray, radius: float) -> FloatArray:
    return image if radius == 0 else ndimage.gaussian_filter(image, radius / 2, mode="nearest")


def _camera(pair: list[FloatArray], recipe: Recipe, rng: np.random.Generator) -> list[FloatArray]:
    """Unequal noise and eight bits, as a camera would add them."""
    if rng.random() < recipe.noise_share:
        pair = [image + rng.uniform(0, recipe.noise_most) * rng.standard_normal(image.shape) for image in pair]
    return [np.round(255 * np.clip(image, 0, 1)) / 255 for image in pair]
