"""Q_FMI: mutual information of features, window by window, in four forms.

Source: M. Haghighat, A. Aghagolzadeh, H. Seyedarabi, Computers and Electrical Engineering 37(5), 2011.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels

__all__ = ["feature_information", "q_fmi_gradient", "q_fmi_gradient_toolbox", "q_fmi_none", "q_fmi_none_toolbox"]

SIDE = 3
COUNT = SIDE * SIDE
K = np.arange(1.0, COUNT + 1)  # the position in the window is the random variable
CHUNK = 4096  # windows processed at a time
Values = NDArray[np.float64]  # (N, 9)


def horizontal_gradient(x: Levels) -> Levels:
    """Derivative along the rows: half the difference of both neighbours, one-sided in the first and last column."""
    return np.gradient(x, axis=1)


def feature_information(a: Levels, b: Levels, f: Levels) -> float:
    """Mean over the windows of (v(A, F) + v(B, F)) / 2."""
    total = sum(
        float(np.sum(_shared(x, z, _equal(x, z)) + _shared(y, z, _equal(y, z)))) for x, y, z in _triples(a, b, f)
    )
    return total / 2 / _count(f)


def feature_information_toolbox(a: Levels, b: Levels, f: Levels) -> float:
    """The same with the toolbox's defect: B's window is compared with the fused window after scaling for A."""
    total = 0.0
    for x, y, z in _triples(a, b, f):
        as_left_by_a = np.where(_equal(x, z)[:, np.newaxis], z, _scaled(z))  # not scaled where it equals A's
        total += float(np.sum(_shared(x, z, _equal(x, z)) + _shared(y, z, _equal(y, as_left_by_a))))
    return total / 2 / _count(f)


def _triples(a: Levels, b: Levels, f: Levels) -> Iterator[tuple[Values, Values, Values]]:
    return zip(_windows(a), _windows(b), _windows(f), strict=True)


def _windows(x: Levels) -> Iterator[Values]:
    """The 3 x 3 windows inside the image, each read column by column, (N, 9), some thousands at a time."""
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


def _shared(x: Values, f: Values, equal: NDArray[np.bool_]) -> Values:
    """v = 2 I / (H_p + H_r) of each window; 1 where the windows count as equal, or are both constant."""
    v = np.ones(len(x))
    both_constant = (np.ptp(x, axis=1) == 0) & (np.ptp(f, axis=1) == 0)
    different = ~(equal | both_constant)
    if different.any():
        v[different] = _information(*(_density(_scaled(values[different])) for values in (x, f)))
    return v


def _density(x: Values) -> Values:
    return x / x.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]


def _information(p: Values, r: Values) -> Values:
    """2 I / (H_p + H_r); the joint density mixes Nelsen's bound with independence, to the correlation of p and r."""
    lower_p, lower_r = np.cumsum(p, axis=1)[:, np.newaxis, :], np.cumsum(r, axis=1)[:, :, np.newaxis]
    correlation = _correlation(p, r)
    positive = (correlation >= 0)[:, np.newaxis, np.newaxis]
    bound = np.where(positive, np.minimum(lower_r, lower_p), np.maximum(lower_r + lower_p - 1, 0))
    deviations = _deviation(r) * _deviation(p)
    # The correlation of the bound: the sum of K - R P over its table, divided by both deviations.
    cross, zeros = (bound - lower_r * lower_p).sum(axis=(1, 2)), np.zeros_like(correlation)
    reach = np.divide(cross, deviations, out=zeros.copy(), where=deviations > 0)
    phi = np.divide(correlation, reach, out=zeros, where=reach != 0)[:, np.newaxis, np.newaxis]
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
    """K(i, j) - K(i - 1, j) - K(i, j - 1) + K(i - 1, j - 1), with 0 before the first row and column."""
    padded = np.pad(bound, ((0, 0), (1, 0), (1, 0)))
    return padded[:, 1:, 1:] - padded[:, :-1, 1:] - padded[:, 1:, :-1] + padded[:, :-1, :-1]


def _bits(q: Values) -> Values:
    """-sum q log2 |q|, 0 log 0 = 0; a joint density may be slightly negative."""
    size = np.abs(q)
    return -(q * np.log2(size, out=np.zeros_like(q), where=size > 0)).sum(axis=1)  # type: ignore[no-any-return]


