"""Step 3: the network scores the focus of every 16 x 16 patch."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from reference.steps.arrays import Pyramid, Scores, score_shape
from reference.steps.checks import check_range, check_same_shape


class FocusNetwork(Protocol):
    """Anything that scores two pyramids of `levels` images: a trained network, or a rule made up for a test."""

    @property
    def levels(self) -> int: ...

    def __call__(self, pyramid_a: Pyramid, pyramid_b: Pyramid) -> Scores: ...


def score_map(pyramid_a: Pyramid, pyramid_b: Pyramid, network: FocusNetwork) -> Scores:
    """Ask the network, for every 16 x 16 patch of the sources, how much more A is in focus than B.

    S(j, i) = probability of "A in focus" for the patch from row 2j, column 2i on      (paper, section 3.1.1; D1)

    pyramid_a  `network.levels` images, the first (H, W) with H, W >= 16
    pyramid_b  the same of B
    network    see `reference.network`
    returns    (ceil(H / 2) - 7, ceil(W / 2) - 7) in [0, 1], 1 = A in focus; neighbours are 2 pixels apart
    raises     ValueError for sizes that differ, under 16 pixels, or a network that returns anything else

    MATLAB: the network of Liu's workflow, in single; the softmax output of class 2
    Parity: 1e-6 for the same weights, as single precision and the order of its sums allow.

    >>> from reference.steps.arrays import score_shape
    >>> class Undecided:
    ...     levels = 1
    ...     def __call__(self, pyramid_a, pyramid_b):
    ...         return np.full(score_shape(pyramid_a[0].shape), 0.5)
    >>> score_map((np.zeros((20, 21)),), (np.ones((20, 21)),), Undecided()).shape
    (3, 4)
    """
    check_same_shape(pyramid_a=pyramid_a[0], pyramid_b=pyramid_b[0])
    expected = score_shape(pyramid_a[0].shape)
    scores = np.asarray(network(pyramid_a, pyramid_b), dtype=np.float64)
    if scores.shape != expected:
        raise ValueError(f"the network returned scores of shape {scores.shape}, but {expected} were due")
    check_range("the network's score map", scores)
    return scores
