"""SSIM_mean: structural similarity with the sources."""

from __future__ import annotations

from functools import partial

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import covariance, gaussian_mean_inside, local, similarity

__all__ = ["ssim_mean"]

WINDOW = partial(gaussian_mean_inside, side=11, sigma=1.5)
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim_mean(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mean structural similarity of the fused image with its sources; rewards blur, so do not rank by it.

    SSIM_mean = (mean S(A, F) + mean S(B, F)) / 2
    S with C1 = (.01 . 255)^2, C2 = (.03 . 255)^2 under an 11 x 11 Gaussian of sigma 1.5, inside (Wang et al. 2004)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 11 or more; not down-sampled
    returns                  up to 1; the plain average of the sources does best
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: the mean of two calls of Wang's ssim.m (not MATLAB's ssim, which replicates the border)
    Parity: GNU Octave running it, Children: to 6e-15 (B for MATLAB itself).

    >>> image = np.random.default_rng(0).integers(0, 256, (16, 16)).astype(float)
    >>> round(ssim_mean(image, image, image), 12)
    1.0
    """
    check_levels(11, image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (local(image, WINDOW) for image in (image_a, image_b, fused))
    s_af, s_bf = (similarity(x, f, covariance(x, f, WINDOW), C1, C2).mean() for x in (a, b))
    return float(s_af + s_bf) / 2
