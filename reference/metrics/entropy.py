"""Entropy of the fused image."""

from __future__ import annotations

import matlab_compat
from matlab_compat import saturate
from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["entropy"]


def entropy(fused: Levels) -> float:
    """Shannon's entropy of the histogram; noise raises it too.

    EN = -sum over the 256 levels of p log2 p                                    (Shannon 1948; the paper's Table 1)

    fused    (H, W) gray levels 0..255, rounded to whole ones
    returns  0..8 bits, higher is called better
    raises   ValueError or TypeError for what are not gray levels

    MATLAB: entropy(rgb2gray(fused))
    Parity: V, matlab_compat.entropy on two images; Octave's value for Children to 9e-16.

    >>> entropy(np.array([[0.0, 255.0]]))
    1.0
    """
    check_levels(fused=fused)
    return float(matlab_compat.entropy(saturate(fused, "uint8")))
