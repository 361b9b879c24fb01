"""Gradient-based metrics: how much of the sources' edges and detail the fused image preserves.

Source: C. S. Xydeas, V. Petrovic, Electronics Letters 36(4), 2000.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import ndimage

from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels

TINY = 1e-5  # replaces a gradient of 0, in gray levels


class Edges(NamedTuple):
    """Strength of the gradient in gray levels, its weight (here itself, TINY in place of 0), angle in (-pi/2, pi/2)."""

    strength: Levels
    weight: Levels
    angle: Levels


def sobel(image: Levels) -> tuple[Levels, Levels]:
    """Sobel's differences along the rows and along the columns; zeros beyond the border make the frame a strong edge.

    >>> [side[1, 1].item() for side in sobel(np.array([[0.0, 0, 1], [0, 0, 1], [0, 0, 1]]))]
    [4.0, 0.0]
    """
    return ndimage.sobel(image, axis=1, mode="constant"), ndimage.sobel(image, axis=0, mode="constant")


def edges(image: Levels) -> Edges:
    """The edges of an image; a flat pixel has angle 0."""
    s_x, s_y = sobel(image)
    strength = np.sqrt(s_x * s_x + s_y * s_y)
    s_x[s_x == 0] = TINY
    return Edges(strength, np.where(strength == 0, TINY, strength), np.arctan(s_y / s_x))


def preserved_strength(a: Edges, b: Edges, f: Edges) -> tuple[Levels, Levels]:
    """The ratio of the weaker to the stronger of source and fused edge, for A and for B.

    It is 1 where neither has an edge. An edge where F has none gives 0 for A but TINY / g_B for B, since the toolbox
    treats A first and by then has replaced zeros of F by TINY. So the order of A and B matters, by about a millionth.
    """
    strength_a = np.where(a.strength > f.strength, f.strength / a.weight, a.weight / f.weight)
    strength_b = np.where(b.strength > f.weight, f.weight / b.weight, b.weight / f.weight)
    return strength_a, strength_b


def agreement(x: Edges, f: Edges) -> Levels:
    """||a_X - a_F| - pi/2| 2 / pi: 1 for edges of one direction or of opposite ones, 0 for a right angle."""
    return np.abs(np.abs(x.angle - f.angle) - np.pi / 2) * (2 / np.pi)


def sigmoid(x: Levels, top: float, slope: float, centre: float) -> Levels:
    """top / (1 + exp(slope (x - centre)))."""
    return top / (1 + np.exp(slope * (x - centre)))


def q_g(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Preservation of the sources' edges in strength and direction, weighted by their strength.

    Q_G = sum(Q_AF g_A + Q_BF g_B) / sum(g_A + g_B),  g Sobel's magnitude, zero beyond the border
    Q_XF = .9994 / (1 + exp(-15 (G - .5))) . .9879 / (1 + exp(-22 (D - .8)))          (Xydeas, Petrovic 2000)
    G = min(g_X, g_F) / max(g_X, g_F),  D = 1 - |a_X - a_F| 2 / pi,  a = arctan(s_y / s_x)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  0..0.975 (not 1: the sigmoids stay below it), higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricXydeas(im1, im2, fim) of Y. Liu's toolbox; Z. Liu's has another definition, `q_g_zl`
    Parity: V, 60 values to 2e-15.

    >>> round(q_g(*[np.arange(64.0).reshape(8, 8)] * 3), 5)
    0.97479
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (edges(image) for image in (image_a, image_b, fused))
    q_af, q_bf = (
        sigmoid(strength, 0.9994, -15, 0.5) * sigmoid(1 - np.abs(x.angle - f.angle) * (2 / np.pi), 0.9879, -22, 0.8)
        for strength, x in zip(preserved_strength(a, b, f), (a, b), strict=True)
    )
    return float(np.sum(q_af * a.weight + q_bf * b.weight) / np.sum(a.weight + b.weight))


def q_g_zl(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Preservation of the sources' edges in strength and direction, averaged over the pixels.

    Q_G = mean((Q_AF g_A + Q_BF g_B) / (g_A + g_B)),  g Sobel's magnitude, zero beyond the border
    Q_XF = 1 / (1 + exp(-10 (G - .5))) . 1 / (1 + exp(-20 (D - .75)))
    G = min(g_X, g_F) / max(g_X, g_F),  D = ||a_X - a_F| - pi/2| 2 / pi,  a = arctan(s_y / s_x)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  0..0.987, higher is better; not comparable with `q_g`
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricXydeas(img1, img2, fuse) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 2e-13 (B for MATLAB itself).

    >>> round(q_g_zl(*[np.arange(64.0).reshape(8, 8)] * 3), 5)
    0.98666
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (edges(image) for image in (image_a, image_b, fused))
    q_af, q_bf = (
        sigmoid(strength, 1, -10, 0.5) * sigmoid(agreement(x, f), 1, -20, 0.75)
        for strength, x in zip(preserved_strength(a, b, f), (a, b), strict=True)
    )
    return float(np.mean((q_af * a.weight + q_bf * b.weight) / (a.weight + b.weight)))


def q_m(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Agreement of the wavelet details of the fused image with those of the sources, at two scales.

    Q_M = Q_1^(2/3) Q_2^(1/3),  Q_s = sum(E_A W_A + E_B W_B) / sum(W_A + W_B), scale 1 the finest
    E_X = sum over the bands H, V, D of exp(-|X - F|),  W_X = H^2 + V^2 + D^2 of X          (Wang, Liu 2008)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 4 or more; an odd last row or column is dropped
    returns                  0..3, higher is better; 0 if the sources have no details at a scale
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricPWW(im1, im2, fim) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 4e-16 (B for MATLAB itself).

    >>> round(q_m(*[255 * np.eye(8)] * 3), 12)
    3.0
    """
    check_levels(4, image_a=image_a, image_b=image_b, fused=fused)
    (low_a, *fine_a), (low_b, *fine_b), (low_f, *fine_f) = (_haar(image) for image in (image_a, image_b, fused))
    coarse_a, coarse_b, coarse_f = (_haar(low)[1:] for low in (low_a, low_b, low_f))
    return math.pow(_scale(fine_a, fine_b, fine_f), 2 / 3) * math.pow(_scale(coarse_a, coarse_b, coarse_f), 1 / 3)


