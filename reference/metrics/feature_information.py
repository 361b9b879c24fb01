"""Q_FMI: mutual information of features, window by window, in six forms.

Source: M. Haghighat, A. Aghagolzadeh, H. Seyedarabi, Computers and Electrical Engineering 37(5), 2011.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels

SIDE = 3
COUNT = SIDE * SIDE
K = np.arange(1.0, COUNT + 1)[:, np.newaxis]  # the position in the window is the random variable
CHUNK = 4096  # windows whose values are added up at a time
TINY = np.finfo(np.float64).tiny
Values = NDArray[np.float64]  # (9, N), a window a column, so that each step works on many of them at once


def feature_information(
    image_a: Levels, image_b: Levels, fused: Levels, feature: Callable[[Levels], Levels]
) -> tuple[float, float]:
    """Mean over the windows of (v(A, F) + v(B, F)) / 2 of a feature, as defined and with the toolbox's defect.

    The defect: B's window is compared with the fused window after scaling for A.
    """
    check_levels(SIDE, image_a=image_a, image_b=image_b, fused=fused)
    defined, toolbox, count = 0.0, 0.0, 0
    for x, y, z in zip(*(_windows(feature(image)) for image in (image_a, image_b, fused)), strict=True):
        equal_a, equal_b = ((of_source == z).all(axis=0) for of_source in (x, y))
        as_left_by_a = np.where(equal_a, z, _scaled(z))  # not scaled where it equals A's
        equal_b_toolbox = (y == as_left_by_a).all(axis=0)
        v_a, v_b = _shared(x, z, equal_a), _shared(y, z, equal_b & equal_b_toolbox)
        defined += float(np.sum(v_a + np.where(equal_b, 1, v_b)))
        toolbox += float(np.sum(v_a + np.where(equal_b_toolbox, 1, v_b)))
        count += z.shape[1]
    return defined / 2 / count, toolbox / 2 / count


def _windows(x: Levels) -> Iterator[Values]:
    """The 3 x 3 windows inside the image, each read column by column, (9, N), some thousands at a time."""
    view = np.lib.stride_tricks.sliding_window_view(x, (SIDE, SIDE)).transpose(3, 2, 0, 1)
    rows = max(1, CHUNK // view.shape[3])
    for top in range(0, view.shape[2], rows):
        yield view[:, :, top : top + rows].reshape(COUNT, -1)


def _scaled(x: Values) -> Values:
    """(x - min) / (max - min) of each window, 1 where it is constant."""
    low, high = x.min(axis=0), x.max(axis=0)
    return np.divide(x - low, high - low, out=np.ones_like(x), where=high > low)  # type: ignore[no-any-return]


def _shared(x: Values, f: Values, equal: NDArray[np.bool_]) -> Values:
    """v = 2 I / (H_p + H_r) of each window; 1 where the windows count as equal, or are both constant."""
    v = np.ones(x.shape[1])
    both_constant = (np.ptp(x, axis=0) == 0) & (np.ptp(f, axis=0) == 0)
    different = ~(equal | both_constant)
    if different.any():
        scaled = (_scaled(np.compress(different, values, axis=1)) for values in (x, f))
        v[different] = _information(*(values / _sum(values) for values in scaled))
    return v


def _sum(x: Values) -> Values:
    """Sum over a window's 9 values or 81 pairs: of every eighth, then of these in pairs, then with the last.

    numpy sums a row of so many in this order; spelt out, it cannot move the last digits.
    """
    x = x.reshape(-1, x.shape[-1])
    s = x[:-1].reshape(-1, 8, x.shape[1]).sum(axis=0)
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7])) + x[-1]  # type: ignore[no-any-return]


def _information(p: Values, r: Values) -> Values:
    """2 I / (H_p + H_r)."""
    correlation, deviations = _correlation(p, r), _deviation(r) * _deviation(p)
    h_p, h_r, h_joint = _bits(p), _bits(r), np.empty_like(correlation)
    for n in (np.flatnonzero(correlation >= 0), np.flatnonzero(correlation < 0)):
        if n.size:
            h_joint[n] = _joint_bits(p.take(n, axis=1), r.take(n, axis=1), correlation[n], deviations[n])
    information = h_p + h_r - h_joint
    return np.divide(2 * information, h_p + h_r, out=np.zeros_like(h_p), where=information != 0)


def _joint_bits(p: Values, r: Values, correlation: Values, deviations: Values) -> Values:
    """Entropy of the joint density, which mixes Nelsen's bound with independence, to the correlation of p and r."""
    lower_p, lower_r = np.cumsum(p, axis=0), np.cumsum(r, axis=0)[:, np.newaxis]
    table = np.zeros((COUNT + 1, COUNT + 1, correlation.size))  # K, with 0 before the first row and column
    bound = table[1:, 1:]
    bound[:] = np.minimum(lower_r, lower_p) if correlation[0] >= 0 else np.maximum(lower_r + lower_p - 1, 0)
    # The correlation of the bound: the sum of K - R P over its table, divided by both deviations.
    cross, zeros = _sum(bound - lower_r * lower_p), np.zeros_like(correlation)
    reach = np.divide(cross, deviations, out=zeros.copy(), where=deviations > 0)
    phi = np.divide(correlation, reach, out=zeros, where=reach != 0)
    differences = table[1:, 1:] - table[:-1, 1:] - table[1:, :-1] + table[:-1, :-1]
    return _bits(phi * differences + (1 - phi) * (r[:, np.newaxis] * p))


