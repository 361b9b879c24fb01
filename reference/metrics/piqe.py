"""PIQE of the fused image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import matlab_compat

__all__ = ["piqe"]


def piqe(image: NDArray[np.uint8]) -> float:
    """Distortion a viewer would notice, judged without a reference (Venkatanath et al. 2015; the paper's Table 1).

    image    the fused image as it is stored, (H, W) or (H, W, 3) uint8; MATLAB's piqe makes it gray
    returns  0..100, LOWER is better
    raises   ValueError or TypeError for what is no such image

    MATLAB: piqe(fused)
    Parity: V, every printed digit of four values (matlab_compat.piqe).

    >>> piqe(np.full((32, 32, 3), 128, dtype=np.uint8))
    100.0
    """
    return float(matlab_compat.piqe(image).score)
