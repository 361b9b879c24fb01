"""Rules in place of a network: what a network returns can be chosen freely, and nothing is trained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reference.steps.arrays import score_shape


@dataclass(frozen=True)
class Fixed:
    """Returns the scores it was given."""

    scores: np.ndarray
    levels: int = 1

    def __call__(self, pyramid_a, pyramid_b):
        return self.scores


@dataclass(frozen=True)
class LocalEnergy:
    """Scores a patch by the share of A in the squared gray levels of both, in double."""

    levels: int = 2

    def __call__(self, pyramid_a, pyramid_b):
        a, b = pyramid_a[0], pyramid_b[0]
        scores = np.empty(score_shape(a.shape))
        for j, i in np.ndindex(scores.shape):
            patch = (slice(2 * j, 2 * j + 16), slice(2 * i, 2 * i + 16))
            energy_a, energy_b = (a[patch] ** 2).sum(), (b[patch] ** 2).sum()
            scores[j, i] = (energy_a + 1) / (energy_a + energy_b + 2)
        return scores


@dataclass(frozen=True)
class OnlyA:
    """Scores a patch by the mean gray level of A alone, at the second level: no argument can change places unseen."""

    levels: int = 2

    def __call__(self, pyramid_a, pyramid_b):
        means = np.empty(score_shape(pyramid_a[0].shape))
        for j, i in np.ndindex(means.shape):
            means[j, i] = pyramid_a[1][j : j + 8, i : i + 8].mean()
        order = np.argsort(np.argsort(means, axis=None)).reshape(means.shape)
        return order / means.size  # spread evenly over [0, 1]: both sources win somewhere


@dataclass(frozen=True)
class Inverted:
    """A rule whose answer is turned round."""

    rule: object

    @property
    def levels(self):
        return self.rule.levels

    def __call__(self, pyramid_a, pyramid_b):
        return 1 - self.rule(pyramid_a, pyramid_b)
