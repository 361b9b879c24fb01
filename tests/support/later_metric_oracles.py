"""Oracles of the metrics that came later, once more without code of what they judge: loops, scipy.signal, scikit-image.

a, b, f: (H, W) gray levels 0..255 of the two sources and of the fused image.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache, partial

import numpy as np
from scipy.signal import convolve2d
from skimage.metrics import structural_similarity

from tests.support.metric_oracles import correlate, covariance, feature_information, gaussian, windows

# ---- total fusion performance


def sides(x, i: int, j: int) -> tuple[float, float]:
    """Sobel's differences over 8 at a pixel; beyond the border the pixel as far inside."""

    def at(row, column):
        row, column = abs(row), abs(column)
        return x[min(row, 2 * x.shape[0] - 2 - row), min(column, 2 * x.shape[1] - 2 - column)]

    across = sum(w * (at(i + d, j + 1) - at(i + d, j - 1)) for d, w in ((-1, 1), (0, 2), (1, 1)))
    down = sum(w * (at(i + 1, j + d) - at(i - 1, j + d)) for d, w in ((-1, 1), (0, 2), (1, 1)))
    return across / 8, down / 8


def edge(x, i: int, j: int) -> tuple[float, float]:
    """Strength, and the angle in [-pi/2, pi/2] as arctan(across / down)."""
    across, down = sides(x, i, j)
    angle = math.atan(across / down) if down else math.copysign(math.pi / 2, across) if across else 0.0
    return math.sqrt(across**2 + down**2), angle


def kept(g_x: float, a_x: float, g_f: float, a_f: float) -> float:
    ratio = 0.0 if g_x == 0 or g_f == 0 else g_f / g_x if g_x > g_f else g_x / g_f
    agreement = abs(abs(a_x - a_f) - math.pi / 2) * 2 / math.pi
    of_strength = 0.9999 / (1 + math.exp(-19 * (ratio - 0.5)))
    of_angle = 0.9995 / (1 + math.exp(-22 * (agreement - 0.5)))
    return math.sqrt(of_strength * of_angle)


def fusion_performance(a, b, f, which: str) -> float:
    above = below = 0.0
    for i, j in np.ndindex(f.shape):
        (g_a, a_a), (g_b, a_b), (g_f, a_f) = (edge(x, i, j) for x in (a, b, f))
        q_a, q_b = kept(g_a, a_a, g_f, a_f), kept(g_b, a_b, g_f, a_f)
        w_a, w_b = (g**1.5 if g >= 2 else 0.001 for g in (g_a, g_b))
        lost = (1 - q_a) * w_a + (1 - q_b) * w_b
        added = g_f > g_a and g_f > g_b
        above += {
            "kept": q_a * w_a + q_b * w_b,
            "lost": 0 if added else lost,
            "added": (2 - q_a - q_b) * (w_a + w_b) if added else 0,
            "added by weight": lost if added else 0,
        }[which]
        below += w_a + w_b
    return above / below


q_abf = partial(fusion_performance, which="kept")
l_abf = partial(fusion_performance, which="lost")
n_abf = partial(fusion_performance, which="added")
n_abf_kumar = partial(fusion_performance, which="added by weight")

# ---- several scales


def halved(x) -> np.ndarray:
    padded = np.pad(x, ((0, 1), (0, 1)), mode="symmetric")
    return np.array([
        [padded[i : i + 2, j : j + 2].mean() for j in range(0, x.shape[1], 2)] for i in range(0, x.shape[0], 2)
    ])  # fmt: skip


def contrast_and_structure(x, y) -> float:
    """Mean of (2 cov + C2) / (var + var + C2) by one 11 x 11 kernel, of deviations from 128 lest squares cancel."""
    w, c2 = gaussian(11, 1.5), (0.03 * 255) ** 2
    x, y = x - 128, y - 128
    mean_x, mean_y, xx, yy, xy = (convolve2d(v, w, "valid") for v in (x, y, x * x, y * y, x * y))
    return np.mean((2 * (xy - mean_x * mean_y) + c2) / (xx - mean_x**2 + yy - mean_y**2 + c2))


def ms_ssim(a, b, f) -> float:
    values = []
    for source in (a, b):
        x, y, value = source, f, 1.0
        for weight in (0.0448, 0.2856, 0.3001, 0.2363):
            value *= max(contrast_and_structure(x, y), 0) ** weight
            x, y = halved(x), halved(y)
        _, full = structural_similarity(
            x, y, full=True, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
        )
        values.append(value * max(full[5:-5, 5:-5].mean(), 0) ** 0.1333)
    return sum(values) / 2


def desired_structure(x, y) -> np.ndarray:
    """The 11 x 11 patch that a fused image should have, from one patch of each source."""
    x, y = (v - v.mean() if v.min() < v.max() else np.zeros_like(v) for v in (x, y))
    eps = np.finfo(float).eps
    c_x, c_y = np.linalg.norm(x) + 0.001, np.linalg.norm(y) + 0.001
    alike = (np.linalg.norm(x + y) + eps) / (np.linalg.norm(x) + np.linalg.norm(y) + eps)
    p = min(math.tan(math.pi / 2 * min(alike, 1 - eps)), 10)
    w_x, w_y = (c_x / 11) ** p + eps, (c_y / 11) ** p + eps
    mixed = (w_x * x / c_x + w_y * y / c_y) / (w_x + w_y)
    length = np.linalg.norm(mixed)
    return mixed / length * max(c_x, c_y) if length > 0 else mixed


