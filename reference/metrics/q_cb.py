"""Q_CB: Chen and Blum's preserved contrast."""

from __future__ import annotations

import numpy as np

from reference.arrays import Levels
from reference.metrics.contrast_sensitivity import filtered, frequency_weights
from reference.metrics.gray_levels import check_levels
from reference.metrics.histograms import stretch
from reference.metrics.local_statistics import separable

__all__ = ["q_cb"]

CYCLES = 15  # cycles an image for one of the sensitivity's
REACH = 15  # pixels, of the Gaussians
NARROW, WIDE = 2.0, 4.0  # their standard deviations
MASKING = 1e-4


def q_cb(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Visible local contrast that the fused image keeps, the source with more of it counting more.

    Q_CB = mean(l_A q_A + l_B q_B),  q_X = min(C'_X, C'_F) / max(C'_X, C'_F),  l_X = C'_X^2 / (C'_A^2 + C'_B^2)
    C' = C^3 / (C^2 + .0001),  C = |(g_2 * y) / (g_4 * y) - 1|, g 31 x 31, zero beyond the border
    y the image filtered by S(r) = exp(-(r / 15.387)^2) - .7622 exp(-(r / 1.3456)^2), r in cycles an image / 15
    (Chen, Blum 2009)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  0..1, higher is better; where both contrasts are 0 q is 1, where one is 0 it is 0
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricChenBlum(im1, im2, fim) of both toolboxes
    Parity: V, 60 values to 2e-14.

    >>> image = np.random.default_rng(0).integers(0, 256, (20, 20)).astype(float)
    >>> round(q_cb(image, image, image), 12)
    1.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    seen = frequency_weights(fused.shape, _sensitivity, CYCLES)
    a, b, f = (
        _masked_contrast(filtered(stretch(image).astype(np.float64), seen)) for image in (image_a, image_b, fused)
    )
    power_a, power_b = a * a, b * b
    total = power_a + power_b
    share = np.divide(power_a, total, out=np.full_like(total, 0.5), where=total > 0)
    return float(np.mean(share * _preserved(a, f) + (1 - share) * _preserved(b, f)))


def _masked_contrast(y: Levels) -> Levels:
    narrow, wide = (_gaussian(y, sigma) for sigma in (NARROW, WIDE))
    contrast = np.abs(np.divide(narrow, wide, out=np.ones_like(wide), where=wide != 0) - 1)
    squared = contrast * contrast
    return squared * contrast / (squared + MASKING)  # type: ignore[no-any-return]


def _sensitivity(r: Levels) -> Levels:
    return np.exp(-((r / 15.3870) ** 2)) - 0.7622 * np.exp(-((r / 1.3456) ** 2))


def _gaussian(x: Levels, sigma: float) -> Levels:
    """g_sigma * x with weights exp(-r^2 / 2 sigma^2) / (2 pi sigma^2), as they are: their sum is not quite 1."""
    d = np.arange(-REACH, REACH + 1)
    w = np.exp(-(d * d) / (2 * sigma * sigma)) / (np.sqrt(2 * np.pi) * sigma)
    return separable(x, w)


def _preserved(x: Levels, f: Levels) -> Levels:
    """The smaller contrast over the larger; 1 where both are 0."""
    larger = np.maximum(x, f)
    return np.divide(np.minimum(x, f), larger, out=np.ones_like(larger), where=larger > 0)
