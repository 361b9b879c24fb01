"""Q_NCIE: nonlinear correlation information entropy."""

from __future__ import annotations

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.histograms import LEVELS, joint_histogram, mutual_information, stretch

__all__ = ["q_ncie"]


def q_ncie(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """How strongly the three images depend on one another, linearly or not.

    Q_NCIE = 1 + sum over k of (l_k / 3) log256(l_k / 3), l_k the eigenvalues of the matrix of NCC with diagonal 1
    NCC(X, Y) = (H(X) + H(Y) - H(X, Y)) / 8, entropies in bits                    (Wang, Shen, Jin 2008, ch. 19)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  0..1, in practice .80 to .86, higher is better; an eigenvalue not above 0 counts 0
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: metricWang(im1, im2, fim) of both toolboxes
    Parity: V, 60 values to 4e-16.

    >>> flat = np.full((16, 16), 7.0)
    >>> round(q_ncie(flat, flat, flat), 6)  # nothing shared: 1 - log256(3)
    0.80188
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    ab, af, bf = (mutual_information(joint_histogram(x, y))[0] / 8 for x, y in ((a, b), (a, f), (b, f)))
    shares = np.linalg.eigvalsh([[1, ab, af], [ab, 1, bf], [af, bf, 1]]) / 3
    positive = shares[shares > 0]
    return float(1 + np.sum(positive * np.log2(positive)) / np.log2(LEVELS))
