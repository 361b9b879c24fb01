"""The kinds of array that travel between steps; float64 unless said otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["BinaryMap", "Gray", "Image", "Levels", "Map", "Pyramid", "Scores"]

Image = NDArray[np.float64]  # (H, W) or (H, W, 3) in [0, 1]
Gray = NDArray[np.float64]  # (H, W) in [0, 1]
Pyramid = tuple[Gray, ...]  # level l is (ceil(H / 2^l), ceil(W / 2^l))
Scores = NDArray[np.float64]  # (ceil(H / 2) - 7, ceil(W / 2) - 7) in [0, 1], 1 = A in focus
Map = NDArray[np.float64]  # (H, W), 1 = A in focus
BinaryMap = NDArray[np.bool_]  # (H, W), True = A in focus
Levels = NDArray[np.float64]  # (H, W) gray levels from 0 to 255, what metrics compare
