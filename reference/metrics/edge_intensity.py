"""Edge intensity of the fused image."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["edge_intensity"]


def edge_intensity(fused: Levels) -> float:
    """Mean magnitude of Sobel's gradient, the border replicated; noise raises it too.

    EI = mean(sqrt(s_x^2 + s_y^2))

    fused    (H, W) gray levels 0..255
    returns  gray levels, not scaled, higher is called better
    raises   ValueError or TypeError for what are not gray levels

    MATLAB: as in Y. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 6e-16 (B for MATLAB itself).

    >>> edge_intensity(np.tile([0.0, 10.0], (4, 1)))
    40.0
    """
    check_levels(fused=fused)
    s_x, s_y = (ndimage.sobel(fused, axis=axis, mode="nearest") for axis in (1, 0))
    return float(np.mean(np.sqrt(s_x * s_x + s_y * s_y)))
