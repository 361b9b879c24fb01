"""Q_TE of Nava, as the toolboxes compute it."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.tsallis import exchanged_tsallis_information, normalised

__all__ = ["q_te_nava_toolbox"]


def q_te_nava_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Tsallis mutual information of both sources with the fused image, normalised, in the form of all published values.

    Q_TE = (I(A, F) + I(B, F)) / (H(A)^q + H(B)^q + I(A, B)), I with its marginals exchanged, a defect: `q_te_nava` is
    without

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  higher is better, no bounds: the defect may make it negative; 0 for constant images
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricMI(im1, im2, fim, 3) of both toolboxes
    Parity: GNU Octave running the toolbox, Children: to 5e-15 (B for MATLAB itself).

    >>> image = np.arange(256.0).reshape(16, 16)
    >>> round(q_te_nava_toolbox(image, image, image), 4)
    0.5111
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    return normalised(image_a, image_b, fused, exchanged_tsallis_information)
