"""The obvious loops: slow, written from the definitions, sharing no code with what they judge."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np


def round_half_away(value: float) -> int:
    """Exact rounding of the rational number that a double is."""
    exact = Fraction(value)
    magnitude = math.floor(abs(exact) + Fraction(1, 2))
    return magnitude if exact >= 0 else -magnitude


def pyramid_reduce(image: np.ndarray) -> np.ndarray:
    """Burt and Adelson, two-dimensional sum at once; index -1 is 0 again, -2 is 1 (mirror with the edge repeated)."""
    weights = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16]
    height, width = image.shape

    def fold(index: int, size: int) -> int:
        index %= 2 * size
        return index if index < size else 2 * size - 1 - index

    out = np.zeros(((height + 1) // 2, (width + 1) // 2))
    for y, x in np.ndindex(out.shape):
        for m in range(-2, 3):
            for n in range(-2, 3):
                value = image[fold(2 * y + m, height), fold(2 * x + n, width)]
                out[y, x] += weights[m + 2] * weights[n + 2] * value
    return out


def focus_map(scores: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Add every score to its patch, count, divide."""
    total, count = np.zeros(shape), np.zeros(shape)
    for j, i in np.ndindex(scores.shape):
        for y in range(2 * j, min(2 * j + 16, shape[0])):
            for x in range(2 * i, min(2 * i + 16, shape[1])):
                total[y, x] += scores[j, i]
                count[y, x] += 1
    return total / count


def windows(image: np.ndarray, radius: int):
    """Position and pixels of every window, cut off at the border."""
    for y, x in np.ndindex(image.shape):
        yield (y, x), image[max(y - radius, 0) : y + radius + 1, max(x - radius, 0) : x + radius + 1]


