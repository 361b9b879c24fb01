"""Q_TE of Cvejic."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.histograms import joint_histogram, stretch
from reference.metrics.tsallis import Q_CVEJIC, tsallis_information

__all__ = ["q_te_cvejic"]


def q_te_cvejic(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Tsallis mutual information of both sources with the fused image.

    Q_TE = I_q(A, F) + I_q(B, F), q = 1.85                               (Cvejic, Canagarajah, Bull 2006)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  higher is better, no upper bound; 0 for constant images
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: none: metricMI(im1, im2, fim, 2) of the toolboxes computes `q_te_cvejic_toolbox`
    Parity: no outside value. Children with Liu's result: 87.255, where the toolboxes say 135.249.

    >>> image = np.arange(256.0).reshape(16, 16)
    >>> round(q_te_cvejic(image, image, image), 4)
    259.8364
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    return sum(tsallis_information(joint_histogram(source, f), Q_CVEJIC) for source in (a, b))