def _correlation(p: Values, r: Values) -> Values:
    p, r = p - _sum(p) / COUNT, r - _sum(r) / COUNT
    cross, scale = _sum(p * r), np.sqrt(_sum(p * p) * _sum(r * r))
    return np.divide(cross, scale, out=np.zeros_like(cross), where=scale > 0)


def _deviation(p: Values) -> Values:
    """Standard deviation of the position."""
    return np.sqrt(np.maximum(_sum(K * K * p) - _sum(K * p) ** 2, 0))


def _bits(q: Values) -> Values:
    """-sum q log2 |q|, 0 log 0 = 0; a joint density may be slightly negative."""
    logarithms = np.abs(q)
    np.log2(np.maximum(logarithms, TINY, out=logarithms), out=logarithms)
    return -_sum(q * logarithms)


def both_none(image_a: Levels, image_b: Levels, fused: Levels) -> dict[str, float]:
    """`q_fmi_none` and `q_fmi_none_toolbox`, which share nearly all their work."""
    defined, toolbox = feature_information(image_a, image_b, fused, feature=np.asarray)
    return {"q_fmi_none": defined, "q_fmi_none_toolbox": toolbox}


def both_gradient(image_a: Levels, image_b: Levels, fused: Levels) -> dict[str, float]:
    """`q_fmi_gradient` and `q_fmi_gradient_toolbox`."""
    defined, toolbox = feature_information(image_a, image_b, fused, partial(np.gradient, axis=1))
    return {"q_fmi_gradient": defined, "q_fmi_gradient_toolbox": toolbox}


