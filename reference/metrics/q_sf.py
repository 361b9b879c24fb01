"""Q_SF: the extended spatial frequency's relative error."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["q_sf"]

# First differences in four directions, and the weight of their squares.
DIRECTIONS: tuple[tuple[Callable[[Levels], Levels], float], ...] = (
    (lambda x: x[:, :-1] - x[:, 1:], 1.0),
    (lambda x: x[:-1] - x[1:], 1.0),
    (lambda x: x[1:, 1:] - x[:-1, :-1], math.sqrt(2) / 2),
    (lambda x: x[1:, :-1] - x[:-1, 1:], math.sqrt(2) / 2),
)


def q_sf(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Spatial frequency of the fused image against that of the stronger source differences.

    Q_SF = (SF_F - SF_R) / SF_R,  SF^2 = sum over four directions of c_t (sum of d_t^2) / (H W)
    d_t first differences; of R: the larger |d_t| of A and B at each pixel; c = 1, 1, .707, .707   (Zheng et al. 2007)

    image_a, image_b, fused  (H, W) gray levels 0..255
    returns                  best 0; negative: detail lost, down to -1; positive: spurious detail; 0 if SF_R is 0
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricZheng(img1, img2, fuse) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 1e-15 (B for MATLAB itself).

    >>> image = np.arange(64.0).reshape(8, 8)
    >>> q_sf(image, image, np.zeros((8, 8)))
    -1.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    of_f = of_r = 0.0
    for difference, weight in DIRECTIONS:
        strongest = np.maximum(np.abs(difference(image_a)), np.abs(difference(image_b)))
        of_f += weight * _sum_of_squares(difference(fused)) / fused.size
        of_r += weight * _sum_of_squares(strongest) / fused.size
    reference = math.sqrt(of_r)
    return (math.sqrt(of_f) - reference) / reference if reference > 0 else 0.0


def _sum_of_squares(d: Levels) -> float:
    return float(np.vdot(d, d))
