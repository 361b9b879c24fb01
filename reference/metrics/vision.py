"""Metrics from models of vision: preserved contrast, perceived error, visual information.

Source: J. Mannos, D. Sakrison, IEEE Trans. Information Theory 20(4), 1974; Y. Chen, R. S. Blum, Image and Vision
Computing 27(10), 2009.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from reference.metrics.gradient import sobel
from reference.metrics.gray_levels import check_levels
from reference.metrics.information import stretch
from reference.metrics.local_statistics import Window, covariance, gaussian_mean, local, separable
from reference.steps.arrays import Levels

BLOCK = 16  # pixels, of Q_CV
SIDES = (17, 9, 5, 3)  # of the window at each scale of visual information, the finest first; sigma is a fifth of it
LEAST = 41  # pixels, so that a window fits at the last scale
WEIGHTS = (1, 0, 0.15, 1)  # of the scales, in Q_VIFF
NOISE = 0.005 * 255**2  # variance of the noise of vision
NONE = 1e-10  # a smaller variance counts as 0
C = 1e-7


def cycles(shape: tuple[int, ...]) -> Levels:
    """Cycles per image, whatever its size, at every frequency of its spectrum, (H, W // 2 + 1), zero at [0, 0]."""
    height, width = shape
    k_y, k_x = fft.fftfreq(height, 1 / height), fft.rfftfreq(width, 1 / width)
    return np.sqrt(k_y[:, np.newaxis] ** 2 + k_x**2)  # type: ignore[no-any-return]


def filtered(image: Levels | NDArray[np.uint8], weights: Levels) -> Levels:
    """Multiply the spectrum of gray levels by `weights`; the image is periodic."""
    return fft.irfft2(fft.rfft2(image) * weights, s=image.shape)  # type: ignore[no-any-return]


def q_cb(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Preservation of visible local contrast, weighted by the contrast of each source.

    Q_CB = mean(l_A q_A + l_B q_B),  q_X = min(C'_X, C'_F) / max(C'_X, C'_F),  l_X = C'_X^2 / (C'_A^2 + C'_B^2)
    C' = C^3 / (C^2 + .0001),  C = |(g_2 * y) / (g_4 * y) - 1|, g 31 x 31, zero beyond the border
    y the image filtered by S(r) = exp(-(r / 15.387)^2) - .7622 exp(-(r / 1.3456)^2), r in cycles per image / 15
    (Chen, Blum 2009)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  0..1, higher is better; where both contrasts are 0 q is 1, where one is 0 it is 0
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricChenBlum(im1, im2, fim) of both toolboxes
    Parity: V, 60 values to 2e-14.

    >>> round(q_cb(*[255 * np.eye(20)] * 3), 12)
    1.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    r = cycles(fused.shape) / 15
    seen = np.exp(-((r / 15.3870) ** 2)) - 0.7622 * np.exp(-((r / 1.3456) ** 2))
    a, b, f = (_masked_contrast(filtered(stretch(image), seen)) for image in (image_a, image_b, fused))
    total = a * a + b * b
    share = np.divide(a * a, total, out=np.full_like(total, 0.5), where=total > 0)
    return float(np.mean(share * _preserved(a, f) + (1 - share) * _preserved(b, f)))


def _masked_contrast(y: Levels) -> Levels:
    d = np.arange(-15, 16)
    # Gaussians exp(-r^2 / 2 sigma^2) / (2 pi sigma^2), not normalised: the sum of their weights is not quite 1.
    narrow, wide = (separable(y, np.exp(-(d * d) / (2 * s * s)) / (np.sqrt(2 * np.pi) * s)) for s in (2, 4))
    contrast = np.abs(np.divide(narrow, wide, out=np.ones_like(wide), where=wide != 0) - 1)
    squared = contrast * contrast
    return squared * contrast / (squared + 1e-4)  # type: ignore[no-any-return]


def _preserved(x: Levels, f: Levels) -> Levels:
    """The smaller contrast over the larger; 1 where both are 0."""
    larger = np.maximum(x, f)
    return np.divide(np.minimum(x, f), larger, out=np.ones_like(larger), where=larger > 0)


def q_cv(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Perceived error of the fused image, block by block, weighted by the edges of each source.

    Q_CV = sum over the 16 x 16 blocks of (L_A D_A + L_B D_B) / sum of (L_A + L_B)          (Chen, Varshney 2007)
    L_X = sum of g_X^5, Sobel's magnitude;  D_X = sum of ((X - F) filtered by S)^2 / 256
    S(r) = 2.6 (.0192 + .144 r) exp(-(.144 r)^1.1), r in cycles per image / 4               (Mannos, Sakrison 1974)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  0 or more, LOWER is better; 0 if neither source has an edge
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricChen(im1, im2, fim) of both toolboxes
    Parity: V, 60 values to 1e-15.

    >>> q_cv(*[255 * np.eye(20)] * 3)
    0.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image).astype(np.float64) for image in (image_a, image_b, fused))
    squared = (s_x * s_x + s_y * s_y for s_x, s_y in (sobel(x) for x in (a, b)))
    weight_a, weight_b = (_block_sums(g_2 * g_2 * np.sqrt(g_2)) for g_2 in squared)
    r = cycles(fused.shape) / 4
    seen = 2.6 * (0.0192 + 0.144 * r) * np.exp(-((0.144 * r) ** 1.1))
    error_a, error_b = (_block_sums(filtered(x - f, seen) ** 2) / BLOCK**2 for x in (a, b))
    total = np.sum(weight_a + weight_b)
    return float(np.sum(weight_a * error_a + weight_b * error_b) / total) if total > 0 else 0.0


def _block_sums(x: Levels) -> NDArray[np.float64]:
    """Sums over blocks from the top left; blocks at the border may be smaller."""
    rows, columns = (np.arange(0, side, BLOCK) for side in x.shape)
    return np.add.reduceat(np.add.reduceat(x, rows, axis=0), columns, axis=1)


def q_viff(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Visual information in the fused image, relative to that in the sources, at four scales.

    Q_VIFF = (V_1 + 0 V_2 + .15 V_3 + V_4) / 2.15,  V_s = sum(N + C) / sum(D + C)          (Han, Cai, Cao, Xu 2013)
    N = log10(1 + g^2 var_X / (s + n^2)),  D = log10(1 + var_X / n^2),  g = cov_XF / var_X,  s = var_F - g cov_XF
    at each position of the source with the smaller gain g, of B where they are equal; n^2 = 325.125
    Where both covariances with F are 0 up to rounding, as in windows of two crossing straight edges, rounding decides
    which source is taken; photographs have no such windows.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 41 or more
    returns                  about 0..1, higher is better; above 1 for enhanced contrast
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: VIFF_Public(im1, im2, fim)
    Parity: GNU Octave running it, Children: to 7e-16 (B for MATLAB itself).

    >>> round(q_viff(*[255 * np.eye(48)] * 3), 6)
    1.0
    """
    check_levels(LEAST, image_a=image_a, image_b=image_b, fused=fused)
    fidelity = 0.0
    for (window, images), weight in zip(_scales(image_a, image_b, fused), WEIGHTS, strict=True):
        if weight > 0:
            (gain_a, n_a, d_a), (gain_b, n_b, d_b) = _information(window, images, NOISE)
            from_a = gain_a < gain_b
            n, d = np.where(from_a, n_a, n_b), np.where(from_a, d_a, d_b)
            fidelity += weight * float(np.sum(n + C) / np.sum(d + C))
    return fidelity / sum(WEIGHTS)


def _scales(*images: Levels) -> Iterator[tuple[Window, tuple[Levels, ...]]]:
    """The window of each scale, the finest first, and the images there."""
    for side in SIDES:
        window = partial(gaussian_mean, side=side, sigma=side / 5)
        if side < SIDES[0]:
            images = tuple(window(image)[::2, ::2] for image in images)
        yield window, images


def _information(window: Window, images: tuple[Levels, ...], noise: float) -> Iterator[tuple[Levels, Levels, Levels]]:
    """Of A and of B: the gain in the fused image, and the information through the fused image and directly."""
    *sources, f = (local(image, window) for image in images)
    var_f = np.maximum(f.variance, 0)
    for x in sources:
        var_x, cov = np.maximum(x.variance, 0), covariance(x, f, window)
        gain = np.where((cov > 0) & (var_x >= NONE) & (var_f >= NONE), cov / (var_x + NONE), 0)
        rest = np.maximum(var_f - gain * cov, NONE)
        var_x[var_x < NONE] = 0
        yield gain, np.log10(1 + gain * gain * var_x / (rest + noise)), np.log10(1 + var_x / noise)


def vifp(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Visual information of each source that is in the fused image, in pixels, both added: VIF of the infrared papers.

    VIFp = V(A, F) + V(B, F),  V(X, F) = sum of N / sum of D over all positions of the four scales
    N, D, windows and scales as in `q_viff`, with n^2 = 2                                           (Sheikh, Bovik 2006)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 41 or more
    returns                  about 0..2, higher is better; above 2 for enhanced contrast; a flat source counts 1
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: the sum of vifp_mscale(A, fused) and vifp_mscale(B, fused); vifvec of steerable pyramids is another
    Parity: GNU Octave running a shortened copy, Children: to 2e-14 (B for MATLAB itself).

    >>> round(vifp(*[255 * np.eye(48)] * 3), 6)
    2.0
    """
    check_levels(LEAST, image_a=image_a, image_b=image_b, fused=fused)
    scales = _scales(image_a, image_b, fused)
    sums = [[(n.sum(), d.sum()) for _, n, d in _information(*scale, noise=2)] for scale in scales]
    kept, present = np.sum(sums, axis=0).T
    return float(np.sum(np.divide(kept, present, out=np.ones(2), where=present > 0)))
