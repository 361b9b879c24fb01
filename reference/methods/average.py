"""The plain average: what every method must beat."""

from __future__ import annotations

import numpy as np

from reference.arrays import Image
from reference.checks import check_pair
from reference.pipeline import Fused

__all__ = ["average"]


def average(image_a: Image, image_b: Image) -> Fused:
    """Take the mean of both sources at every pixel.

    F = (A + B) / 2

    image_a, image_b  (H, W) or (H, W, 3) in [0, 1]
    returns           fused image, and 1/2 everywhere as decision map
    raises            ValueError for shapes that differ or values outside [0, 1]

    MATLAB: (A + B) / 2 on doubles

    >>> average(np.zeros((2, 2)), np.ones((2, 2))).image.tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    check_pair(image_a, image_b)
    return Fused((image_a + image_b) / 2, np.full(image_a.shape[:2], 0.5))
