"""Metrics of the papers on infrared and visible images that no toolbox of multi-focus fusion has.

Source: J. Ma, Y. Ma, C. Li, Information Fusion 45, 2019; X. Zhang, P. Ye, G. Xiao, CVPR Workshops, 2020 (VIFB).
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage, special

from matlab_compat import saturate
from reference.metrics.gray_levels import check_levels
from reference.metrics.structure import correlation
from reference.steps.arrays import Levels


def cc(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mean of Pearson's correlations with A and B, (corr(A, F) + corr(B, F)) / 2   (Ma, Ma, Li 2019).

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  -1..1, higher is called better; the correlation of a constant counts 0
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: (corr2(A, fused) + corr2(B, fused)) / 2
    Parity: by definition.

    >>> round(cc(*np.arange(27.0).reshape(3, 3, 3)), 12)  # they differ by constants
    1.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    return (correlation(image_a, fused) + correlation(image_b, fused)) / 2


def cross_entropy(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mean divergence of the fused image's histogram from those of its sources.

    CE = (CE_A + CE_B) / 2,  CE_X = sum of p_X log2(p_X / p_F) over the levels that both have      (as in VIFB, 2020)

    image_a, image_b, fused  (H, W) gray levels 0..255, rounded to integers
    returns                  bits, LOWER is better; below 0 where sources have levels that F lacks, which do not count
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricsCross_entropy(A, B, fused) of the VIFB toolbox, of gray images
    Parity: GNU Octave running a shortened copy, Children: to 8e-16 (B for MATLAB itself).

    >>> cross_entropy(*np.array([[[0.0, 9.0]], [[0.0, 9.0]], [[0.0, 0.0]]]))  # 1/2 log2(1/2 / 1) for both
    -0.5
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    levels = (saturate(image, "uint8").ravel() for image in (image_a, image_b, fused))
    p_a, p_b, p_f = (np.bincount(image, minlength=256) / fused.size for image in levels)
    return float(sum(special.rel_entr(p, p_f)[p_f > 0].sum() for p in (p_a, p_b)) / np.log(4))


def epi(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mean correlation of the fused image's Laplacian with those of its sources: edge preservation index.

    EPI = (corr(L A, L F) + corr(L B, L F)) / 2,  L X = 8 X - its eight neighbours, the border repeated  (Sattar 1997)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  -1..1, higher is better; the correlation of a constant counts 0
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: the mean of two corr2 of imfilter(X, fspecial('laplacian', .5), 'replicate')
    Parity: B: this reading of the paper, for one source each; others take four neighbours, or zeros beyond the border.

    >>> round(epi(*[255 * np.eye(8)] * 2, 255 - 255 * np.eye(8)), 12)
    -1.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    kernel = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    a, b, f = (ndimage.correlate(image, kernel, mode="nearest") for image in (image_a, image_b, fused))
    return (correlation(a, f) + correlation(b, f)) / 2


def mse_mean(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mean of the squared differences from A and B, (mean (A - F)^2 + mean (B - F)^2) / 2   (Ma, Ma, Li 2019).

    image_a, image_b, fused  (H, W) gray levels 0..255; papers on fractions print this over 255^2
    returns                  squared gray levels, LOWER is called better; the average of the sources does best
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: (immse(A, fused) + immse(B, fused)) / 2
    Parity: by definition.

    >>> mse_mean(np.full((4, 4), 10.0), np.full((4, 4), 14.0), np.full((4, 4), 12.0))
    4.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    return float(np.mean((image_a - fused) ** 2) + np.mean((image_b - fused) ** 2)) / 2


def rmse_mean(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mean of the two root mean squared differences from A and B, (|A - F| + |B - F|) / 2   (Ma, Ma, Li 2019).

    image_a, image_b, fused  (H, W) gray levels 0..255; papers on fractions print this over 255, VIFB over sqrt(H W)
    returns                  gray levels, LOWER is called better; not the root of `mse_mean`
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: (sqrt(immse(A, fused)) + sqrt(immse(B, fused))) / 2
    Parity: by definition.

    >>> rmse_mean(np.full((4, 4), 10.0), np.full((4, 4), 14.0), np.full((4, 4), 11.0))
    2.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    return float((np.linalg.norm(image_a - fused) + np.linalg.norm(image_b - fused)) / np.sqrt(4 * fused.size))
