"""Q_S as Z. Liu's toolbox defines it."""

from __future__ import annotations

from functools import partial

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import gaussian_mean_inside
from reference.metrics.piella import preserved

__all__ = ["q_s_zl"]

C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
WINDOW = partial(gaussian_mean_inside, side=11, sigma=1.5)


def q_s_zl(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with the source that varies more, averaged over all windows.

    Q_S = mean of q,  q = l S(A, F) + (1 - l) S(B, F),  l = var_A / (var_A + var_B)
    (Piella, Heijmans 2003; where neither source varies, both variances are taken as 0.5)
    S with C1 = (.01 . 255)^2 and C2 = (.03 . 255)^2 under an 11 x 11 Gaussian of sigma 1.5 that lies inside

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 11 or more
    returns                  up to 1, may be negative, higher is better; not comparable with `q_s`
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricPeilla(im1, im2, fim, 1) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 2e-14 (B for MATLAB itself).

    >>> image = np.random.default_rng(0).integers(0, 256, (16, 16)).astype(float)
    >>> round(q_s_zl(image, image, image), 12)
    1.0
    """
    check_levels(11, image_a=image_a, image_b=image_b, fused=fused)
    return float(preserved(image_a, image_b, fused, WINDOW, C1, C2, flat_side=11).quality.mean())