def _haar(x: Levels) -> tuple[Levels, ...]:
    """One level of the orthonormal Haar transform: the low band, then three bands of details."""
    low, high = _pairs(x)
    low_low, low_high = _pairs(low.T)
    high_low, high_high = _pairs(high.T)
    return low_low.T, low_high.T, high_low.T, high_high.T


def _pairs(x: Levels) -> tuple[Levels, Levels]:
    """Sum and difference of rows 0 and 1, 2 and 3, ..., divided by the square root of 2."""
    first, second = x[0 : len(x) // 2 * 2 : 2], x[1::2]
    return (first + second) / math.sqrt(2), (second - first) / math.sqrt(2)


def _scale(a: Sequence[Levels], b: Sequence[Levels], f: Sequence[Levels]) -> float:
    near_a, near_b = (sum(np.exp(-np.abs(band - of_f)) for band, of_f in zip(x, f, strict=True)) for x in (a, b))
    w_a, w_b = (sum(band * band for band in x) for x in (a, b))
    total = np.sum(w_a + w_b)
    return float(np.sum(near_a * w_a + near_b * w_b) / total) if total > 0 else 0.0


# First differences in four directions, and the weight of their squares.
DIRECTIONS: tuple[tuple[Callable[[Levels], Levels], float], ...] = (
    (lambda x: x[:, :-1] - x[:, 1:], 1.0),
    (lambda x: x[:-1] - x[1:], 1.0),
    (lambda x: x[1:, 1:] - x[:-1, :-1], math.sqrt(2) / 2),
    (lambda x: x[1:, :-1] - x[:-1, 1:], math.sqrt(2) / 2),
)


def q_sf(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Spatial frequency of the fused image relative to that of the stronger source differences.

    Q_SF = (SF_F - SF_R) / SF_R,  SF^2 = sum over four directions of c_t (sum of d_t^2) / (H W)
    d_t first differences; of R: the larger |d_t| of A and B at each pixel; c = 1, 1, .707, .707   (Zheng et al. 2007)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  best 0; negative: detail lost, down to -1; positive: spurious detail; 0 if SF_R is 0
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricZheng(img1, img2, fuse) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 1e-15 (B for MATLAB itself).

    >>> q_sf(*[255 * np.eye(8)] * 2, np.zeros((8, 8)))
    -1.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    of_f = of_r = 0.0
    for difference, weight in DIRECTIONS:
        d_a, d_b, d_f = (difference(image) for image in (image_a, image_b, fused))
        d_r = np.maximum(np.abs(d_a), np.abs(d_b))
        of_f += weight * float(np.vdot(d_f, d_f)) / fused.size
        of_r += weight * float(np.vdot(d_r, d_r)) / fused.size
    reference = math.sqrt(of_r)
    return (math.sqrt(of_f) - reference) / reference if reference > 0 else 0.0
