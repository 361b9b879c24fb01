"""Loops written from the definitions of matlab_compat's functions; they share no code with what they judge."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from tests.support.oracles import round_half_away


def cast(value: float | Fraction, low: int, high: int) -> int:
    """The integer nearest to a rational number, halves away from zero, saturated."""
    return min(max(round_half_away(value), low), high)


def border_index(index: int, size: int, border: str) -> int | None:
    """Where an index beyond the border falls on the image; None where a value stands."""
    if border == "replicate":
        return min(max(index, 0), size - 1)
    if border == "circular":
        return index % size
    if border == "symmetric":
        index %= 2 * size
        return index if index < size else 2 * size - 1 - index
    return index if 0 <= index < size else None


def pixel(image, y: int, x: int, border) -> float:
    v, u = (border_index(i, n, border) for i, n in ((y, image.shape[0]), (x, image.shape[1])))
    outside = 0.0 if isinstance(border, str) else border
    return outside if v is None or u is None else float(image[v, u])


def correlate(image, kernel, border, centre, shape) -> np.ndarray:
    """sum h(s, t) f(y + s - c1, x + t - c2) over an output of any shape."""
    out = np.zeros(shape)
    for y, x in np.ndindex(shape):
        for s, t in np.ndindex(kernel.shape):
            out[y, x] += kernel[s, t] * pixel(image, y + s - centre[0], x + t - centre[1], border)
    return out


def convolve_full(a, b) -> np.ndarray:
    out = np.zeros((a.shape[0] + b.shape[0] - 1, a.shape[1] + b.shape[1] - 1))
    for (y, x), (s, t) in ((p, q) for p in np.ndindex(a.shape) for q in np.ndindex(b.shape)):
        out[y + s, x + t] += a[y, x] * b[s, t]
    return out


def regions(mask, connectivity) -> list[list[tuple[int, int]]]:
    """Flood fill, started from the true pixels in the order of the columns."""
    seen, found = set(), []
    for x, y in np.ndindex(mask.shape[::-1]):
        if not mask[y, x] or (y, x) in seen:
            continue
        seen.add((y, x))
        region, queue = [], [(y, x)]
        while queue:
            v, u = queue.pop()
            region.append((v, u))
            for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))[:connectivity]:
                at = (v + dy, u + dx)
                if 0 <= at[0] < mask.shape[0] and 0 <= at[1] < mask.shape[1] and mask[at] and at not in seen:
                    seen.add(at)
                    queue.append(at)
        found.append(region)
    return found


def fill_holes(mask, connectivity) -> np.ndarray:
    """True but for the background regions that touch the border."""
    filled = np.ones_like(mask)
    for region in regions(~mask, connectivity):
        if any(y in (0, mask.shape[0] - 1) or x in (0, mask.shape[1] - 1) for y, x in region):
            filled[tuple(np.transpose(region))] = False
    return filled


def fill_gray(image, connectivity) -> np.ndarray:
    """A pixel's level is the highest threshold at which it is filled."""
    out = np.full(image.shape, image.min())
    for level in np.unique(image):
        out[fill_holes(image >= level, connectivity)] = level
    return out


def histogram(levels, n: int, low: int, high: int) -> list[int]:
    """Counts of the documented half-open bins, by exact fractions."""
    counts = [0] * n
    for level in levels:
        share = Fraction(float(level)) - low
        p = math.floor(share * (n - 1) / (high - low) + Fraction(1, 2))
        counts[min(max(p, 0), n - 1)] += 1
    return counts


def otsu(levels) -> float:
    """The bin whose threshold leaves the least variance within the two classes; the mean of those that tie."""
    spreads = {}
    for k in sorted(set(levels))[:-1]:  # up to the next level, the classes stay the same
        parts = [[v for v in levels if v <= k], [v for v in levels if v > k]]
        means = [Fraction(sum(part), len(part)) for part in parts]
        spreads[k] = sum(sum((v - m) ** 2 for v in part) for part, m in zip(parts, means, strict=True))
    if not spreads:
        return 0.0
    least = min(spreads.values())
    best = [j for k, spread in spreads.items() if spread == least for j in range(k, min(v for v in levels if v > k))]
    return float(Fraction(sum(best), len(best)) / 255)


