"""Q_TE of Cvejic, as the toolboxes compute it."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.histograms import joint_histogram, stretch
from reference.metrics.tsallis import Q_CVEJIC, exchanged_tsallis_information

__all__ = ["q_te_cvejic_toolbox"]


def q_te_cvejic_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Tsallis mutual information of both sources with the fused image, in the form of all published values.

    Q_TE = I(A, F) + I(B, F), I of order 1.85 with its marginals exchanged, a defect: `q_te_cvejic` is without

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  higher is better, no bounds: the defect may make it negative; 0 for constant images
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricMI(im1, im2, fim, 2) of both toolboxes
    Parity: GNU Octave running the toolbox, Children: to 8e-15 (B for MATLAB itself).

    >>> image = np.arange(256.0).reshape(16, 16)
    >>> round(q_te_cvejic_toolbox(image, image, image), 4)
    259.8364
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    return sum(exchanged_tsallis_information(joint_histogram(source, f), Q_CVEJIC) for source in (a, b))
