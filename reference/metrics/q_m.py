"""Q_M: edges preserved in a Haar decomposition."""

from __future__ import annotations

import math

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["q_m"]


def q_m(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """How near the wavelet details of the fused image are to the sources', at two scales.

    Q_M = Q_1^(2/3) Q_2^(1/3),  Q_s = sum(E_A W_A + E_B W_B) / sum(W_A + W_B), scale 1 the finest
    E_X = sum over the bands H, V, D of exp(-|X - F|),  W_X = H^2 + V^2 + D^2 of X          (Wang, Liu 2008)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 4 or more; an odd last row or column is dropped
    returns                  0..3, higher is better; 0 if the sources have no details at a scale
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricPWW(im1, im2, fim) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 4e-16 (B for MATLAB itself).

    >>> image = np.random.default_rng(0).integers(0, 256, (8, 8)).astype(float)
    >>> round(q_m(image, image, image), 12)
    3.0
    """
    check_levels(4, image_a=image_a, image_b=image_b, fused=fused)
    (low_a, *fine_a), (low_b, *fine_b), (low_f, *fine_f) = (_haar(image) for image in (image_a, image_b, fused))
    coarse_a, coarse_b, coarse_f = (_haar(low)[1:] for low in (low_a, low_b, low_f))
    return math.pow(_scale(fine_a, fine_b, fine_f), 2 / 3) * math.pow(_scale(coarse_a, coarse_b, coarse_f), 1 / 3)


def _haar(x: Levels) -> tuple[Levels, ...]:
    """One level of the orthonormal transform: the low band, then three bands of details."""
    low, high = _pairs(x)
    low_low, low_high = _pairs(low.T)
    high_low, high_high = _pairs(high.T)
    return low_low.T, low_high.T, high_low.T, high_high.T


def _pairs(x: Levels) -> tuple[Levels, Levels]:
    """Sum and difference of rows 0 and 1, 2 and 3, ..., over the root of 2."""
    first, second = x[0 : len(x) // 2 * 2 : 2], x[1::2]
    return (first + second) / math.sqrt(2), (second - first) / math.sqrt(2)


def _scale(
    a: tuple[Levels, ...] | list[Levels], b: tuple[Levels, ...] | list[Levels], f: tuple[Levels, ...] | list[Levels]
) -> float:
    near_a, near_b = (sum(np.exp(-np.abs(band - of_f)) for band, of_f in zip(x, f, strict=True)) for x in (a, b))
    w_a, w_b = (sum(band * band for band in x) for x in (a, b))
    total = np.sum(w_a + w_b)
    return float(np.sum(near_a * w_a + near_b * w_b) / total) if total > 0 else 0.0
