"""Mutual information after Tsallis, as it should be and as the toolboxes compute it.

Source: N. Cvejic, C. N. Canagarajah, D. R. Bull, Electronics Letters 42(11), 2006; R. Nava, G. Cristobal,
B. Escalante-Ramirez, SPIE Newsroom, 2007.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.arrays import Levels
from reference.metrics.histograms import Counts, bits, joint_histogram, stretch

__all__ = ["Q_CVEJIC", "Q_NAVA", "exchanged_tsallis_information", "normalised", "tsallis_information"]

Q_CVEJIC = 1.85
Q_NAVA = 0.43137


def tsallis_information(joint: Counts, q: float) -> float:
    """Tsallis mutual information of order q, of a joint histogram.

    I_q(X, Y) = (1 - sum p(i, j)^q / (p_X(i) p_Y(j))^(q - 1)) / (1 - q), over the pairs with p(i, j) > 0

    >>> tsallis_information(np.eye(2, dtype=int), 2)  # equal: 1 - 2 . 1/4 / 1/4 over 1 - 2
    1.0
    """
    return _sum(joint, np.multiply.outer(joint.sum(axis=1), joint.sum(axis=0)), q)


def exchanged_tsallis_information(joint: Counts, q: float) -> float:
    """The same with the marginals exchanged: X's is read at the level of Y and Y's at the level of X.

    A defect, and what every published value was computed with. Pairs whose product is 0 are left out.
    Giving gray levels other names changes it, which information should not mind.
    """
    return _sum(joint, np.multiply.outer(joint.sum(axis=0), joint.sum(axis=1)), q)


def normalised(image_a: Levels, image_b: Levels, fused: Levels, information: Callable[[Counts, float], float]) -> float:
    """Nava's form, of either information: (I(A, F) + I(B, F)) / (H(A)^q + H(B)^q + I(A, B)), 0 for 0/0."""
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    af, bf, ab = (joint_histogram(x, y) for x, y in ((a, f), (b, f), (a, b)))
    shared = information(af, Q_NAVA) + information(bf, Q_NAVA)
    held = bits(ab.sum(axis=1)) ** Q_NAVA + bits(ab.sum(axis=0)) ** Q_NAVA
    total = held + information(ab, Q_NAVA)
    return shared / total if total != 0 else 0.0


def _sum(joint: Counts, product: Counts, q: float) -> float:
    counted = (joint > 0) & (product > 0)
    n = joint.sum()
    p, pp = joint[counted] / n, product[counted] / n**2
    return float((1 - np.sum(p**q / pp ** (q - 1))) / (1 - q))
