"""Structural similarity with the sources over several scales, and with what of them should be kept.

Source: Z. Wang, E. P. Simoncelli, A. C. Bovik, Asilomar Conference, 2003; K. Ma, K. Zeng, Z. Wang, IEEE Trans. Image
Processing 24(11), 2015.
"""

from __future__ import annotations

import numpy as np

from reference.metrics import local_statistics as near
from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels

SIDE = 11  # of all windows
EPS = 2.0**-52
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # of the scales, the finest first


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
        *sources, f = (near.local(image, near.ssim_window) for image in images)
        for number, x in enumerate(sources):
            cov = near.covariance(x, f, near.ssim_window)
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

    def box(x: Levels) -> Levels:
        return near.cut(near.separable(x, np.full(SIDE, 1 / SIDE)), SIDE)

    def variance(of_a: Levels | float, of_b: Levels | float) -> Levels:
        return np.maximum(of_a**2 * a.variance + of_b**2 * b.variance + 2 * of_a * of_b * cov_ab, 0)

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
    a, b, f = (near.local(image, near.ssim_window) for image in (image_a, image_b, fused))
    cov_ab, cov_af, cov_bf = (near.covariance(x, y, near.ssim_window) for x, y in ((a, b), (a, f), (b, f)))
    cov_rf = of_a * cov_af + of_b * cov_bf
    return float(np.mean((2 * cov_rf + near.SSIM_C2) / (variance(of_a, of_b) + f.variance + near.SSIM_C2)))
