"""Q_FMI of gray levels, as the toolbox computes it."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.feature_information import feature_information_toolbox
from reference.metrics.gray_levels import check_levels

__all__ = ["q_fmi_none_toolbox"]


def q_fmi_none_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the gray levels of sources and fused image, window by window.

    Q_FMI = mean over the 3 x 3 windows of (v(A, F) + v(B, F)) / 2,  v = 2 I / (H_p + H_r)
    p, r the windows as densities of the position in them, I by the joint density of Nelsen's bounds that has their
    correlation                                                     (Haghighat et al. 2011; Haghighat, Razian 2014)
    With a defect: whether a window of B equals the fused one is tested on the fused window scaled to 0..1, so it hardly
    ever holds, and exchanging A and B changes the value; `q_fmi_none` is without.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better; seconds for a photograph
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: fmi(ima, imb, imf, 'none', 3) of M. Haghighat
    Parity: GNU Octave running the toolbox, Children: to 2e-14 (B for MATLAB itself).

    >>> image = np.random.default_rng(0).integers(0, 256, (8, 8)).astype(float)
    >>> round(q_fmi_none_toolbox(image, image, image), 12)
    1.0
    """
    check_levels(3, image_a=image_a, image_b=image_b, fused=fused)
    return feature_information_toolbox(image_a, image_b, fused)
