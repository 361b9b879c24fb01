"""Structure-based metrics: similarity of the fused image with its sources."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from reference.metrics import local_statistics as near
from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels

C = 2e-16


def q_c(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with the sources, weighted by its covariance with each.

    Q_C = mean(s S(A, F) + (1 - s) S(B, F)),  s = cov_AF / (cov_AF + cov_BF), clipped to 0..1, 1/2 for 0/0
    S with C1 = C2 = 2e-16 under an 8 x 8 window that lies inside                (Cvejic, Loza, Bull, Canagarajah 2005)
    Flat windows have variance and covariance exactly 0 here; rounding noise would exceed the constants.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 8 or more
    returns                  up to 1, may be negative, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricCvejic(im1, im2, fim, 2) of Y. Liu's toolbox; Z. Liu's gives NaN on many images and is not offered
    Parity: GNU Octave running the toolbox, Children: to 1e-14; MATLAB may differ by the noise of its sums (B).

    >>> round(q_c(*[255 * np.eye(16)] * 3), 12)
    1.0
    """
    check_levels(8, image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (near.local(image, near.box_mean, near.BOX_SIDE) for image in (image_a, image_b, fused))
    cov_af, cov_bf = (near.covariance(x, f, near.box_mean) for x in (a, b))
    total = cov_af + cov_bf
    # Where the sum is 0, the quotient is infinite, or 1/2 if all is 0.
    share = np.clip(np.divide(cov_af, total, out=np.heaviside(cov_af, 0.5), where=total != 0), 0, 1)
    s_af, s_bf = near.similarity(a, f, cov_af, C, C), near.similarity(b, f, cov_bf, C, C)
    return float(np.mean(share * s_af + (1 - share) * s_bf))


SIDE, SIGMA = 7, 1.5
ALIKE = 0.75  # least similarity of the sources for which both count


def q_y(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with both sources where these are alike, elsewhere with the more similar one.

    Q_Y = mean of q,  q = l S(A, F) + (1 - l) S(B, F) where S(A, B) >= .75, else max(S(A, F), S(B, F))
    l = var_A / (var_A + var_B), 1/2 for 0/0;  S with C1 = C2 = 2e-16 under a 7 x 7 Gaussian of sigma 1.5, inside
    (Yang, Zhang, Wang, Liu 2008). Where an image is flat over the window, its variance and covariances are exactly 0
    here, and no variance is negative: with such small constants rounding noise would decide the value otherwise.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 11 or more, as in the toolboxes
    returns                  up to 1, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricYang(im1, im2, fim) of both toolboxes
    Parity: V, 60 values: to 1.2e-4 in colour (median 8e-7), to 4.2e-3 in gray (median 2e-13), worst on images with
    large saturated areas. The rest is MATLAB's own noise, which depends on the order of its sums.

    >>> round(q_y(*[255 * np.eye(16)] * 3), 12)
    1.0
    """
    check_levels(11, image_a=image_a, image_b=image_b, fused=fused)
    window = partial(near.gaussian_mean_inside, side=SIDE, sigma=SIGMA)
    a, b, f = (near.local(image, window, SIDE) for image in (image_a, image_b, fused))
    pairs = ((a, b), (a, f), (b, f))
    s_ab, s_af, s_bf = (near.similarity(x, y, near.covariance(x, y, window), C, C) for x, y in pairs)
    total = a.variance + b.variance
    share = np.divide(a.variance, total, out=np.full_like(total, 0.5), where=total != 0)
    q = np.where(s_ab >= ALIKE, share * s_af + (1 - share) * s_bf, np.maximum(s_af, s_bf))
    return float(q.mean())


def q_scd(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Correlation of the difference between fused image and one source with the other source.

    Q_SCD = corr(F - B, A) + corr(F - A, B), Pearson's correlation over all pixels          (Aslantas, Bendes 2015)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  -2..2, higher is better; the correlation of a constant counts 0
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: analysis_SCD(A, B, fused) of the VIFB toolbox
    Parity: GNU Octave running it, Children: to 3e-14 (B for MATLAB itself).

    >>> left, right = np.array([[0.0, 9.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 0.0, 9.0]])
    >>> round(q_scd(left, right, left + right), 12)
    2.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    return correlation(fused - image_b, image_a) + correlation(fused - image_a, image_b)


def correlation(x: Levels, y: Levels) -> float:
    """Pearson's correlation over all pixels; that of a constant counts 0."""
    if x.min() == x.max() or y.min() == y.max():
        return 0.0
    x, y = x - x.mean(), y - y.mean()
    return float(np.vdot(x, y)) / math.sqrt(float(np.vdot(x, x)) * float(np.vdot(y, y)))


def ssim_mean(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mean structural similarity of the fused image with its sources; rewards blur, so do not rank by it.

    SSIM_mean = (mean S(A, F) + mean S(B, F)) / 2
    S with C1 = (.01 . 255)^2, C2 = (.03 . 255)^2 under an 11 x 11 Gaussian of sigma 1.5, inside (Wang et al. 2004)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 11 or more; not down-sampled
    returns                  up to 1; the plain average of the sources does best
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: the mean of two calls of Wang's ssim.m (not MATLAB's ssim, which replicates the border)
    Parity: GNU Octave running it, Children: to 6e-15 (B for MATLAB itself).

    >>> round(ssim_mean(*[255 * np.eye(16)] * 3), 12)
    1.0
    """
    check_levels(11, image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (near.local(image, near.ssim_window) for image in (image_a, image_b, fused))
    s_af, s_bf = (near.similarity(x, f, near.covariance(x, f, near.ssim_window)).mean() for x in (a, b))
    return float(s_af + s_bf) / 2
