"""What Q_S, Q_W and Q_E have in common: similarity with the source that varies more, window by window.

Source: G. Piella, H. Heijmans, ICIP 2003.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reference.arrays import Levels
from reference.metrics.local_statistics import Window, covariance, flat, local, similarity

__all__ = ["Preserved", "preserved"]

FLAT = 0.5  # stands for the variance of both sources where neither varies


class Preserved(NamedTuple):
    """Similarity of each window with the sources, and the window's weight, the larger variance."""

    quality: Levels
    weight: Levels

    @property
    def weighted_mean(self) -> float:
        """sum(c q) / sum(c)."""
        return float(np.average(self.quality, weights=self.weight))


def preserved(
    image_a: Levels, image_b: Levels, fused: Levels, window: Window, c1: float, c2: float, flat_side: int = 0
) -> Preserved:
    """q = l S(A, F) + (1 - l) S(B, F) with l = var_A / (var_A + var_B), and c = max(var_A, var_B).

    Where both variances are exactly 0 both are taken as 0.5: such a window has l = 1/2 and some weight.

    flat_side  side of a window whose sums carry rounding noise: where an image is flat its variance is made exactly 0
    """
    images = (image_a, image_b, fused)
    a, b, f = (local(image, window, flat(image, flat_side) if flat_side else None) for image in images)
    neither = a.variance + b.variance == 0
    var_a, var_b = (np.where(neither, FLAT, x.variance) for x in (a, b))
    share = var_a / (var_a + var_b)
    s_af, s_bf = (similarity(x, f, covariance(x, f, window), c1, c2) for x in (a, b))
    return Preserved(share * s_af + (1 - share) * s_bf, np.maximum(var_a, var_b))
