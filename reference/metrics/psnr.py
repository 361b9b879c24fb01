"""PSNR against ground truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import matlab_compat
from reference.metrics.gray_levels import check_stored

__all__ = ["psnr"]


def psnr(fused: NDArray[np.uint8], truth: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio of the fused image against the scene sharp everywhere.

    psnr = 10 log10(255^2 / mse), over all values, those of three channels alike

    fused, truth  (H, W) or (H, W, 3) uint8
    returns       decibels, higher is better; infinite for equal images
    raises        ValueError or TypeError for images that differ in shape or class

    MATLAB: psnr(fused, truth); Table 1 compares grays, with a source in place of the truth
    Parity: V, every printed digit of two values (matlab_compat.psnr).

    >>> round(psnr(np.full((4, 4), 10, np.uint8), np.full((4, 4), 20, np.uint8)), 4)
    28.1308
    """
    check_stored(fused=fused, truth=truth)
    return matlab_compat.psnr(fused, truth)
