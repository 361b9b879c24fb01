"""Metrics of the fused image against ground truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import matlab_compat
from matlab_compat import saturate
from reference.metrics.gray_levels import check_stored, gray_levels


def psnr(fused: NDArray[np.uint8], truth: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio of the fused image against the scene sharp everywhere.

    psnr = 10 log10(255^2 / mse), over the values of all channels

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
