"""Spatial frequency of the fused image."""

from __future__ import annotations

import math

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["spatial_frequency"]


def spatial_frequency(fused: Levels) -> float:
    """Root mean square of the differences between neighbours; noise raises it too.

    SF = sqrt((sum of squared vertical + sum of squared horizontal differences) / (H W))      (Li, Kwok, Wang 2001)

    fused    (H, W) gray levels 0..255; both sums are divided by the number of pixels
    returns  gray levels, higher is called better
    raises   ValueError or TypeError for what are not gray levels

    MATLAB: as in Y. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 1e-15 (B for MATLAB itself).

    >>> spatial_frequency(np.array([[0.0, 2.0], [2.0, 4.0]]))
    2.0
    """
    check_levels(fused=fused)
    vertical, horizontal = (float(np.sum(np.diff(fused, axis=axis) ** 2)) for axis in (0, 1))
    return math.sqrt((vertical + horizontal) / fused.size)
