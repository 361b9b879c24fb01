"""Q_G, also called Q^AB/F: edges preserved."""

from __future__ import annotations

import numpy as np

from reference.arrays import Levels
from reference.metrics.edges import Edges, edges, preserved_strength, sigmoid
from reference.metrics.gray_levels import check_levels

__all__ = ["q_g"]


def q_g(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Strength and direction of the sources' edges that the fused image keeps, strong edges counting more.

    Q_G = sum(Q_AF g_A + Q_BF g_B) / sum(g_A + g_B),  g Sobel's magnitude, zero beyond the border
    Q_XF = .9994 / (1 + exp(-15 (G - .5))) . .9879 / (1 + exp(-22 (D - .8)))          (Xydeas, Petrovic 2000)
    G = min(g_X, g_F) / max(g_X, g_F),  D = 1 - |a_X - a_F| 2 / pi,  a = arctan(s_y / s_x)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  0..0.975 (not 1: the sigmoids stay below it), higher is better
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricXydeas(im1, im2, fim) of Y. Liu's toolbox; Z. Liu's has another definition, `q_g_zl`
    Parity: V, 60 values to 2e-15.

    >>> image = np.arange(64.0).reshape(8, 8)
    >>> round(q_g(image, image, image), 5)
    0.97479
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (edges(image) for image in (image_a, image_b, fused))
    strength_a, strength_b = preserved_strength(a, b, f)
    q_af, q_bf = _preserved(strength_a, a, f), _preserved(strength_b, b, f)
    return float(np.sum(q_af * a.weight + q_bf * b.weight) / np.sum(a.weight + b.weight))


def _preserved(strength: Levels, x: Edges, f: Edges) -> Levels:
    agreement = 1 - np.abs(x.angle - f.angle) * (2 / np.pi)
    return sigmoid(strength, 0.9994, -15, 0.5) * sigmoid(agreement, 0.9879, -22, 0.8)
