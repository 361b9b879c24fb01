"""Mutual information of features window by window: what the forms of Q_FMI have in common.

Source: M. Haghighat, A. Aghagolzadeh, H. Seyedarabi, Computers and Electrical Engineering 37(5), 2011.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reference.arrays import Levels

__all__ = ["feature_information", "feature_information_toolbox", "horizontal_gradient"]

SIDE = 3
COUNT = SIDE * SIDE
K = np.arange(1.0, COUNT + 1)  # the position in the window is the random variable
CHUNK = 4096  # windows that are worked on at a time
Values = NDArray[np.float64]  # (N, 9)


def horizontal_gradient(x: Levels) -> Levels:
    """Derivative along the rows: half the difference of both neighbours, one-sided in the first and last column."""
    return np.gradient(x, axis=1)


def feature_information(a: Levels, b: Levels, f: Levels) -> float:
    """Mean over the windows of (v(A, F) + v(B, F)) / 2."""
    total = sum(float(np.sum(_v(x, z, _equal(x, z)) + _v(y, z, _equal(y, z)))) for x, y, z in _three(a, b, f))
    return total / 2 / _count(f)


def feature_information_toolbox(a: Levels, b: Levels, f: Levels) -> float:
    """The same, but a window of B is held against the fused window as scaled for A, unless that equalled A's."""
    total = 0.0
    for x, y, z in _three(a, b, f):
        as_left_by_a = np.where(_equal(x, z)[:, np.newaxis], z, _scaled(z))
        total += float(np.sum(_v(x, z, _equal(x, z)) + _v(y, z, _equal(y, as_left_by_a))))
    return total / 2 / _count(f)


def _three(a: Levels, b: Levels, f: Levels) -> Iterator[tuple[Values, Values, Values]]:
    return zip(_windows(a), _windows(b), _windows(f), strict=True)


def _windows(x: Levels) -> Iterator[Values]:
    """The 3 x 3 windows that lie inside, each read column by column, (N, 9), some thousands at a time."""
    view = np.lib.stride_tricks.sliding_window_view(x, (SIDE, SIDE)).swapaxes(2, 3)
    rows = max(1, CHUNK // view.shape[1])
    for top in range(0, len(view), rows):
        yield view[top : top + rows].reshape(-1, COUNT)


def _count(x: Levels) -> int:
    """Number of windows."""
    return (x.shape[0] - SIDE + 1) * (x.shape[1] - SIDE + 1)  # type: ignore[no-any-return]


def _equal(x: Values, f: Values) -> NDArray[np.bool_]:
    return (x == f).all(axis=1)  # type: ignore[no-any-return]


def _scaled(x: Values) -> Values:
    """(x - min) / (max - min) of each window, 1 where it is constant."""
    low, high = x.min(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
    return np.divide(x - low, high - low, out=np.ones_like(x), where=high > low)  # type: ignore[no-any-return]


def _v(x: Values, f: Values, equal: NDArray[np.bool_]) -> Values:
    """2 I / (H_p + H_r) of each window; 1 where the windows count as equal, or are both constant."""
    v = np.ones(len(x))
    both_constant = (np.ptp(x, axis=1) == 0) & (np.ptp(f, axis=1) == 0)
    different = ~(equal | both_constant)
    if different.any():
        v[different] = _information(*(_density(_scaled(values[different])) for values in (x, f)))
    return v


def _density(x: Values) -> Values:
    return x / x.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]


def _information(p: Values, r: Values) -> Values:
    """2 I / (H_p + H_r), the joint density being the one of Nelsen's bounds that has the correlation of p and r."""
    lower_p, lower_r = np.cumsum(p, axis=1)[:, np.newaxis, :], np.cumsum(r, axis=1)[:, :, np.newaxis]
    correlation = _correlation(p, r)
    positive = (correlation >= 0)[:, np.newaxis, np.newaxis]
    bound = np.where(positive, np.minimum(lower_r, lower_p), np.maximum(lower_r + lower_p - 1, 0))
    deviations = _deviation(r) * _deviation(p)
    # The sum over the windows' table of K - R P, each over the deviations.
    reach = np.divide((bound - lower_r * lower_p).sum(axis=(1, 2)), deviations, out=np.zeros_like(correlation),
                      where=deviations > 0)  # fmt: skip
    phi = np.divide(correlation, reach, out=np.zeros_like(correlation), where=reach != 0)[:, np.newaxis, np.newaxis]
    joint = phi * _differences(bound) + (1 - phi) * (r[:, :, np.newaxis] * p[:, np.newaxis, :])
    h_p, h_r, h_joint = _bits(p), _bits(r), _bits(joint.reshape(len(p), -1))
    information = h_p + h_r - h_joint
    return np.divide(2 * information, h_p + h_r, out=np.zeros_like(h_p), where=information != 0)


def _correlation(p: Values, r: Values) -> Values:
    p, r = p - p.mean(axis=1, keepdims=True), r - r.mean(axis=1, keepdims=True)
    cross, scale = (p * r).sum(axis=1), np.sqrt((p * p).sum(axis=1) * (r * r).sum(axis=1))
    return np.divide(cross, scale, out=np.zeros_like(cross), where=scale > 0)  # type: ignore[no-any-return]


def _deviation(p: Values) -> Values:
    """Standard deviation of the position."""
    return np.sqrt(np.maximum((K * K * p).sum(axis=1) - (K * p).sum(axis=1) ** 2, 0))  # type: ignore[no-any-return]


def _differences(bound: Values) -> Values:
    """K(i, j) - K(i - 1, j) - K(i, j - 1) + K(i - 1, j - 1), 0 before the first."""
    padded = np.pad(bound, ((0, 0), (1, 0), (1, 0)))
    return padded[:, 1:, 1:] - padded[:, :-1, 1:] - padded[:, 1:, :-1] + padded[:, :-1, :-1]


def _bits(q: Values) -> Values:
    """-sum q log2 |q|, 0 log 0 = 0; a joint density may be slightly negative."""
    size = np.abs(q)
    return -(q * np.log2(size, out=np.zeros_like(q), where=size > 0)).sum(axis=1)  # type: ignore[no-any-return]
