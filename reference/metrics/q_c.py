"""Q_C: Cvejic's similarity index."""

from __future__ import annotations

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import BOX_SIDE, box_mean, covariance, flat, local, similarity

__all__ = ["q_c"]

C = 2e-16


def q_c(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with the source that it varies with.

    Q_C = mean(s S(A, F) + (1 - s) S(B, F)),  s = cov_AF / (cov_AF + cov_BF), clipped to 0..1, 1/2 for 0/0
    S with C1 = C2 = 2e-16 under an 8 x 8 window that lies inside                (Cvejic, Loza, Bull, Canagarajah 2005)
    Flat windows have variance and covariance exactly 0 here; with rounding noise the constants would decide nothing.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 8 or more
    returns                  up to 1, may be negative, higher is better
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricCvejic(im1, im2, fim, 2) of Y. Liu's toolbox; Z. Liu's gives NaN on many images and is not offered
    Parity: GNU Octave running the toolbox, Children: to 1e-14; MATLAB may differ by the noise of its sums (B).

    >>> image = np.random.default_rng(0).integers(0, 256, (16, 16)).astype(float)
    >>> round(q_c(image, image, image), 12)
    1.0
    """
    check_levels(8, image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (local(image, box_mean, flat(image, BOX_SIDE)) for image in (image_a, image_b, fused))
    cov_af, cov_bf = (covariance(x, f, box_mean) for x in (a, b))
    share = _share(cov_af, cov_bf)
    s_af, s_bf = similarity(a, f, cov_af, C, C), similarity(b, f, cov_bf, C, C)
    return float(np.mean(share * s_af + (1 - share) * s_bf))


def _share(cov_af: Levels, cov_bf: Levels) -> Levels:
    """cov_AF / (cov_AF + cov_BF) in 0..1; where the sum is 0 the quotient is infinite, or 1/2 if all is 0."""
    total = cov_af + cov_bf
    share = np.where(cov_af == 0, 0.5, np.where(cov_af > 0, 1.0, 0.0))
    np.divide(cov_af, total, out=share, where=total != 0)
    return np.clip(share, 0, 1)
