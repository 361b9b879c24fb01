"""The arrays that travel between steps, float64 unless said otherwise, and the geometry of patches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["PATCH", "STRIDE", "BinaryMap", "Gray", "Image", "Levels", "Map", "Pyramid", "Scores", "score_shape"]

Image = NDArray[np.float64]  # (H, W) or (H, W, 3) in [0, 1]
Gray = NDArray[np.float64]  # (H, W) in [0, 1]
Pyramid = tuple[Gray, ...]  # level l is (ceil(H / 2^l), ceil(W / 2^l))
Scores = NDArray[np.float64]  # (ceil(H / 2) - 7, ceil(W / 2) - 7) in [0, 1], 1 = A in focus
Map = NDArray[np.float64]  # (H, W), 1 = A in focus
BinaryMap = NDArray[np.bool_]  # (H, W), True = A in focus
Levels = NDArray[np.float64]  # (H, W) gray levels from 0 to 255, what metrics compare


PATCH = 16  # sec. 3.1.1, pixels: "the spot corresponding to the 16 x 16 dimension in the source image"
STRIDE = 2  # sec. 3.1.1, pixels between neighbouring scores: "scaled to the two-pixel level"


def score_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Size of the score map of an (H, W) image: (ceil(H / 2) - 7, ceil(W / 2) - 7).

    raises   ValueError for a side under one patch

    >>> score_shape((520, 521))
    (253, 254)
    """
    if min(shape[:2]) < PATCH:
        raise ValueError(f"the image is {shape}, but a patch is {PATCH} x {PATCH} pixels")
    rows, columns = (-(-side // STRIDE) - PATCH // STRIDE + 1 for side in shape[:2])
    return rows, columns
