"""Q_CV: Chen and Varshney's perceived error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reference.arrays import Levels
from reference.metrics.contrast_sensitivity import filtered, frequency_weights
from reference.metrics.edges import sobel
from reference.metrics.gray_levels import check_levels
from reference.metrics.histograms import stretch

__all__ = ["q_cv"]

BLOCK = 16  # pixels
CYCLES = 4  # cycles an image for one of the sensitivity's


def q_cv(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Visible error of the fused image, each source counting by its edges, block by block.

    Q_CV = sum over the 16 x 16 blocks of (L_A D_A + L_B D_B) / sum of (L_A + L_B)          (Chen, Varshney 2007)
    L_X = sum of g_X^5, Sobel's magnitude;  D_X = sum of ((X - F) filtered by S)^2 / 256
    S(r) = 2.6 (.0192 + .144 r) exp(-(.144 r)^1.1), r in cycles an image / 4                (Mannos, Sakrison 1974)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  0 or more, LOWER is better; 0 if neither source has an edge
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricChen(im1, im2, fim) of both toolboxes
    Parity: V, 60 values to 1e-15.

    >>> image = np.random.default_rng(0).integers(0, 256, (20, 20)).astype(float)
    >>> q_cv(image, image, image)
    0.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image).astype(np.float64) for image in (image_a, image_b, fused))
    weight_a, weight_b = (_block_sums(_fifth_power_of_gradient(x)) for x in (a, b))
    seen = frequency_weights(fused.shape, _sensitivity, CYCLES)
    error_a, error_b = (_block_sums(filtered(x - f, seen) ** 2) / BLOCK**2 for x in (a, b))
    total = np.sum(weight_a + weight_b)
    return float(np.sum(weight_a * error_a + weight_b * error_b) / total) if total > 0 else 0.0


def _fifth_power_of_gradient(x: Levels) -> Levels:
    s_x, s_y = sobel(x)
    squared = s_x * s_x + s_y * s_y
    return squared * squared * np.sqrt(squared)


def _sensitivity(r: Levels) -> Levels:
    return 2.6 * (0.0192 + 0.144 * r) * np.exp(-((0.144 * r) ** 1.1))


def _block_sums(x: Levels) -> NDArray[np.float64]:
    """Sums over blocks from the top left; the last ones are filled up with zeros."""
    rows, columns = (np.arange(0, side, BLOCK) for side in x.shape)
    return np.add.reduceat(np.add.reduceat(x, rows, axis=0), columns, axis=1)