def mef_ssim(a, b, f) -> float:
    w, c2, value = gaussian(11, 1.5), (0.03 * 255) ** 2, 1.0
    weights = [0.0448, 0.2856, 0.3001]
    for weight in weights:
        qualities = []
        for x, y, z in windows(11, a, b, f):
            r = desired_structure(x, y)
            qualities.append((2 * covariance(w, r, z) + c2) / (covariance(w, r, r) + covariance(w, z, z) + c2))
        value *= max(np.mean(qualities), 0) ** (weight / sum(weights))
        a, b, f = halved(a), halved(b), halved(f)
    return value


def vifp(a, b, f) -> float:
    total = 0.0
    for source in (a, b):
        x, y = source, f
        above = below = 0.0
        for n in (17, 9, 5, 3):
            w = gaussian(n, n / 5)
            if n < 17:
                x, y = (convolve2d(v, w, "valid")[::2, ::2] for v in (x, y))
            for p, q in windows(n, x, y):
                var_x, var_y, cov = covariance(w, p, p), covariance(w, q, q), covariance(w, p, q)
                if var_x < 1e-10:
                    continue  # no information, none kept
                gain = cov / (var_x + 1e-10)
                rest = var_y - gain * cov
                if var_y < 1e-10:
                    gain, rest = 0.0, 0.0
                if gain < 0:
                    gain, rest = 0.0, var_y
                above += math.log10(1 + gain**2 * var_x / (max(rest, 1e-10) + 2))
                below += math.log10(1 + var_x / 2)
        total += above / below if below else 1.0
    return total


# ---- the whole image


def pearson(x, y) -> float:
    if x.min() == x.max() or y.min() == y.max():
        return 0.0
    return np.corrcoef(x.ravel(), y.ravel())[0, 1]


def cc(a, b, f) -> float:
    return (pearson(a, f) + pearson(b, f)) / 2


def cross_entropy(a, b, f) -> float:
    of_f, total = Counter(f.ravel().tolist()), 0.0
    for x in (a, b):
        for level, count in Counter(x.ravel().tolist()).items():
            if of_f[level]:
                total += count / x.size * math.log2(count / of_f[level])
    return total / 2


def epi(a, b, f) -> float:
    laplacian = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    a, b, f = (correlate(x, laplacian, "edge") for x in (a, b, f))
    return cc(a, b, f)


def squared_error(x, y) -> float:
    return sum((p - q) ** 2 for p, q in zip(x.ravel().tolist(), y.ravel().tolist(), strict=True)) / x.size


def mse_mean(a, b, f) -> float:
    return (squared_error(a, f) + squared_error(b, f)) / 2


def rmse_mean(a, b, f) -> float:
    return (math.sqrt(squared_error(a, f)) + math.sqrt(squared_error(b, f))) / 2


def standard_deviation_sum(f) -> float:
    levels = f.ravel().tolist()
    mean = math.fsum(levels) / len(levels)
    return math.sqrt(math.fsum((v - mean) ** 2 for v in levels))


# ---- transforms as features, of 8 decimals


@lru_cache
def cosines(n: int) -> np.ndarray:
    rows = [[math.cos(math.pi * k * (2 * i + 1) / (2 * n)) for i in range(n)] for k in range(n)]
    return np.array(rows) * np.sqrt([[1 / n], *[[2 / n]] * (n - 1)])


def cosine_transform(x) -> np.ndarray:
    return np.round(cosines(x.shape[0]) @ x @ cosines(x.shape[1]).T, 8)


# Low-pass filter of the discrete Meyer wavelet of MATLAB and PyWavelets, rounded; from its middle on.
MEYER = """0.744585592 0.444593003 -0.035087556 -0.1328452 0.030655092 0.063739024 -0.024348746 -0.032130794 0.017423434
0.015270015 -0.011061496 -0.006387718 0.006045814 0.002202534 -0.002704672 -0.00060115 6.554e-5 -1.631e-5 3.21e-6 7.4e-7
-1.49e-6 1.13e-6 -5.5e-7 1.2e-7 8e-8 -1.1e-7 6e-8 -1e-8 -1e-8 1e-8 0"""


def filtered_by_halves(row) -> tuple[list[float], list[float]]:
    """Low and high band of a row that goes on mirrored, every second value of both convolutions."""
    half = [float(v) for v in MEYER.split()]
    low = [0.0, *half[:0:-1], *half]
    high = [(-1) ** (k + 1) * low[61 - k] for k in range(62)]
    n = len(row)

    def at(i):
        i %= 2 * n
        return row[i] if i < n else row[2 * n - 1 - i]

    places = range(1, n + 61, 2)
    return tuple([math.fsum(h[k] * at(i - k) for k in range(62)) for i in places] for h in (low, high))


def wavelet_bands(x) -> np.ndarray:
    """[A H; V D]: H is low along the rows and high along the columns."""
    low, high = (np.array(band) for band in zip(*(filtered_by_halves(row.tolist()) for row in x), strict=True))
    (a, h), (v, d) = (
        [np.array(band).T for band in zip(*(filtered_by_halves(column.tolist()) for column in y.T), strict=True)]
        for y in (low, high)
    )
    return np.round(np.block([[a, h], [v, d]]), 8)


q_fmi_dct = partial(feature_information, feature=cosine_transform, toolbox=False)
q_fmi_wavelet = partial(feature_information, feature=wavelet_bands, toolbox=False)
