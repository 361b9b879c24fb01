"""Total fusion performance: the sources' edges that the fused image keeps, those it loses, and those it adds.

Source: V. Petrovic, C. Xydeas, ICCV, 2005; numbers and border: B. K. Shreyamsha Kumar, SIViP 7(6), 2013.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from reference.metrics.gradient import Edges, agreement, sigmoid
from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels


def petrovic(image_a: Levels, image_b: Levels, fused: Levels) -> dict[str, float]:
    """The four measures by name; they share all their work."""
    check_levels(2, image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (_edges(image) for image in (image_a, image_b, fused))
    q_af, q_bf = _kept(a, f), _kept(b, f)
    not_kept = (1 - q_af) * a.weight + (1 - q_bf) * b.weight
    added = (f.strength > a.strength) & (f.strength > b.strength)
    sums = {
        "q_abf": np.sum(q_af * a.weight + q_bf * b.weight),
        "l_abf": np.sum(not_kept, where=~added),
        "n_abf": np.sum((2 - q_af - q_bf) * (a.weight + b.weight), where=added),
        "n_abf_kumar": np.sum(not_kept, where=added),
    }
    return {name: float(value / np.sum(a.weight + b.weight)) for name, value in sums.items()}


def _edges(image: Levels) -> Edges:
    """By Sobel's differences over 8, the border mirrored without its own pixels; a flat pixel has angle 0."""
    s_x, s_y = (ndimage.sobel(image, axis=axis, mode="mirror") / 8 for axis in (1, 0))
    strength = np.sqrt(s_x * s_x + s_y * s_y)
    weight = np.where(strength >= 2, strength * np.sqrt(strength), 0.001)
    angle = np.arctan(np.divide(s_x, s_y, out=s_x * 1e300, where=s_y != 0))  # else +-pi/2, the limit
    return Edges(strength, weight, angle)


def _kept(x: Edges, f: Edges) -> Levels:
    """Q_XF of every pixel."""
    weaker, stronger = np.minimum(x.strength, f.strength), np.maximum(x.strength, f.strength)
    ratio = np.divide(weaker, stronger, out=np.zeros_like(weaker), where=weaker > 0)
    return np.sqrt(sigmoid(ratio, 0.9999, -19, 0.5) * sigmoid(agreement(x, f), 0.9995, -22, 0.5))


def q_abf(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Preservation of the sources' edges in strength and direction, those under 2 gray levels nearly without weight.

    Q^AB/F = sum(Q_AF w_A + Q_BF w_B) / sum(w_A + w_B),  w_X = g_X^1.5, .001 where g_X < 2      (Petrovic, Xydeas 2005)
    Q_XF^2 = .9999 / (1 + exp(-19 (G - .5))) . .9995 / (1 + exp(-22 (D - .5))),  g Sobel's / 8, the border mirrored
    G = min(g_X, g_F) / max(g_X, g_F), 0 if one is 0,  D = ||a_X - a_F| - pi/2| 2 / pi, a the angle of the gradient

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 2 or more
    returns                  0..0.9997, higher is better; other numbers than `q_g`; q_abf + l_abf + n_abf_kumar = 1
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: QABF of Kumar's objective_fusion_perform_fn(fused, {A, B})
    Parity: GNU Octave running a shortened copy, Children: to 7e-16 (B for MATLAB itself).

    >>> round(q_abf(*[np.add.outer(4.0 * np.arange(8), 8.0 * np.arange(8))] * 3), 4)
    0.9997
    """
    return petrovic(image_a, image_b, fused)["q_abf"]


def l_abf(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Loss of the sources' edges, where the fused image is not the one with the strongest edge.

    L^AB/F = sum over g_F <= max(g_A, g_B) of ((1 - Q_AF) w_A + (1 - Q_BF) w_B) / sum(w_A + w_B)     (2005, as `q_abf`)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 2 or more
    returns                  0..1, LOWER is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: LABF of Kumar's objective_fusion_perform_fn
    Parity: GNU Octave running a shortened copy, Children: to 7e-16 (B for MATLAB itself).

    >>> round(l_abf(*[255 * np.eye(8)] * 2, np.full((8, 8), 9.0)), 1)  # every edge is lost
    1.0
    """
    return petrovic(image_a, image_b, fused)["l_abf"]


def n_abf(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Edges of the fused image that no source has: artefacts, counted against the weight of both sources.

    N^AB/F = sum over g_F > max(g_A, g_B) of (2 - Q_AF - Q_BF) (w_A + w_B) / sum(w_A + w_B)          (2005, as `q_abf`)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 2 or more
    returns                  0..2, LOWER is better; never below `n_abf_kumar`, often twice that
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: NABF1 of Kumar's objective_fusion_perform_fn
    Parity: GNU Octave running a shortened copy, Children: to 9e-16 (B for MATLAB itself).

    >>> round(n_abf(*[np.full((8, 8), 9.0)] * 2, 255 * np.eye(8)), 2)
    0.81
    """
    return petrovic(image_a, image_b, fused)["n_abf"]


def n_abf_kumar(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Edges of the fused image that no source has, each source counted by its own weight: the N_abf of most papers.

    N^AB/F = sum over g_F > max(g_A, g_B) of ((1 - Q_AF) w_A + (1 - Q_BF) w_B) / sum(w_A + w_B)            (Kumar 2013)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 2 or more
    returns                  0..1, LOWER is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: NABF of Kumar's objective_fusion_perform_fn; analysis_nabf(fused, A, B) of the infrared toolboxes
    Parity: GNU Octave running a shortened copy, Children: to 3e-16 (B for MATLAB itself).

    >>> round(n_abf_kumar(*[np.full((8, 8), 9.0)] * 2, 255 * np.eye(8)), 2)
    0.4
    """
    return petrovic(image_a, image_b, fused)["n_abf_kumar"]