def gaussian(side: int, sigma: float) -> np.ndarray:
    w = np.array([math.exp(-((i - side // 2) ** 2) / (2 * sigma**2)) for i in range(side)])
    return np.outer(w, w) / w.sum() ** 2


def ssim(x, y, span: float) -> np.ndarray:
    """Wang's formula pixel by pixel, under an 11 x 11 Gaussian, deviation 1.5, borders replicated."""
    window, out = gaussian(11, 1.5), np.empty(x.shape)
    c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    for place in np.ndindex(x.shape):
        at = [(place[0] + s, place[1] + t) for s in range(-5, 6) for t in range(-5, 6)]
        p, q = (np.array([pixel(z, *spot, "replicate") for spot in at]).reshape(11, 11) for z in (x, y))
        mu_x, mu_y = (window * p).sum(), (window * q).sum()
        var_x, var_y = (window * (p - mu_x) ** 2).sum(), (window * (q - mu_y) ** 2).sum()
        cov = (window * (p - mu_x) * (q - mu_y)).sum()
        out[place] = (2 * mu_x * mu_y + c1) * (2 * cov + c2) / ((mu_x**2 + mu_y**2 + c1) * (var_x + var_y + c2))
    return out


def piqe(gray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """Block by block, from the paper, with MATLAB's columns 8 and 10."""
    height, width = gray.shape
    rows, columns = -(-height // 16), -(-width // 16)
    top = max(1e-300, float(gray.max()))
    levels = np.array([
        [float(round_half_away(255 * pixel(gray, y, x, "symmetric") / top)) for x in range(16 * columns)]
        for y in range(16 * rows)
    ])  # fmt: skip
    window = gaussian(7, 7 / 6)
    mu = correlate(levels, window, "replicate", (3, 3), levels.shape)
    sigma = np.sqrt(np.abs(correlate(levels**2, window, "replicate", (3, 3), levels.shape) - mu**2))
    mscn = (levels - mu) / (sigma + 1)
    masks = np.zeros((3, 16 * rows, 16 * columns), dtype=bool)
    total, count = 0.0, 0
    for j, i in np.ndindex(rows, columns):
        place = (slice(16 * j, 16 * j + 16), slice(16 * i, 16 * i + 16))
        block = mscn[place]
        v = block.var(ddof=1)
        if not v > 0.1:
            continue
        count += 1
        edges = (block[0], block[15], block[:, 0], block[:, 15])
        artifact = any(edge[k : k + 6].std(ddof=1) < 0.1 for edge in edges for k in range(11))
        surround = block[:, [c for c in range(16) if c not in (7, 9)]].std(ddof=1)
        r = block[:, 7:9].std(ddof=1) / surround if surround else 0.0
        noise = math.sqrt(v) > 2 * abs(math.sqrt(v) - r) / max(math.sqrt(v), r)
        total += artifact * (1 - v) + noise * v
        for mask, marked in zip(masks, (True, artifact, noise), strict=True):
            mask[place] = marked
    return 100 * (total + 1) / (1 + count), *masks[:, :height, :width]


def guided(image, guide, sides, degree) -> np.ndarray:
    """Fit a plane over the guide's channels in every window, borders replicated; average the planes on each pixel."""
    height, width = image.shape
    reach = [side // 2 for side in sides]

    def windows(values):
        padded = np.pad(values, [(reach[0],) * 2, (reach[1],) * 2, *[(0, 0)] * (values.ndim - 2)], mode="edge")
        for y, x in np.ndindex(height, width):
            yield (y, x), padded[y : y + sides[0], x : x + sides[1]].reshape(sides[0] * sides[1], -1)

    a, b = np.empty(guide.shape), np.empty(image.shape)
    for (place, colours), (_, goal) in zip(windows(guide), windows(image), strict=True):
        centred = colours - colours.mean(axis=0)
        covariance = centred.T @ centred / len(colours) + degree * np.eye(guide.shape[2])
        a[place] = np.linalg.inv(covariance) @ (centred * (goal - goal.mean())).mean(axis=0)
        b[place] = goal.mean() - a[place] @ colours.mean(axis=0)
    out = np.empty(image.shape)
    for (place, slopes), (_, offsets) in zip(windows(a), windows(b), strict=True):
        out[place] = slopes.mean(axis=0) @ guide[place] + offsets.mean()
    return out
