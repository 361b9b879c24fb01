"""Before step 1: sources of different size are brought onto A's grid (decision D10)."""

from __future__ import annotations

import numpy as np

from matlab_compat import imresize
from reference.arrays import Image
from reference.checks import check_image

__all__ = ["same_size"]


def same_size(image_b: Image, shape: tuple[int, ...]) -> Image:
    """Resize B to the height and width of A; an image of that size is returned as it is.

    image_b  (H', W') or (H', W', 3) in [0, 1]
    shape    (H, W) of A
    returns  (H, W) or (H, W, 3) in [0, 1]: bicubic overshoot is clipped

    MATLAB: imresize(image_b, [H W])      (paper, contribution 1: "effectively handles ... images that differ in size")
    Parity: 1e-15 (matlab_compat.imresize).

    >>> same_size(np.zeros((20, 30)), (40, 50)).shape
    (40, 50)
    """
    check_image("image_b", image_b)
    if image_b.shape[:2] == tuple(shape[:2]):
        return image_b
    return np.clip(imresize(image_b, list(shape[:2])), 0.0, 1.0)
