"""Q_Y: Yang's similarity index."""

from __future__ import annotations

from functools import partial

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import covariance, flat, gaussian_mean_inside, local, similarity

__all__ = ["q_y"]

SIDE, SIGMA = 7, 1.5
C = 2e-16
ALIKE = 0.75  # similarity of the sources from which on both count


def q_y(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with both sources where they are alike, with the nearer one where they are not.

    Q_Y = mean of q,  q = l S(A, F) + (1 - l) S(B, F) where S(A, B) >= .75, else max(S(A, F), S(B, F))
    l = var_A / (var_A + var_B), 1/2 for 0/0;  S with C1 = C2 = 2e-16 under a 7 x 7 Gaussian of sigma 1.5, inside
    (Yang, Zhang, Wang, Liu 2008). Where an image is flat over the window its variance and covariances are exactly 0
    here, and variances are not below 0: with such small constants rounding noise would else decide the value.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 11 or more, as in the toolboxes
    returns                  up to 1, higher is better
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricYang(im1, im2, fim) of both toolboxes
    Parity: V, 60 values: to 1.2e-4 in colour (median 8e-7), to 4.2e-3 in gray (median 2e-13), worst on images with
    large saturated areas. The rest is MATLAB's own noise, which depends on the order of its sums.

    >>> image = np.random.default_rng(0).integers(0, 256, (16, 16)).astype(float)
    >>> round(q_y(image, image, image), 12)
    1.0
    """
    check_levels(11, image_a=image_a, image_b=image_b, fused=fused)
    window = partial(gaussian_mean_inside, side=SIDE, sigma=SIGMA)
    a, b, f = (local(image, window, flat(image, SIDE)) for image in (image_a, image_b, fused))
    s_ab, s_af, s_bf = (similarity(x, y, covariance(x, y, window), C, C) for x, y in ((a, b), (a, f), (b, f)))
    total = a.variance + b.variance
    share = np.divide(a.variance, total, out=np.full_like(total, 0.5), where=total != 0)
    q = np.where(s_ab >= ALIKE, share * s_af + (1 - share) * s_bf, np.maximum(s_af, s_bf))
    return float(q.mean())
