"""Q_G as Z. Liu's toolbox defines it."""

from __future__ import annotations

import numpy as np

from reference.arrays import Levels
from reference.metrics.edges import Edges, edges, preserved_strength, sigmoid
from reference.metrics.gray_levels import check_levels

__all__ = ["q_g_zl"]


def q_g_zl(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Strength and direction of the sources' edges that the fused image keeps, averaged over the pixels.

    Q_G = mean((Q_AF g_A + Q_BF g_B) / (g_A + g_B)),  g Sobel's magnitude, zero beyond the border
    Q_XF = 1 / (1 + exp(-10 (G - .5))) . 1 / (1 + exp(-20 (D - .75)))
    G = min(g_X, g_F) / max(g_X, g_F),  D = ||a_X - a_F| - pi/2| 2 / pi,  a = arctan(s_y / s_x)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  0..0.987, higher is better; not comparable with `q_g`
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricXydeas(img1, img2, fuse) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 2e-13 (B for MATLAB itself).

    >>> image = np.arange(64.0).reshape(8, 8)
    >>> round(q_g_zl(image, image, image), 5)
    0.98666
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (edges(image) for image in (image_a, image_b, fused))
    strength_a, strength_b = preserved_strength(a, b, f)
    q_af, q_bf = _preserved(strength_a, a, f), _preserved(strength_b, b, f)
    return float(np.mean((q_af * a.weight + q_bf * b.weight) / (a.weight + b.weight)))


def _preserved(strength: Levels, x: Edges, f: Edges) -> Levels:
    agreement = np.abs(np.abs(x.angle - f.angle) - np.pi / 2) * (2 / np.pi)
    return sigmoid(strength, 1, -10, 0.5) * sigmoid(agreement, 1, -20, 0.75)
