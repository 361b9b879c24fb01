"""Structure-based metrics: similarity of the fused image with its sources, and with what of them should be kept.

Source: Z. Wang, E. P. Simoncelli, A. C. Bovik, Asilomar Conference, 2003; K. Ma, K. Zeng, Z. Wang, IEEE Trans. Image
Processing 24(11), 2015.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from reference.metrics import local_statistics as near
from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels

C = 2e-16
ALIKE = 0.75  # least similarity of the sources for which both count, in Q_Y
SIDE = 11  # of the windows of MS-SSIM and MEF-SSIM
EPS = 2.0**-52
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # of their scales, the finest first


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
    window = partial(near.gaussian_mean, side=7)
    a, b, f = (near.local(image, window, 7) for image in (image_a, image_b, fused))
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
    """Pearson's correlation over all pixels (MATLAB: corr2); that of a constant counts 0."""
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
    a, b, f = (near.local(image, near.gaussian_mean) for image in (image_a, image_b, fused))
    s_af, s_bf = (near.similarity(x, f, near.covariance(x, f, near.gaussian_mean)).mean() for x in (a, b))
    return float(s_af + s_bf) / 2


def _halved(x: Levels) -> Levels:
    """Means of 2 x 2 pixels; an odd last row or column is repeated."""
    x = np.pad(x, [(0, side % 2) for side in x.shape], mode="edge")
    return (x[::2, ::2] + x[1::2, ::2] + x[::2, 1::2] + x[1::2, 1::2]) / 4


def ms_ssim(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mean structural similarity of the fused image with its sources over five scales; rewards blur, as SSIM does.

    MS-SSIM(X, F) = (mean S_5)^.1333 times the product over the scales s = 1..4 of (mean CS_s)^w_s, mean of A and B
    CS = (2 cov + C2) / (var_X + var_F + C2), S and window as in `ssim_mean`, w = .0448, .2856, .3001, .2363; each scale
    halves by means of 2 x 2 pixels                                                     (Wang, Simoncelli, Bovik 2003)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 176 or more
    returns                  0..1, higher is called better; a mean below 0 counts 0, where MATLAB's power is complex
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: the mean of two calls of Wang's msssim.m
    Parity: GNU Octave running a shortened copy, Children: to 2e-15 (B for MATLAB itself).

    >>> round(ms_ssim(*[255 * np.eye(176)] * 3), 12)
    1.0
    """
    check_levels(SIDE * 2**4, image_a=image_a, image_b=image_b, fused=fused)
    images, products = [image_a, image_b, fused], [1.0, 1.0]
    for scale, weight in enumerate(WEIGHTS):
        *sources, f = (near.local(image, near.gaussian_mean) for image in images)
        for number, x in enumerate(sources):
            cov = near.covariance(x, f, near.gaussian_mean)
            values = (2 * cov + near.SSIM_C2) / (x.variance + f.variance + near.SSIM_C2)
            if scale == len(WEIGHTS) - 1:
                values = near.similarity(x, f, cov)
            products[number] *= max(float(values.mean()), 0.0) ** weight
        images = [_halved(image) for image in images]
    return sum(products) / 2


def mef_ssim(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image's structure with the sources' mixed structure, over three scales.

    Q = product over the scales s = 1..3 of Q_s^w_s,  w = .0448, .2856, .3001 over their sum       (Ma, Zeng, Wang 2015)
    Q_s = mean of (2 cov_RF + C2) / (var_R + var_F + C2), C2 and the moments' window as in `ssim_mean`: no lightness
    R = max(c_A, c_B) times the direction of w_A A' / c_A + w_B B' / c_B,  X' = X - its mean in the 11 x 11 window
    c_X = |X'| + .001,  w_X = (c_X / 11)^p over the sum of both,  p = tan(pi/2 |A' + B'| / (|A'| + |B'|)), at most 10
    Means and norms | | weigh all 121 pixels alike; each scale halves by means of 2 x 2 pixels.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 44 or more
    returns                  0..1, higher is better; a Q_s below 0 counts 0, where MATLAB's power is complex
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: mef_ms_ssim(cat(3, A, B), fused) of K. Ma
    Parity: GNU Octave running a shortened copy, Children: to 5e-16 (B for MATLAB itself).

    >>> round(mef_ssim(*[255 * np.eye(48)] * 3), 6)
    1.0
    """
    check_levels(SIDE * 2**2, image_a=image_a, image_b=image_b, fused=fused)
    product, images = 1.0, [image_a, image_b, fused]
    for weight in WEIGHTS[:3]:
        product *= max(_mixed(*images), 0.0) ** (weight / sum(WEIGHTS[:3]))
        images = [_halved(image) for image in images]
    return product


def _mixed(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Q_s of one scale; the moments of R are those of A and B, mixed; where both are flat R is 0."""

    def variance(of_a: Levels | float, of_b: Levels | float) -> Levels:
        return np.maximum(of_a**2 * a.variance + of_b**2 * b.variance + 2 * of_a * of_b * cov_ab, 0)

    box = partial(near.separable_inside, weights=np.full(SIDE, 1 / SIDE))
    a, b = (near.local(image, box, SIDE) for image in (image_a, image_b))
    cov_ab = near.covariance(a, b, box)
    norm_a, norm_b, norm_sum = (SIDE * np.sqrt(variance(*of)) for of in ((1, 0), (0, 1), (1, 1)))
    p = np.tan(np.pi / 2 * np.minimum((norm_sum + EPS) / (norm_a + norm_b + EPS), 1 - EPS))
    c_a, c_b = norm_a + 0.001, norm_b + 0.001
    w_a, w_b = ((c / SIDE) ** np.minimum(p, 10) + EPS for c in (c_a, c_b))
    of_a, of_b = w_a / (w_a + w_b) / c_a, w_b / (w_a + w_b) / c_b
    length = SIDE * np.sqrt(variance(of_a, of_b))
    scale = np.divide(np.maximum(c_a, c_b), length, out=np.ones_like(length), where=length > 0)
    of_a, of_b = scale * of_a, scale * of_b
    # From here on `variance` is under the window of SSIM.
    a, b, f = (near.local(image, near.gaussian_mean) for image in (image_a, image_b, fused))
    cov_ab, cov_af, cov_bf = (near.covariance(x, y, near.gaussian_mean) for x, y in ((a, b), (a, f), (b, f)))
    cov_rf = of_a * cov_af + of_b * cov_bf
    return float(np.mean((2 * cov_rf + near.SSIM_C2) / (variance(of_a, of_b) + f.variance + near.SSIM_C2)))
