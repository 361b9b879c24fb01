"""Q_W: Piella's weighted quality index."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import box_mean
from reference.metrics.piella import preserved

__all__ = ["q_w"]

C = (1e-6 * 255) ** 2  # so small that S is the universal quality index of Wang and Bovik 2002


def q_w(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with the source that varies more, lively windows counting more.

    Q_W = sum(c q) / sum(c),  c = max(var_A, var_B),  q = l S(A, F) + (1 - l) S(B, F),  l = var_A / (var_A + var_B)
    (Piella, Heijmans 2003; where neither source varies, both variances are taken as 0.5)
    S with C1 = C2 = 6.5025e-8 under an 8 x 8 window that lies inside

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 8 or more
    returns                  up to 1, may be negative, higher is better; of all here it follows ground truth best
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricPeilla(im1, im2, fim, 2) of Y. Liu's toolbox; Z. Liu's has another definition, `q_w_zl`
    Parity: GNU Octave running the toolbox, Children: to 4e-16 (B for MATLAB itself).

    >>> image = np.random.default_rng(0).integers(0, 256, (16, 16)).astype(float)
    >>> round(q_w(image, image, image), 12)
    1.0
    """
    check_levels(8, image_a=image_a, image_b=image_b, fused=fused)
    return preserved(image_a, image_b, fused, box_mean, C, C).weighted_mean
