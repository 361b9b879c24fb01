"""Q_P: features preserved, by phase congruency."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import gaussian_mean
from reference.metrics.phase_congruency import phase_congruencies

__all__ = ["q_p"]

FEATURE = 0.1  # phase congruency above which there is a feature
SIDE, SIGMA = 11, 1.5
C = 1e-4
Mask = NDArray[np.bool_]


def q_p(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Local correlation of the features of the fused image with those of the sources, or with the stronger of both.

    Q_P = P_p P_M P_m, for phase congruency p and its largest and smallest moments M and m
    P = sum over the pixels of max(r_A, r_B, r_S) / number of pixels with p_S > .1,  S the source with the larger p
    r_Y = (cov_YF + .0001) / (sqrt(|var_Y var_F|) + .0001) where p_Y > .1, else 0, under an 11 x 11 Gaussian of sigma
    1.5, zero beyond the border                                                        (Zhao, Laganiere, Liu 2007)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 2 or more
    returns                  up to 1, higher is better; 0 if no source has a feature
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricZhao(im1, im2, fim) of both toolboxes; at odd sides of the 2024 edition (the earlier low-pass is off)
    Parity: V, 60 values to 2e-12.

    >>> edge = np.where(np.arange(32) < 16, 0.0, 200.0) * np.ones((32, 1))
    >>> round(q_p(edge, edge, edge), 4)  # not 1: the fused image is not masked as the sources are
    0.9909
    """
    check_levels(2, image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = phase_congruencies([image_a, image_b, fused])
    from_a = a.congruency > b.congruency
    stronger = np.where(from_a, a.congruency, b.congruency)
    masks = [congruency > FEATURE for congruency in (a.congruency, b.congruency, stronger)]
    if not masks[-1].any():
        return 0.0
    features = [
        _correlation((of_a, of_b, np.where(from_a, of_a, of_b)), masks, of_f)
        for of_a, of_b, of_f in zip(a, b, f, strict=True)
    ]
    return math.prod(features)


def _correlation(candidates: tuple[Levels, ...], masks: list[Mask], f: Levels) -> float:
    """P of one feature: the best of the candidates at each pixel, over the pixels where the stronger has a feature."""
    mean_f = _window(f)
    var_f = _window(f * f) - mean_f * mean_f
    best = np.full(f.shape, -np.inf)
    for candidate, mask in zip(candidates, masks, strict=True):
        y = np.where(mask, candidate, 0.0)
        mean_y = _window(y)
        scale = _window(y * y) - mean_y * mean_y
        scale *= var_f
        scale = np.sqrt(np.abs(scale, out=scale), out=scale)
        scale += C
        r = _window(y * f) - mean_y * mean_f
        r += C
        r /= scale
        r[~mask] = 0
        np.maximum(best, r, out=best)
    return float(np.sum(best)) / int(np.count_nonzero(masks[-1]))


def _window(x: Levels) -> Levels:
    return gaussian_mean(x, SIDE, SIGMA)
