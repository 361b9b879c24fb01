"""SSIM against ground truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import matlab_compat
from matlab_compat import saturate
from reference.metrics.gray_levels import check_stored, gray_levels

__all__ = ["ssim"]


def ssim(fused: NDArray[np.uint8], truth: NDArray[np.uint8]) -> float:
    """Structural similarity of the gray levels of the fused image and of the scene sharp everywhere.

    mean of the similarity map, Gaussian of sigma 1.5, dynamic range 255                      (Wang et al. 2004, eq. 13)

    fused, truth  (H, W) or (H, W, 3) uint8
    returns       up to 1, higher is better
    raises        ValueError or TypeError for images that differ in shape or class

    MATLAB: ssim(rgb2gray(fused), rgb2gray(truth)); of doubles 0..255, as in Table 1, it would take 1 as dynamic range
    Parity: V, every printed digit of two values (matlab_compat.ssim).

    >>> image = np.arange(64, dtype=np.uint8).reshape(8, 8)
    >>> ssim(image, image)
    1.0
    """
    check_stored(fused=fused, truth=truth)
    gray_fused, gray_truth = (saturate(gray_levels(image), "uint8") for image in (fused, truth))
    return float(matlab_compat.ssim(gray_fused, gray_truth).ssimval)
