"""Q_MI: normalised mutual information."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.histograms import joint_histogram, mutual_information, stretch

__all__ = ["q_mi"]


def q_mi(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """How much of each source's information the fused image holds, each share normalised.

    Q_MI = 2 [I(A, F) / (H(A) + H(F)) + I(B, F) / (H(B) + H(F))]          (Hossny, Nahavandi, Creighton 2008)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  0..2, higher is better; a share of two constant images counts 0
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricMI(im1, im2, fim, 1) of both toolboxes
    Parity: V, 60 values to 3e-15.

    >>> image = np.arange(256.0).reshape(16, 16)
    >>> q_mi(image, image, image)
    2.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    shares = (mutual_information(joint_histogram(source, f)) for source in (a, b))
    return 2 * sum(i / (h_x + h_f) if h_x + h_f > 0 else 0.0 for i, h_x, h_f in shares)
