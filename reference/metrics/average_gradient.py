"""Average gradient of the fused image."""

from __future__ import annotations

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["average_gradient"]


def average_gradient(fused: Levels) -> float:
    """Mean strength of the differences with the right and the lower neighbour; noise raises it too.

    AG = mean(sqrt((d_x^2 + d_y^2) / 2)), differences of 0 in the last column and row

    fused    (H, W) gray levels 0..255
    returns  gray levels, higher is called better
    raises   ValueError or TypeError for what are not gray levels

    MATLAB: as in Y. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 8e-13 (B for MATLAB itself).

    >>> average_gradient(np.array([[0.0, 2.0], [2.0, 4.0]]))  # 2, sqrt(2), sqrt(2), 0
    1.2071067811865475
    """
    check_levels(fused=fused)
    d_x = np.diff(fused, axis=1, append=fused[:, -1:])
    d_y = np.diff(fused, axis=0, append=fused[-1:])
    return float(np.mean(np.sqrt((d_x**2 + d_y**2) / 2)))