def q_fmi_none(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the gray levels of sources and fused image, window by window.

    Q_FMI = mean over the 3 x 3 windows of (v(A, F) + v(B, F)) / 2,  v = 2 I / (H_p + H_r)
    p, r the windows as densities of the position in them, I by the joint density of Nelsen's bounds that has their
    correlation                                                     (Haghighat et al. 2011; Haghighat, Razian 2014)
    Windows that are equal, or both constant, have v = 1.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: none: fmi(ima, imb, imf, 'none', 3) of M. Haghighat has a defect, see `q_fmi_none_toolbox`
    Parity: no outside value: the toolbox computes `q_fmi_none_toolbox`. Children with Liu's result: .663109.

    >>> round(q_fmi_none(*[255 * np.eye(8)] * 3), 12)
    1.0
    """
    return both_none(image_a, image_b, fused)["q_fmi_none"]


def q_fmi_none_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the gray levels of sources and fused image, window by window.

    Q_FMI as `q_fmi_none`, but with a defect: whether a window of B equals the fused one is tested on the fused window
    scaled to 0..1, so it hardly ever holds, and exchanging A and B changes the value.

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: fmi(ima, imb, imf, 'none', 3) of M. Haghighat
    Parity: GNU Octave running the toolbox, Children: to 2e-14 (B for MATLAB itself).

    >>> round(q_fmi_none_toolbox(*[255 * np.eye(8)] * 3), 12)
    1.0
    """
    return both_none(image_a, image_b, fused)["q_fmi_none_toolbox"]


def q_fmi_gradient(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the horizontal gradients of sources and fused image, window by window.

    Q_FMI as `q_fmi_none`, of half the difference of both neighbours in the row, one-sided in the first and last column
    (Haghighat, Razian 2014)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: none: fmi(ima, imb, imf, 'gradient', 3) of M. Haghighat has a defect, see `q_fmi_gradient_toolbox`
    Parity: no outside value: the toolbox computes `q_fmi_gradient_toolbox`. Children with Liu's result: .595293.

    >>> round(q_fmi_gradient(*[255 * np.eye(8)] * 3), 12)
    1.0
    """
    return both_gradient(image_a, image_b, fused)["q_fmi_gradient"]


def q_fmi_gradient_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the horizontal gradients of sources and fused image, window by window.

    Q_FMI as `q_fmi_gradient`, but with the defect of `q_fmi_none_toolbox`         (Haghighat, Razian 2014)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: fmi(ima, imb, imf, 'gradient', 3) of M. Haghighat
    Parity: B: written from the definition, no outside value on a whole image. Children with Liu's result: .595118.

    >>> round(q_fmi_gradient_toolbox(*[255 * np.eye(8)] * 3), 12)
    1.0
    """
    return both_gradient(image_a, image_b, fused)["q_fmi_gradient_toolbox"]


def q_fmi_dct(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the cosine transforms of sources and fused image, as in `q_fmi_none` (Haghighat 2011).

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: none: fmi(ima, imb, imf, 'dct', 3) of M. Haghighat has the defect of `q_fmi_none_toolbox`
    Parity: B: written from the definition. Coefficients have 8 decimals here, lest rounding noise stand for 0.

    >>> round(q_fmi_dct(*[255 * np.eye(8)] * 3), 12)
    1.0
    """
    return feature_information(image_a, image_b, fused, lambda x: np.round(fft.dctn(x, norm="ortho"), 8))[0]


MEYER = (  # the low-pass filter of the discrete Meyer wavelet, from its middle on; it is symmetric
    0.744585592, 0.444593003, -0.035087556, -0.1328452, 0.030655092, 0.063739024, -0.024348746, -0.032130794,
    0.017423434, 0.015270015, -0.011061496, -0.006387718, 0.006045814, 0.002202534, -0.002704672, -0.00060115, 6.554e-5,
    -1.631e-5, 3.21e-6, 7.4e-7, -1.49e-6, 1.13e-6, -5.5e-7, 1.2e-7, 8e-8, -1.1e-7, 6e-8, -1e-8, -1e-8, 1e-8, 0,
)  # fmt: skip


def meyer_bands(x: Levels) -> Levels:
    """One level of the wavelet transform, the border mirrored: low band and horizontal details above the other two."""
    low, high = _meyer(x)
    (a, v), (h, d) = _meyer(low.T), _meyer(high.T)
    return np.round(np.block([[a, v], [h, d]]).T, 8)


def _meyer(x: Levels) -> tuple[Levels, Levels]:
    filter_ = np.array([0, *MEYER[:0:-1], *MEYER])
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((61, 61), (0, 0)), "symmetric"), 62, axis=0)[1::2]
    return windows @ filter_[::-1], windows @ (filter_ * (-1.0) ** np.arange(62))


def q_fmi_wavelet(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of the wavelet bands of sources and fused image, as in `q_fmi_none` (Haghighat 2011).

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 3 or more
    returns                  up to 1, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: none: fmi(ima, imb, imf, 'wavelet', 3) of M. Haghighat has the defect of `q_fmi_none_toolbox`
    Parity: B: written from the definition: one level of 'dmey', the four bands side by side as [A H; V D].

    >>> round(q_fmi_wavelet(*[255 * np.eye(8)] * 3), 12)
    1.0
    """
    return feature_information(image_a, image_b, fused, meyer_bands)[0]
