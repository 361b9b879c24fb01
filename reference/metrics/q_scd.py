"""Q_SCD: sum of the correlations of differences."""

from __future__ import annotations

import math

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["q_scd"]


def q_scd(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """How well what the fused image has over one source agrees with the other source.

    Q_SCD = corr(F - B, A) + corr(F - A, B), Pearson's correlation over all pixels          (Aslantas, Bendes 2015)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  -2..2, higher is better; the correlation of a constant counts 0
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: analysis_SCD(A, B, fused) of the VIFB toolbox
    Parity: GNU Octave running it, Children: to 3e-14 (B for MATLAB itself).

    >>> left, right = np.array([[0.0, 9.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 0.0, 9.0]])
    >>> round(q_scd(left, right, left + right), 12)
    2.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    return _correlation(fused - image_b, image_a) + _correlation(fused - image_a, image_b)


def _correlation(x: Levels, y: Levels) -> float:
    if x.min() == x.max() or y.min() == y.max():
        return 0.0
    x, y = x - x.mean(), y - y.mean()
    return float(np.vdot(x, y)) / math.sqrt(float(np.vdot(x, x)) * float(np.vdot(y, y)))
