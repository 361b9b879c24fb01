"""Under which conditions the pairs with ground truth are photographed: lens first, then the sensor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reference.arrays import Image
from reference.generator.boundaries import FocusPair

__all__ = ["CONDITIONS", "Condition", "cast", "magnified", "photographed"]


@dataclass(frozen=True)
class Condition:
    """Noise of both photographs, as standard deviation in gray levels of 255, and magnification of B over A."""

    noise: float = 0.0
    magnification: float = 1.0


CONDITIONS = {
    "clean": Condition(),
    "noise_5": Condition(noise=5.0),
    "noise_10": Condition(noise=10.0),
    "breathing": Condition(magnification=1.01),  # a lens changes its scale a little as its focus is moved
}


def cast(pair: FocusPair, condition: Condition) -> FocusPair:
    """A pair as the lens casts it on the sensor: B magnified; truth and focus are A's."""
    return pair._replace(image_b=magnified(pair.image_b, condition.magnification))


def photographed(pair: FocusPair, condition: Condition, seed: int) -> tuple[Image, Image]:
    """A and B of a pair that was cast, in 8 bits as doubles in [0, 1]; noise is drawn for every value by itself.

    >>> flat = FocusPair(*[np.full((4, 4), 0.25)] * 4)
    >>> a, b = photographed(flat, Condition(), seed=0)
    >>> float(a[0, 0] * 255)
    64.0
    """
    rng = np.random.default_rng([seed, 1])  # another stream than that of the scene's outline
    return _sensor(pair.image_a, condition.noise, rng), _sensor(pair.image_b, condition.noise, rng)


def magnified(image: Image, factor: float) -> Image:
    """An image enlarged about its middle and cut to its size; cubic splines, the edge pixel goes on beyond the border.

    >>> bool(np.array_equal(magnified(np.eye(5), 1.0), np.eye(5)))
    True
    """
    from scipy import ndimage

    if factor == 1:
        return image
    scale = np.array([1 / factor, 1 / factor, 1.0][: image.ndim])
    middle = (np.array(image.shape) - 1) / 2
    return ndimage.affine_transform(image, scale, middle - scale * middle, order=3, mode="nearest")  # type: ignore[no-any-return]


def _sensor(image: Image, noise: float, rng: np.random.Generator) -> NDArray[np.float64]:
    noisy = image + noise / 255 * rng.standard_normal(image.shape) if noise else image
    return np.round(255 * np.clip(noisy, 0, 1)) / 255