def mixed_pooling(image: np.ndarray, window: int, p: float) -> np.ndarray:
    out = np.empty_like(image)
    for place, pixels in windows(image, window // 2):
        out[place] = p * pixels.max() + (1 - p) * pixels.mean()
    return out


def guided_filter(guide: np.ndarray, target: np.ndarray, radius: int, eps: float) -> np.ndarray:
    """Fit a line in every window, then average the lines on each pixel."""
    a, b = np.empty_like(guide), np.empty_like(guide)
    for place, pixels in windows(guide, radius):
        goal = next(g for q, g in windows(target, radius) if q == place)
        covariance = ((pixels - pixels.mean()) * (goal - goal.mean())).mean()
        a[place] = covariance / (pixels.var() + eps)
        b[place] = goal.mean() - a[place] * pixels.mean()
    mean_a, mean_b = np.empty_like(a), np.empty_like(b)
    for lines, mean in ((a, mean_a), (b, mean_b)):
        for place, pixels in windows(lines, radius):
            mean[place] = pixels.mean()
    return mean_a * guide + mean_b


def area_open(mask: np.ndarray, area: int) -> np.ndarray:
    """Flood fill by eight neighbours."""
    keep, seen = np.zeros_like(mask), np.zeros_like(mask)
    for start in zip(*np.nonzero(mask), strict=True):
        if seen[start]:
            continue
        region, queue = [], [start]
        seen[start] = True
        while queue:
            y, x = queue.pop()
            region.append((y, x))
            for v in range(max(y - 1, 0), min(y + 2, mask.shape[0])):
                for u in range(max(x - 1, 0), min(x + 2, mask.shape[1])):
                    if mask[v, u] and not seen[v, u]:
                        seen[v, u] = True
                        queue.append((v, u))
        if len(region) >= area:
            keep[tuple(np.transpose(region))] = True
    return keep


def convolve(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Zero-padded correlation: (C, H, W), (K, C, s, s), (K,) -> (K, H, W)."""
    reach = weight.shape[-1] // 2
    padded = np.pad(x, [(0, 0), (reach, reach), (reach, reach)])
    out = np.zeros((weight.shape[0], *x.shape[1:]))
    for y, x_ in np.ndindex(x.shape[1:]):
        patch = padded[:, y : y + weight.shape[-1], x_ : x_ + weight.shape[-1]]
        out[:, y, x_] = (weight * patch).sum(axis=(1, 2, 3)) + bias
    return out


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def enhanced_network(state: dict, levels: int, pyramid_a, pyramid_b, d7: str = "channel") -> np.ndarray:
    """The paper's network, score by score, its first fully connected layer on one long concatenated vector."""
    p_inner = float(np.clip(state["mixed_pooling.p"], 0, 1))
    p_outer = float(np.clip(state["window_mixed_pooling.p"], 0, 1))

    def mixed(pixels, p):
        return p * pixels.max() + (1 - p) * pixels.mean()

    def highlighted(window):
        if d7 == "max":
            return [channel.max() for channel in window]
        common = softmax(window.mean(axis=0))
        return [(channel * (common if d7 == "attention" else softmax(channel))).sum() for channel in window]

    def features(gray):
        x = (4 * gray - 2)[None]
        for number in range(5):
            x = np.maximum(convolve(x, state[f"convolutions.{number}.weight"], state[f"convolutions.{number}.bias"]), 0)
            if number == 1:
                rows, columns = (x.shape[1] + 1) // 2, (x.shape[2] + 1) // 2
                halved = np.empty((x.shape[0], rows, columns))
                for c, r, k in np.ndindex(halved.shape):
                    halved[c, r, k] = mixed(x[c, 2 * r : 2 * r + 2, 2 * k : 2 * k + 2], p_inner)
                x = halved
        return x

    maps = {"a": [features(level) for level in pyramid_a], "b": [features(level) for level in pyramid_b]}
    height, width = ((side + 1) // 2 - 7 for side in pyramid_a[0].shape)
    scores = np.empty((height, width))
    for j, i in np.ndindex(height, width):
        vector = []
        for side in "ab":
            for level in range(levels):
                size, top, left = 8 >> level, j >> level, i >> level
                window = maps[side][level][:, top : top + size, left : left + size]
                vector += [mixed(channel, p_outer) for channel in window]
                vector += highlighted(window)
        x = np.array(vector)
        for layer in range(4):
            weight = state[f"fully_connected.{layer}.weight"][:, :, 0, 0]
            x = weight @ x + state[f"fully_connected.{layer}.bias"]
            x = np.maximum(x, 0) if layer < 3 else x
        scores[j, i] = softmax(x)[1]
    return scores


def liu_slight(mat: dict, gray_a: np.ndarray, gray_b: np.ndarray) -> np.ndarray:
    """Liu's slight network from the arrays of his file, each kernel read column by column."""

    def kernel(column):
        side = round(len(column) ** 0.5)
        return np.array([[column[r + side * c] for c in range(side)] for r in range(side)])

    def kernels(weights):
        c_in, _, c_out = weights.shape if weights.ndim == 3 else (1, *weights.shape)
        weights = weights.reshape(c_in, -1, c_out)
        return np.array([[kernel(weights[c, :, k]) for c in range(c_in)] for k in range(c_out)])

    def branch(gray):
        x = gray[None]
        for number in (1, 2, 3):
            weight = kernels(mat[f"weights_b1_{number}"])
            x = np.maximum(convolve(x, weight, mat[f"biases_b1_{number}"].ravel()), 0)
            if number == 2:
                rows, columns = (x.shape[1] + 1) // 2, (x.shape[2] + 1) // 2
                padded = np.pad(x, [(0, 0), (0, 2 * rows - x.shape[1]), (0, 2 * columns - x.shape[2])])
                x = padded.reshape(x.shape[0], rows, 2, columns, 2).max(axis=(2, 4))
        return x

    joint = np.concatenate([branch(gray_a), branch(gray_b)])
    output = kernels(mat["weights_output"])
    height, width = joint.shape[1] - 7, joint.shape[2] - 7
    scores = np.empty((height, width))
    for j, i in np.ndindex(height, width):
        patch = joint[:, j : j + 8, i : i + 8]
        scores[j, i] = softmax((output * patch).sum(axis=(1, 2, 3)))[1]
    return scores
