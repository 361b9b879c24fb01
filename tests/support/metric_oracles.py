"""The fusion metrics once more: loops written from their definitions, sharing no code with what they judge.

a, b, f: (H, W) gray levels 0..255 of the two sources and of the fused image.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache, partial
from itertools import combinations

import numpy as np

# ---- conventions common to all metrics


def gaussian(n: int, s: float) -> np.ndarray:
    at = [k - (n - 1) / 2 for k in range(n)]
    w = np.array([[math.exp(-(x**2 + y**2) / (2 * s**2)) for x in at] for y in at])
    return w / w.sum()


def uniform(n: int) -> np.ndarray:
    return np.full((n, n), 1 / n**2)


def windows(n: int, *images):
    """The n x n windows of all images that lie fully inside, row by row."""
    height, width = images[0].shape
    for y in range(height - n + 1):
        for x in range(width - n + 1):
            yield [image[y : y + n, x : x + n] for image in images]


def correlate(image, kernel, border: str = "constant") -> np.ndarray:
    padded = np.pad(image, len(kernel) // 2, mode=border)
    values = [(kernel * window).sum() for (window,) in windows(len(kernel), padded)]
    return np.reshape(values, image.shape)


def flat(x) -> bool:
    return x.min() == x.max()


def covariance(w, x, y) -> float:
    """w*(XY) - mu_X mu_Y without its cancellation; exactly 0 where one of the two is constant."""
    return 0.0 if flat(x) or flat(y) else (w * (x - (w * x).sum()) * (y - (w * y).sum())).sum()


def similarity(w, x, y, c1: float, c2: float) -> float:
    mu_x, mu_y = (w * x).sum(), (w * y).sum()
    var_x, var_y = covariance(w, x, x), covariance(w, y, y)
    return (2 * mu_x * mu_y + c1) * (2 * covariance(w, x, y) + c2) / ((mu_x**2 + mu_y**2 + c1) * (var_x + var_y + c2))


def stretch(x) -> np.ndarray:
    low, high = x.min(), x.max()
    if low == high:
        return np.zeros_like(x)
    return np.array([[math.floor((v - low) / (high - low) * 255 + 0.5) for v in row] for row in x], dtype=float)


def shares(*images) -> Counter:
    """Share of the pixels of every gray level, or of every tuple of levels."""
    counts = Counter(zip(*(image.ravel().tolist() for image in images), strict=True))
    return Counter({level if len(level) > 1 else level[0]: n / images[0].size for level, n in counts.items()})


def shannon(p) -> float:
    return math.fsum(-v * math.log2(v) for v in p if v > 0)


def information(x, y) -> tuple[float, float, float]:
    """H(X), H(Y), I(X, Y) in bits."""
    h_x, h_y = shannon(shares(x).values()), shannon(shares(y).values())
    return h_x, h_y, h_x + h_y - shannon(shares(x, y).values())


def sobel(x) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    s_x = correlate(x, np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    s_y = correlate(x, np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]))
    return s_x, s_y, np.sqrt(s_x**2 + s_y**2)


# ---- information theory


def q_mi(a, b, f) -> float:
    a, b, f = stretch(a), stretch(b), stretch(f)
    total = 0.0
    for x in (a, b):
        h_x, h_f, i = information(x, f)
        total += i / (h_x + h_f) if h_x + h_f else 0.0
    return 2 * total


def tsallis(x, y, q: float, exchanged: bool) -> float:
    p_x, p_y, p_xy = shares(x), shares(y), shares(x, y)
    terms = []
    for (i, j), p in p_xy.items():
        product = p_y[i] * p_x[j] if exchanged else p_x[i] * p_y[j]
        if product > 0:
            terms.append(p**q / product ** (q - 1))
    return (1 - math.fsum(terms)) / (1 - q)


def cvejic(a, b, f, exchanged: bool) -> float:
    a, b, f = stretch(a), stretch(b), stretch(f)
    return tsallis(a, f, 1.85, exchanged) + tsallis(b, f, 1.85, exchanged)


def nava(a, b, f, exchanged: bool) -> float:
    a, b, f = stretch(a), stretch(b), stretch(f)
    q = 0.43137
    above = tsallis(a, f, q, exchanged) + tsallis(b, f, q, exchanged)
    h_a, h_b = shannon(shares(a).values()), shannon(shares(b).values())
    below = h_a**q + h_b**q + tsallis(a, b, q, exchanged)
    return above / below if below else 0.0


q_te_cvejic, q_te_cvejic_toolbox = partial(cvejic, exchanged=False), partial(cvejic, exchanged=True)
q_te_nava, q_te_nava_toolbox = partial(nava, exchanged=False), partial(nava, exchanged=True)


def q_ncie(a, b, f) -> float:
    a, b, f = stretch(a), stretch(b), stretch(f)
    ab, af, bf = (information(x, y)[2] / 8 for x, y in ((a, b), (a, f), (b, f)))
    eigenvalues = np.linalg.eigvalsh([[1, ab, af], [ab, 1, bf], [af, bf, 1]])
    return 1 + sum(v / 3 * math.log2(v / 3) for v in eigenvalues if v > 0) / 8


def mapped(x: list[float]) -> list[float]:
    low, high = min(x), max(x)
    return [1.0 if low == high else (v - low) / (high - low) for v in x]


def positional_deviation(p: list[float]) -> float:
    mean, square = sum(k * v for k, v in enumerate(p, 1)), sum(k**2 * v for k, v in enumerate(p, 1))
    return math.sqrt(max(square - mean**2, 0))


def feature_value(x: list[float], f: list[float], shortcut: bool) -> float:
    """v(x, f) of two windows read column by column; `shortcut` if they count as equal."""
    if shortcut or (min(x) == max(x) and min(f) == max(f)):
        return 1.0
    p, r = ([v / sum(mapped(values)) for v in mapped(values)] for values in (x, f))
    n = len(p)
    P, R = ([0.0] + [sum(values[: k + 1]) for k in range(n)] for values in (p, r))  # P[0] = 0, P[k] = p_1 + .. + p_k
    dp, dr = ([v - sum(values) / n for v in values] for values in (p, r))
    cross = sum(u * v for u, v in zip(dp, dr, strict=True))
    c = cross / math.sqrt(sum(u * u for u in dp) * sum(v * v for v in dr)) if cross else 0.0
    sd_p, sd_r = positional_deviation(p), positional_deviation(r)
    K = [[min(u, v) if c >= 0 else max(u + v - 1, 0.0) for v in P] for u in R]
    phi = 0.0
    if c and sd_p and sd_r:
        phi = c / sum((K[i][j] - R[i] * P[j]) / (sd_r * sd_p) for i in range(1, n + 1) for j in range(1, n + 1))
    joint = 0.0
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            bound = K[i][j] - K[i - 1][j] - K[i][j - 1] + K[i - 1][j - 1]
            q = phi * bound + (1 - phi) * r[i - 1] * p[j - 1]
            joint -= q * math.log2(abs(q)) if q else 0.0
    h_p, h_r = shannon(p), shannon(r)
    i = h_p + h_r - joint
    return 2 * i / (h_p + h_r) if i else 0.0


def feature_information(a, b, f, feature, toolbox: bool) -> float:
    values = []
    for triple in windows(3, feature(a), feature(b), feature(f)):
        x, y, z = (window.T.ravel().tolist() for window in triple)
        seen = mapped(z) if toolbox and x != z else z  # what the toolbox compares B's window with
        values.append((feature_value(x, z, x == z) + feature_value(y, z, y == seen)) / 2)
    return sum(values) / len(values)


def gray(x) -> np.ndarray:
    return x


def row_derivative(x) -> np.ndarray:
    out = np.empty_like(x)
    for i, j in np.ndindex(x.shape):
        left, right = max(j - 1, 0), min(j + 1, x.shape[1] - 1)
        out[i, j] = (x[i, right] - x[i, left]) / (right - left)
    return out


q_fmi_none = partial(feature_information, feature=gray, toolbox=False)
q_fmi_none_toolbox = partial(feature_information, feature=gray, toolbox=True)
q_fmi_gradient = partial(feature_information, feature=row_derivative, toolbox=False)
q_fmi_gradient_toolbox = partial(feature_information, feature=row_derivative, toolbox=True)


# ---- gradients and frequency


def edge_preservation(a, b, f, constants, agreement) -> list[tuple[float, float, float, float]]:
    """Q_AF, Q_BF, w_A, w_B of every pixel."""
    gain_g, k_g, s_g, gain_a, k_a, s_a = constants
    gradients = [sobel(x) for x in (a, b, f)]
    out = []
    for place in np.ndindex(a.shape):
        angles = [math.atan(s_y[place] / (s_x[place] or 0.00001)) for s_x, s_y, _ in gradients]
        g_a, g_b, g_f = (float(g[place]) for _, _, g in gradients)
        qualities, weights = [], []
        for g, angle in ((g_a, angles[0]), (g_b, angles[1])):
            w = g or 0.00001
            before, g_f = g_f, g_f or 0.00001
            ratio = before / w if g > before else w / g_f
            d = agreement(abs(angle - angles[2]))
            strength = gain_g / (1 + math.exp(k_g * (ratio - s_g)))
            qualities.append(strength * gain_a / (1 + math.exp(k_a * (d - s_a))))
            weights.append(w)
        out.append((*qualities, *weights))
    return out


def q_g(a, b, f) -> float:
    constants = (0.9994, -15, 0.5, 0.9879, -22, 0.8)
    pixels = edge_preservation(a, b, f, constants, lambda d: 1 - d * 2 / math.pi)
    return sum(qa * wa + qb * wb for qa, qb, wa, wb in pixels) / sum(wa + wb for _, _, wa, wb in pixels)


def q_g_zl(a, b, f) -> float:
    pixels = edge_preservation(a, b, f, (1, -10, 0.5, 1, -20, 0.75), lambda d: abs(d - math.pi / 2) * 2 / math.pi)
    return sum((qa * wa + qb * wb) / (wa + wb) for qa, qb, wa, wb in pixels) / len(pixels)


def haar(x) -> tuple[np.ndarray, list[np.ndarray]]:
    """Low-low band and the three detail bands; the two divisions by sqrt 2 made as one by 2, so that flat gives 0."""
    bands = np.empty((4, x.shape[0] // 2, x.shape[1] // 2))
    for i, j in np.ndindex(bands.shape[1:]):
        (p, q), (r, s) = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        bands[:, i, j] = (p + q + r + s) / 2, (q - p + s - r) / 2, (r - p + s - q) / 2, (s - r - q + p) / 2
    return bands[0], list(bands[1:])


def q_m(a, b, f) -> float:
    qualities = []
    for _ in range(2):
        (a, details_a), (b, details_b), (f, details_f) = haar(a), haar(b), haar(f)
        above = below = 0.0
        for details in (details_a, details_b):
            w = sum(d**2 for d in details)
            e = sum(np.exp(-np.abs(d - d_f)) for d, d_f in zip(details, details_f, strict=True))
            above += (e * w).sum()
            below += w.sum()
        qualities.append(above / below if below else 0.0)
    return qualities[0] ** (2 / 3) * qualities[1] ** (1 / 3)


def q_sf(a, b, f) -> float:
    height, width = f.shape
    p_f = p_r = 0.0
    for di, dj, c in ((0, 1, 1), (1, 0, 1), (-1, -1, math.sqrt(2) / 2), (-1, 1, math.sqrt(2) / 2)):
        for i, j in np.ndindex(f.shape):
            v, u = i + di, j + dj
            if 0 <= v < height and 0 <= u < width:
                p_f += c * (f[i, j] - f[v, u]) ** 2 / f.size
                p_r += c * max(abs(a[i, j] - a[v, u]), abs(b[i, j] - b[v, u])) ** 2 / f.size
    return (math.sqrt(p_f) - math.sqrt(p_r)) / math.sqrt(p_r) if p_r else 0.0


def to_origin(n: int) -> list[int]:
    """Inverse centre shift: the index in a centred list of each index of the discrete Fourier transform."""
    return [(k + n // 2) % n for k in range(n)]


@lru_cache(4)
def log_gabor(shape: tuple[int, int]) -> np.ndarray:
    """Phi_so of 4 scales and 6 orientations: (4, 6, H, W)."""

    def grid(n):
        return [(k - n / 2) / n if n % 2 == 0 else (k - (n - 1) / 2) / (n - 1) for k in to_origin(n)]

    phi = np.zeros((4, 6, *shape))
    sd_t = math.pi / 6 / 1.2
    for i, y in enumerate(grid(shape[0])):
        for j, x in enumerate(grid(shape[1])):
            if i == j == 0:
                continue
            rho, th = math.hypot(x, y), math.atan2(-y, x)
            low_pass = 1 / (1 + (rho / 0.45) ** 30)
            for s, o in np.ndindex(4, 6):
                f_s, t_o = 1 / (3 * 2.1**s), o * math.pi / 6
                radial = math.exp(-(math.log(rho / f_s) ** 2) / (2 * math.log(0.55) ** 2)) * low_pass
                ds = math.sin(th) * math.cos(t_o) - math.cos(th) * math.sin(t_o)
                dc = math.cos(th) * math.cos(t_o) + math.sin(th) * math.sin(t_o)
                phi[s, o, i, j] = radial * math.exp(-(abs(math.atan2(ds, dc)) ** 2) / (2 * sd_t**2))
    return phi


def congruency(x) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """PC, Mx, mn."""
    eps = 0.0001
    energies = amplitudes = cx = cy = cxy = np.zeros(x.shape)
    for o in range(6):
        phi = log_gabor(x.shape)[:, o]
        z = [np.fft.ifft2(np.fft.fft2(x) * phi[s]) for s in range(4)]
        a = [abs(z_s) for z_s in z]
        Sa, amax, E, D = sum(a), np.max(a, axis=0), sum(z_s.real for z_s in z), sum(z_s.imag for z_s in z)
        L2 = np.sqrt(E**2 + D**2) + eps
        Eb, Db = E / L2, D / L2
        En = sum(z_s.real * Eb + z_s.imag * Db - abs(z_s.real * Db - z_s.imag * Eb) for z_s in z)
        Np = np.median(a[0] ** 2) / math.log(2) / (phi[0] ** 2).sum()
        h = [math.sqrt(x.size) * np.fft.ifft2(phi[s]).real for s in range(4)]
        Q2 = Np * (2 * sum((h_s**2).sum() for h_s in h) + 4 * sum((p * q).sum() for p, q in combinations(h, 2)))
        tau = math.sqrt(Q2 / 2)
        T = (tau * math.sqrt(math.pi / 2) + 2 * tau * math.sqrt(2 - math.pi / 2)) / 1.7
        En = np.maximum(En - T, 0)
        width = Sa / (amax + eps) / 4
        En = En / (1 + np.exp(10 * (0.5 - width)))
        P_o = np.divide(En, Sa, out=np.zeros(x.shape), where=Sa > 0)
        energies, amplitudes = energies + En, amplitudes + Sa
        cos, sin = math.cos(o * math.pi / 6), math.sin(o * math.pi / 6)
        cx, cy, cxy = cx + (P_o * cos) ** 2 / 3, cy + (P_o * sin) ** 2 / 3, cxy + P_o**2 * cos * sin / 6
    den = np.sqrt(cxy**2 + (cx - cy) ** 2) + eps
    return energies / (amplitudes + eps), (cy + cx + den) / 2, (cy + cx - den) / 2


def q_p(a, b, f) -> float:
    w = gaussian(11, 1.5)
    features_a, features_b, features_f = congruency(a), congruency(b), congruency(f)
    choice = features_a[0] > features_b[0]
    features_max = [np.where(choice, x, y) for x, y in zip(features_a, features_b, strict=True)]
    candidates = (features_a, features_b, features_max)
    masks = [features[0] > 0.1 for features in candidates]
    if not masks[2].any():
        return 0.0
    product = 1.0
    for number in range(3):
        correlations = []
        for features, K in zip(candidates, masks, strict=True):
            f_Y, f_F = (np.pad(v, 5) for v in (np.where(K, features[number], 0), features_f[number]))
            r = []
            for y, z in windows(11, f_Y, f_F):
                spread = math.sqrt(abs(covariance(w, y, y) * covariance(w, z, z)))
                r.append((covariance(w, y, z) + 0.0001) / (spread + 0.0001))
            correlations.append(np.where(K, np.reshape(r, K.shape), 0))
        product *= np.max(correlations, axis=0).sum() / masks[2].sum()
    return product


def average_gradient(f) -> float:
    total = 0.0
    for i, j in np.ndindex(f.shape):
        dx = f[i, min(j + 1, f.shape[1] - 1)] - f[i, j]
        dy = f[min(i + 1, f.shape[0] - 1), j] - f[i, j]
        total += math.sqrt((dx**2 + dy**2) / 2)
    return total / f.size


def edge_intensity(f) -> float:
    kernel = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
    return np.hypot(correlate(f, kernel, "edge"), correlate(f, kernel.T, "edge")).mean()


def spatial_frequency(f) -> float:
    total = 0.0
    for i, j in np.ndindex(f.shape):
        total += (f[i, j] - f[i - 1, j]) ** 2 if i > 0 else 0
        total += (f[i, j] - f[i, j - 1]) ** 2 if j > 0 else 0
    return math.sqrt(total / f.size)


def standard_deviation(f) -> float:
    return math.sqrt(((f - f.mean()) ** 2).mean())


def standard_deviation_columns(f) -> float:
    if len(f) == 1:
        return 0.0
    deviations = [math.sqrt(((column - column.mean()) ** 2).sum() / (len(f) - 1)) for column in f.T]
    return sum(deviations) / len(deviations)


# ---- structure


def piella(a, b, f, w, c1: float, c2: float, weighted: bool) -> float:
    """Q_W if weighted, else Q_S."""
    qualities, weights = [], []
    for x, y, z in windows(len(w), a, b, f):
        var_x, var_y = covariance(w, x, x), covariance(w, y, y)
        if var_x + var_y == 0:
            var_x, var_y = var_x + 0.5, var_y + 0.5
        share = var_x / (var_x + var_y)
        qualities.append(share * similarity(w, x, z, c1, c2) + (1 - share) * similarity(w, y, z, c1, c2))
        weights.append(max(var_x, var_y) if weighted else 1.0)
    return sum(c * q for c, q in zip(weights, qualities, strict=True)) / sum(weights)


YL = {"w": uniform(8), "c1": (0.000001 * 255) ** 2, "c2": (0.000001 * 255) ** 2}
ZL = {"w": gaussian(11, 1.5), "c1": (0.01 * 255) ** 2, "c2": (0.03 * 255) ** 2}
q_s, q_w = partial(piella, **YL, weighted=False), partial(piella, **YL, weighted=True)
q_s_zl, q_w_zl = partial(piella, **ZL, weighted=False), partial(piella, **ZL, weighted=True)


def prewitt(x) -> np.ndarray:
    p_x = correlate(x, np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]]))
    p_y = correlate(x, np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]))
    return np.sqrt(p_x**2 + p_y**2)


def q_e(a, b, f) -> float:
    return q_w(a, b, f) * q_w(prewitt(a), prewitt(b), prewitt(f))


def q_c(a, b, f) -> float:
    w, total = uniform(8), []
    for x, y, z in windows(8, a, b, f):
        above, below = covariance(w, x, z), covariance(w, x, z) + covariance(w, y, z)
        sim = above / below if below else math.copysign(math.inf, above) if above else 0.5
        sim = min(max(sim, 0), 1)
        total.append(sim * similarity(w, x, z, 2e-16, 2e-16) + (1 - sim) * similarity(w, y, z, 2e-16, 2e-16))
    return sum(total) / len(total)


def q_y(a, b, f) -> float:
    w, total = gaussian(7, 1.5), []
    for x, y, z in windows(7, a, b, f):
        var_x, var_y = covariance(w, x, x), covariance(w, y, y)
        share = 0.5 if var_x + var_y == 0 else var_x / (var_x + var_y)
        s_x, s_y = similarity(w, x, z, 2e-16, 2e-16), similarity(w, y, z, 2e-16, 2e-16)
        alike = similarity(w, x, y, 2e-16, 2e-16) >= 0.75
        total.append(share * s_x + (1 - share) * s_y if alike else max(s_x, s_y))
    return sum(total) / len(total)


def q_scd(a, b, f) -> float:
    def corr(x, y):
        if flat(x) or flat(y):
            return 0.0
        x, y = x - x.mean(), y - y.mean()
        return (x * y).sum() / math.sqrt((x**2).sum() * (y**2).sum())

    return corr(f - b, a) + corr(f - a, b)


def ssim_mean(a, b, f) -> float:
    return np.mean([[similarity(x=x, y=z, **ZL) for x, z in windows(11, source, f)] for source in (a, b)])


# ---- human vision


def contrast_filtered(x, cycles: float, sensitivity) -> np.ndarray:
    """`sensitivity` of r, in cycles per image divided by `cycles`, applied in the Fourier domain."""
    height, width = x.shape
    S = np.empty(x.shape)
    for i, row in enumerate(to_origin(height)):
        for j, column in enumerate(to_origin(width)):
            S[i, j] = sensitivity(math.hypot(row - height // 2, column - width // 2) / cycles)
    return np.fft.ifft2(np.fft.fft2(x) * S).real


def q_cv(a, b, f) -> float:
    a, b, f = stretch(a), stretch(b), stretch(f)
    above = below = 0.0
    for x in (a, b):
        error = contrast_filtered(x - f, 4, lambda r: 2.6 * (0.0192 + 0.144 * r) * math.exp(-((0.144 * r) ** 1.1)))
        g = sobel(x)[2]
        for i in range(0, x.shape[0], 16):
            for j in range(0, x.shape[1], 16):
                saliency = (g[i : i + 16, j : j + 16] ** 5).sum()
                above += saliency * (error[i : i + 16, j : j + 16] ** 2).sum() / 256
                below += saliency
    return above / below if below else 0.0


def q_cb(a, b, f) -> float:
    def g(s):
        at = range(-15, 16)
        return np.array([[math.exp(-(x**2 + y**2) / (2 * s**2)) / (2 * math.pi * s**2) for x in at] for y in at])

    masked = []
    for x in (a, b, f):
        y = contrast_filtered(
            stretch(x), 15, lambda r: math.exp(-((r / 15.3870) ** 2)) - 0.7622 * math.exp(-((r / 1.3456) ** 2))
        )
        near, far = correlate(y, g(2)).ravel(), correlate(y, g(4)).ravel()
        C = [abs(n / m - 1) if m else 0.0 for n, m in zip(near, far, strict=True)]
        masked.append([c**3 / (c**2 + 0.0001) for c in C])

    total = 0.0
    for c_a, c_b, c_f in zip(*masked, strict=True):
        q_a, q_b = (min(c, c_f) / max(c, c_f) if c or c_f else 1.0 for c in (c_a, c_b))
        share = c_a**2 / (c_a**2 + c_b**2) if c_a or c_b else 0.5
        total += share * q_a + (1 - share) * q_b
    return total / f.size


def q_viff(a, b, f) -> float:
    n2, d, C = 0.005 * 255**2, 1e-10, 1e-7
    V = []
    for s, n in enumerate((17, 9, 5, 3)):
        w = gaussian(n, n / 5)
        if s > 0:
            smooth = [np.array([(w * v).sum() for (v,) in windows(n, x)]) for x in (a, b, f)]
            inside = (a.shape[0] - n + 1, a.shape[1] - n + 1)
            a, b, f = (x.reshape(inside)[::2, ::2] for x in smooth)
        above = below = 0.0
        for *sources, z in windows(n, a, b, f):
            gains, numerators, denominators = [], [], []
            for x in sources:
                var_x, var_f, cov = covariance(w, x, x), covariance(w, z, z), covariance(w, x, z)
                g = cov / (var_x + d)
                sv = var_f - g * cov
                if var_x < d:
                    g, sv, var_x = 0.0, var_f, 0.0
                if var_f < d:
                    g, sv = 0.0, 0.0
                if g < 0:
                    g, sv = 0.0, var_f
                sv = max(sv, d)
                gains.append(g)
                numerators.append(math.log10(1 + g**2 * var_x / (sv + n2)))
                denominators.append(math.log10(1 + var_x / n2))
            chosen = 0 if gains[0] < gains[1] else 1
            above += numerators[chosen] + C
            below += denominators[chosen] + C
        V.append(above / below)
    return (1 * V[0] + 0 * V[1] + 0.15 * V[2] + 1 * V[3]) / 2.15
