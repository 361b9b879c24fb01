"""Q_E: Piella's edge-dependent quality index."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import box_mean
from reference.metrics.piella import preserved
from reference.metrics.q_w import C, q_w

__all__ = ["q_e"]


def q_e(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Q_W of the images times Q_W of their edges.

    Q_E = Q_W(A, B, F) Q_W(A', B', F'),  X' = sqrt(p_x^2 + p_y^2), Prewitt's differences, zero beyond the border
    (Piella, Heijmans 2003, where the factors have exponents 1 - a and a; in the toolbox both are 1)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 8 or more
    returns                  up to 1, may be negative, higher is better
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricPeilla(im1, im2, fim, 3) of Y. Liu's toolbox; Z. Liu's stops with an error
    Parity: V, 60 values to 2e-5, their median to 6e-8: in flat windows that are not black MATLAB's variance is noise of
    1e-11 instead of 0, so that they lack the weight 0.5. Octave's value for Children to 3e-15.

    >>> image = np.random.default_rng(0).integers(0, 256, (16, 16)).astype(float)
    >>> round(q_e(image, image, image), 12)
    1.0
    """
    check_levels(8, image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (_edges(image) for image in (image_a, image_b, fused))
    return q_w(image_a, image_b, fused) * preserved(a, b, f, box_mean, C, C).weighted_mean


def _edges(image: Levels) -> Levels:
    """Magnitude of Prewitt's gradient, up to 1082 gray levels."""
    p_x, p_y = (ndimage.prewitt(image, axis=axis, mode="constant") for axis in (1, 0))
    return np.sqrt(p_x * p_x + p_y * p_y)  # type: ignore[no-any-return]
