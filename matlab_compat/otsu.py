"""Otsu's threshold of a histogram, as graythresh and imbinarize share it (MATLAB: otsuthresh)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["otsu"]


def otsu(counts: NDArray[np.intp]) -> float:
    """The level that separates a histogram into two classes that lie farthest apart (Otsu 1979).

    sigma_b^2(k) = (mu_t w(k) - mu(k))^2 / (w(k) (1 - w(k))),  w and mu the cumulative share and mean up to bin k;
    level = (mean of the k with the greatest sigma_b^2 - 1) / (bins - 1), bins counted from 1

    counts   (n,)
    returns  0 to 1; 0 where all counts lie in one bin

    >>> otsu(np.array([4, 0, 0, 4]))
    0.3333333333333333
    """
    shares = counts / counts.sum()
    w = np.cumsum(shares)
    mu = np.cumsum(shares * np.arange(1, len(counts) + 1))
    within = np.flatnonzero((w > 0) & (w < 1))
    variance = (mu[-1] * w[within] - mu[within]) ** 2 / (w[within] * (1 - w[within]))
    if len(variance) == 0 or variance.max() == 0:
        return 0.0
    return float(np.mean(within[variance == variance.max()])) / (len(counts) - 1)
