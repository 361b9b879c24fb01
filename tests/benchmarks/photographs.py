"""The pairs with ground truth that `real_photographs` measures on, and the measure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, psnr
from reference.datasets.generator.boundaries import slope
from reference.datasets.generator.scenes import smooth_shape
from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image

FloatArray = NDArray[np.float64]


def pairs() -> Iterator[tuple[str, FloatArray, FloatArray, FloatArray]]:
    """Twelve pairs with truth: the six embedded ones, with the edges of objects, and six of slanting depth."""
    for seed, pair in enumerate(embedded_pairs()):
        assert pair.truth
        a, b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
        yield pair.name, a, b, truth
        inside = smooth_shape(truth.shape[:2], 30.0, 0.5, np.random.default_rng(seed))
        sloping = slope(truth, inside, 5.0, 8.0)
        yield f"{pair.name}, sloping", in_bytes(sloping.image_a), in_bytes(sloping.image_b), truth


def in_bytes(image: FloatArray) -> FloatArray:
    """As a file of 8 bits holds it."""
    return np.round(255 * np.clip(image, 0, 1)) / 255


def decibels(image: FloatArray, truth: FloatArray) -> float:
    """PSNR of both in 8 bits."""
    return float(psnr(im2uint8(image), im2uint8(truth)))
