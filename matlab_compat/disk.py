"""The pillbox kernel of fspecial: how much of each pixel lies inside a circle.

MATLAB: fspecial('disk', radius).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["disk"]


def disk(radius: ArrayLike) -> NDArray[np.float64]:
    """Area of each unit pixel inside the circle about the middle pixel, divided by the sum.

    radius   pixels, more than 0
    returns  (n, n), n = 2 ceil(radius - 1/2) + 1
    raises   ValueError for a radius of 0 or less

    >>> np.round(disk(1), 4).tolist()
    [[0.0251, 0.1453, 0.0251], [0.1453, 0.3183, 0.1453], [0.0251, 0.1453, 0.0251]]
    """
    r = float(np.asarray(radius))
    if not 0 < r < math.inf:
        raise ValueError(f"radius is {r}, but fspecial takes more than 0")
    reach = math.ceil(r - 0.5)
    edges = np.arange(-reach, reach + 2) - 0.5
    below = np.array([[_quarter_plane(x, y, r) for x in edges] for y in edges])
    area = np.diff(np.diff(below, axis=0), axis=1)
    area = (area + area[::-1] + area[:, ::-1] + area[::-1, ::-1]) / 4
    area[area < 1e-14 * r * r] = 0  # outside the circle, but for rounding
    return area / area.sum()  # type: ignore[no-any-return]


def _quarter_plane(x: float, y: float, r: float) -> float:
    """Area of the part of the circle left of x and below y."""
    x, y = (min(max(side, -r), r) for side in (x, y))
    reach = math.sqrt(r * r - y * y)  # half the chord at height y

    def half_circle(u: float) -> float:
        """Integral of sqrt(r^2 - t^2) from -r to u."""
        return (u * math.sqrt(max(r * r - u * u, 0.0)) + r * r * math.asin(u / r)) / 2 + math.pi * r * r / 4

    # Left of x, a column of the circle reaches from -sqrt(r^2 - t^2) up to the lesser of y and sqrt(r^2 - t^2); beyond
    # the chord of a negative y it lies above y and adds nothing.
    inside = min(max(x, -reach), reach)
    under_chord = half_circle(inside) - half_circle(-reach) + y * (inside + reach)
    if y < 0:
        return under_chord
    beside = half_circle(min(x, -reach)) + half_circle(max(x, reach)) - half_circle(reach)
    return under_chord + 2 * beside
