"""Histograms of gray levels and what information theory says of them, in bits.

Source: C. E. Shannon, Bell System Technical Journal 27(3), 1948.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat import round_half_away
from reference.arrays import Levels

__all__ = ["LEVELS", "Counts", "bits", "joint_histogram", "mutual_information", "stretch"]

LEVELS = 256
Counts = NDArray[np.intp]


def stretch(image: Levels) -> NDArray[np.uint8]:
    """Gray levels stretched to whole numbers over all of 0..255, as some metrics do first.

    s = round(((x - min) / (max - min)) 255), halves upwards, divided first: another order rounds other halves

    returns  (H, W); zeros for a constant image, where MATLAB gets NaN

    >>> stretch(np.array([[10.0, 11.0, 12.0]]))
    array([[  0, 128, 255]], dtype=uint8)
    """
    low, high = image.min(), image.max()
    if low == high:
        return np.zeros(image.shape, dtype=np.uint8)
    stretched = image - low
    stretched /= high - low
    stretched *= LEVELS - 1
    return round_half_away(stretched).astype(np.uint8)


def joint_histogram(x: NDArray[np.uint8], y: NDArray[np.uint8]) -> Counts:
    """Number of pixels with level i in x and level j in y, (256, 256); its sums are the histograms of x and y."""
    pairs = x.astype(np.uint16) * np.uint16(LEVELS) + y
    return np.bincount(pairs.ravel(), minlength=LEVELS * LEVELS).reshape(LEVELS, LEVELS)


def bits(counts: Counts) -> float:
    """Shannon's entropy of the shares of counts, H = -sum p log2 p with 0 log 0 = 0.

    >>> bits(np.array([2, 1, 1, 0]))
    1.5
    """
    p = counts[counts > 0] / counts.sum()
    return float(-np.sum(p * np.log2(p))) + 0.0  # no -0.0


def mutual_information(joint: Counts) -> tuple[float, float, float]:
    """I(X, Y) = H(X) + H(Y) - H(X, Y), not below 0 by rounding, with H(X) and H(Y).

    >>> mutual_information(np.eye(4, dtype=int))
    (2.0, 2.0, 2.0)
    """
    h_x, h_y = bits(joint.sum(axis=1)), bits(joint.sum(axis=0))
    return max(h_x + h_y - bits(joint), 0.0), h_x, h_y