def q_fmi_none(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the gray levels of sources and fused image, window by window.

    Q_FMI = mean over the 3 x 3 windows of (v(A, F) + v(B, F)) / 2,  v = 2 I / (H_p + H_r)
    p, r the windows as densities of the position in them, I by the joint density of Nelsen's bounds that has their
    correlation                                                     (Haghighat et al. 2011; Haghighat, Razian 2014)
    Windows that are equal, or both constant, have v = 1.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better; seconds for a photograph
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: none: fmi(ima, imb, imf, 'none', 3) of M. Haghighat has a defect, see `q_fmi_none_toolbox`
    Parity: no outside value: the toolbox computes `q_fmi_none_toolbox`. Children with Liu's result: .663109.

    >>> image = np.random.default_rng(0).integers(0, 256, (8, 8)).astype(float)
    >>> round(q_fmi_none(image, image, image), 12)
    1.0
    """
    check_levels(3, image_a=image_a, image_b=image_b, fused=fused)
    return feature_information(image_a, image_b, fused)


def q_fmi_none_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the gray levels of sources and fused image, window by window.

    Q_FMI = mean over the 3 x 3 windows of (v(A, F) + v(B, F)) / 2,  v = 2 I / (H_p + H_r)
    p, r the windows as densities of the position in them, I by the joint density of Nelsen's bounds that has their
    correlation                                                     (Haghighat et al. 2011; Haghighat, Razian 2014)
    With a defect: whether a window of B equals the fused one is tested on the fused window scaled to 0..1, so it hardly
    ever holds, and exchanging A and B changes the value; `q_fmi_none` is without.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better; seconds for a photograph
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: fmi(ima, imb, imf, 'none', 3) of M. Haghighat
    Parity: GNU Octave running the toolbox, Children: to 2e-14 (B for MATLAB itself).

    >>> image = np.random.default_rng(0).integers(0, 256, (8, 8)).astype(float)
    >>> round(q_fmi_none_toolbox(image, image, image), 12)
    1.0
    """
    check_levels(3, image_a=image_a, image_b=image_b, fused=fused)
    return feature_information_toolbox(image_a, image_b, fused)


def q_fmi_gradient(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the horizontal gradients of sources and fused image, window by window.

    Q_FMI = mean over the 3 x 3 windows of (v(A, F) + v(B, F)) / 2,  v = 2 I / (H_p + H_r)
    p, r the windows as densities of the position in them, I by the joint density of Nelsen's bounds that has their
    correlation                                                     (Haghighat et al. 2011; Haghighat, Razian 2014)
    Windows that are equal, or both constant, have v = 1.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better; seconds for a photograph
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: none: fmi(ima, imb, imf, 'gradient', 3) of M. Haghighat has a defect, see `q_fmi_gradient_toolbox`
    Parity: no outside value: the toolbox computes `q_fmi_gradient_toolbox`. Children with Liu's result: .595293.

    >>> image = np.random.default_rng(0).integers(0, 256, (8, 8)).astype(float)
    >>> round(q_fmi_gradient(image, image, image), 12)
    1.0
    """
    check_levels(3, image_a=image_a, image_b=image_b, fused=fused)
    gradients = (horizontal_gradient(image) for image in (image_a, image_b, fused))
    return feature_information(*gradients)


def q_fmi_gradient_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the horizontal gradients of sources and fused image, window by window.

    Q_FMI = mean over the 3 x 3 windows of (v(A, F) + v(B, F)) / 2,  v = 2 I / (H_p + H_r)
    p, r the windows as densities of the position in them, I by the joint density of Nelsen's bounds that has their
    correlation                                                     (Haghighat et al. 2011; Haghighat, Razian 2014)
    With a defect: whether a window of B equals the fused one is tested on the fused window scaled to 0..1, so it hardly
    ever holds, and exchanging A and B changes the value; `q_fmi_gradient` is without.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better; seconds for a photograph
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: fmi(ima, imb, imf, 'gradient', 3) of M. Haghighat
    Parity: B: written from the definition, no outside value on a whole image. Children with Liu's result: .595118.

    >>> image = np.random.default_rng(0).integers(0, 256, (8, 8)).astype(float)
    >>> round(q_fmi_gradient_toolbox(image, image, image), 12)
    1.0
    """
    check_levels(3, image_a=image_a, image_b=image_b, fused=fused)
    gradients = (horizontal_gradient(image) for image in (image_a, image_b, fused))
    return feature_information_toolbox(*gradients)
