"""Edges by Sobel's operator, and how much of their strength a fused image keeps.

Source: C. S. Xydeas, V. Petrovic, Electronics Letters 36(4), 2000.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from reference.arrays import Levels

__all__ = ["Edges", "edges", "preserved_strength", "sigmoid", "sobel"]

TINY = 1e-5  # stands for a gradient of 0, in gray levels


class Edges(NamedTuple):
    """Strength of the gradient in gray levels, the same with TINY in place of 0, and its angle in (-pi/2, pi/2)."""

    strength: Levels
    weight: Levels
    angle: Levels


def sobel(image: Levels) -> tuple[Levels, Levels]:
    """Sobel's differences along the rows and along the columns, zero beyond the border: the frame has strong edges.

    >>> [side[1, 1].item() for side in sobel(np.array([[0.0, 0, 1], [0, 0, 1], [0, 0, 1]]))]
    [4.0, 0.0]
    """
    return ndimage.sobel(image, axis=1, mode="constant"), ndimage.sobel(image, axis=0, mode="constant")


def edges(image: Levels) -> Edges:
    """Strength, weight and angle; a flat pixel has angle 0."""
    s_x, s_y = sobel(image)
    strength = np.sqrt(s_x * s_x + s_y * s_y)
    s_x[s_x == 0] = TINY
    s_y /= s_x
    return Edges(strength, np.where(strength == 0, TINY, strength), np.arctan(s_y, out=s_y))


def preserved_strength(a: Edges, b: Edges, f: Edges) -> tuple[Levels, Levels]:
    """The weaker over the stronger of source and fused edge, for A and for B.

    No edge in either gives 1. An edge where F has none gives 0 for A but TINY / g_B for B: A's turn comes first, and
    has put TINY into F by then. So the order of A and B matters, by about a millionth.
    """
    strength_a = np.where(a.strength > f.strength, f.strength / a.weight, a.weight / f.weight)
    strength_b = np.where(b.strength > f.weight, f.weight / b.weight, b.weight / f.weight)
    return strength_a, strength_b


def sigmoid(x: Levels, top: float, slope: float, centre: float) -> Levels:
    """top / (1 + exp(slope (x - centre)))."""
    y = x - centre
    y *= slope
    np.exp(y, out=y)
    y += 1
    return np.divide(top, y, out=y)
