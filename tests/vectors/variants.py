"""Honest variants: the same steps with other sums and in other precisions. They must pass, and they set the limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import matlab_compat
from reference.conformance.cases import Array, Parameters, StepFunction
from reference.conformance.compare import Difference, compare, no_ties
from tests.vectors.functions import STEPS, new_size, scored
from tests.vectors.network_layers import IN_DOUBLE

Real = Any  # an array of a precision, which types cannot name
GRAY_WEIGHTS = (0.298936021293775, 0.587043074451121, 0.114020904255103)


def matlab_functions(dtype: type) -> dict[str, StepFunction]:
    """rgb2gray, imresize of doubles, psnr and ssim in a precision."""

    def rgb2gray(x: Sequence[Array], _p: Parameters) -> Array:
        red, green, blue = (dtype(w) * x[0][..., c].astype(dtype) for c, w in enumerate(GRAY_WEIGHTS))
        return np.asarray(np.floor(red + (green + blue) + dtype(0.5)), dtype=np.uint8)

    def imresize(x: Sequence[Array], p: Parameters) -> Array:
        if x[0].dtype == np.uint8:
            return STEPS["imresize"](x, p)
        return matlab_compat.imresize(x[0].astype(dtype), new_size(p), p["method"])

    def psnr(x: Sequence[Array], _p: Parameters) -> Array:
        error: Real = x[0].astype(dtype) - x[1].astype(dtype)
        return np.array([[dtype(10) * np.log10(dtype(255) ** 2 / np.mean(error * error, dtype=dtype))]])

    def ssim(x: Sequence[Array], p: Parameters) -> Array:
        return np.array([[np.mean(_ssim_map(x[0].astype(dtype), x[1].astype(dtype), p["dynamic_range"]))]])

    return {"rgb2gray": rgb2gray, "imresize": imresize, "psnr": psnr, "ssim": ssim}


def _ssim_map(x: Real, y: Real, span: float) -> Real:
    """The similarity map by moments about 0, with windows summed down and then across."""
    real = x.dtype.type
    c1, c2 = real((0.01 * span) ** 2), real((0.03 * span) ** 2)
    mean_x, mean_y = _blurred(x), _blurred(y)
    variance_x, variance_y = _blurred(x * x) - mean_x**2, _blurred(y * y) - mean_y**2
    covariance = _blurred(x * y) - mean_x * mean_y
    top = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return top / ((mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2))


def _blurred(x: Real) -> Real:
    """Mean under a Gaussian of 11 pixels and standard deviation 1.5, with the border replicated."""
    taps = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    kernel = (taps / taps.sum()).astype(x.dtype)
    padded = np.pad(x, 5, mode="edge")
    down = sum(k * padded[n : n + len(x)] for n, k in enumerate(kernel))
    return sum(k * down[:, n : n + x.shape[1]] for n, k in enumerate(kernel))


KERNEL = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)
PATCH, STRIDE = 16, 2


@dataclass(frozen=True)
class Variant:
    """All steps on real numbers, computed in a precision.

    cumulative  sum windows by differences of cumulative sums instead of value by value
    """

    dtype: type
    cumulative: bool = False

    def real(self, array: Array) -> Real:
        """The array in this precision; gray levels of 8 bits divided by 255."""
        return array.astype(self.dtype) / self.dtype(255) if array.dtype == np.uint8 else array.astype(self.dtype)

    def mean(self, values: Real, radius: int) -> Real:
        """Means over windows, cropped at the border."""
        summed = _cumulative if self.cumulative else _direct
        return summed(values, radius) / summed(np.ones_like(values), radius)

    def gray(self, x: Sequence[Array], _p: Parameters) -> Real:
        """Summed from the right."""
        image = self.real(x[0])
        if image.ndim == 2:
            return image
        red, green, blue = (self.dtype(w) * image[..., c] for c, w in enumerate(GRAY_WEIGHTS))
        return red + (green + blue)

    def pyramid(self, x: Sequence[Array], _p: Parameters) -> Real:
        """Filtered by columns first."""
        return _reduced(_reduced(self.real(x[0]).T).T)

    def focus_map(self, x: Sequence[Array], p: Parameters) -> Real:
        """Patch by patch."""
        rows, columns = p["rows"], p["columns"]
        total, count = np.zeros((2, rows + PATCH, columns + PATCH), dtype=self.dtype)
        for j, i in np.ndindex(x[0].shape):
            patch = np.s_[STRIDE * j : STRIDE * j + PATCH, STRIDE * i : STRIDE * i + PATCH]
            total[patch] += self.dtype(x[0][j, i])
            count[patch] += 1
        return (total / np.maximum(count, 1))[:rows, :columns]

    def mixed_pooling(self, x: Sequence[Array], p: Parameters) -> Real:
        """With a maximum over sliding windows."""
        radius, weight = p["pool_window"] // 2, self.dtype(p["pool_p"])
        pooled = self.real(x[0]) if p["pool_side"] == "a" else 1 - self.real(x[0])
        padded = np.pad(pooled, radius, constant_values=-1)
        largest = np.lib.stride_tricks.sliding_window_view(padded, (2 * radius + 1,) * 2).max(axis=(2, 3))
        mixed = weight * largest + (1 - weight) * self.mean(pooled, radius)
        return mixed if p["pool_side"] == "a" else 1 - mixed

    def segmentation(self, x: Sequence[Array], p: Parameters) -> Real:
        """With map and threshold first rounded to this precision."""
        return self.real(x[0]) > self.dtype(p["focus_threshold"])

    def guide(self, x: Sequence[Array], _p: Parameters) -> Real:
        """By selection, where the reference multiplies."""
        return np.where(x[2].astype(np.bool_), self.real(x[0]), self.real(x[1]))

    def guided_filter(self, x: Sequence[Array], p: Parameters) -> Real:
        """With means of whole products."""
        radius, guide = p["guide_radius"], self.real(x[0])
        target: Real = x[1].astype(self.dtype)
        mean_guide, mean_target = self.mean(guide, radius), self.mean(target, radius)
        covariance = self.mean(guide * target, radius) - mean_guide * mean_target
        variance = self.mean(guide * guide, radius) - mean_guide * mean_guide
        a = covariance / (variance + self.dtype(p["guide_eps"]))
        b = mean_target - a * mean_guide
        return self.mean(a, radius) * guide + self.mean(b, radius)

    def fusion(self, x: Sequence[Array], _p: Parameters) -> Real:
        """As B plus a part of the difference."""
        image_a, image_b = self.real(x[0]), self.real(x[1])
        decision: Real = x[2].astype(self.dtype)
        return image_b + (decision if image_a.ndim == 2 else decision[..., None]) * (image_a - image_b)

    def uint8(self, x: Sequence[Array], _p: Parameters) -> Real:
        """As the floor of the value plus 1/2."""
        return np.clip(np.floor(self.dtype(255) * self.real(x[0]) + self.dtype(0.5)), 0, 255).astype(np.uint8)

    def functions(self) -> Mapping[str, StepFunction]:
        """All steps; those without a variant are the reference's."""
        return {
            **STEPS, **IN_DOUBLE, "score_map": scored(deterministic=False), "gray": self.gray, "pyramid": self.pyramid,
            "focus_map": self.focus_map, "mixed_pooling": self.mixed_pooling, "segmentation": self.segmentation,
            "guide": self.guide, "guided_filter": self.guided_filter, "guidedfilter": self.guided_filter,
            "fusion": self.fusion, "uint8": self.uint8, **matlab_functions(self.dtype),
        }  # fmt: skip


def _reduced(image: Real) -> Real:
    """Every second row of the filtered image."""
    padded = np.pad(image, ((2, 2), (0, 0)), mode="symmetric")
    reduced = np.zeros(((len(image) + 1) // 2, image.shape[1]), dtype=image.dtype)
    for m, weight in enumerate(KERNEL):
        reduced += image.dtype.type(weight) * padded[m : m + len(image) : 2]
    return reduced


def _direct(image: Real, radius: int) -> Real:
    """Sums over windows, value by value."""
    padded, (rows, columns) = np.pad(image, radius), image.shape
    down, across = np.zeros((rows, columns + 2 * radius), image.dtype), np.zeros_like(image)
    for dy in range(2 * radius + 1):
        down += padded[dy : dy + rows]
    for dx in range(2 * radius + 1):
        across += down[:, dx : dx + columns]
    return across


def _cumulative(image: Real, radius: int) -> Real:
    """Sums over windows, as differences of cumulative sums."""
    side = 2 * radius + 1
    down = np.cumsum(np.pad(image, ((radius + 1, radius), (radius, radius))), axis=0, dtype=image.dtype)
    across = np.cumsum(np.pad(down[side:] - down[:-side], ((0, 0), (1, 0))), axis=1, dtype=image.dtype)
    return across[:, side:] - across[:, :-side]


VARIANTS: dict[str, list[Mapping[str, StepFunction]]] = {
    profile: [Variant(dtype, cumulative).functions() for cumulative in (False, True)]
    for profile, dtype in (("float64", np.float64), ("float32", np.float32))
}


def largest_difference(
    profile: str, step: str, inputs: Sequence[Array], parameters: Parameters, golden: Array
) -> Difference | None:
    """The largest difference of any variant; None for steps that no variant computes in its own way."""
    own = [functions[step] for functions in VARIANTS[profile] if functions[step] is not STEPS[step]]
    results = [np.asarray(function(inputs, parameters)).reshape(golden.shape) for function in own]
    differences = [compare(golden, array.astype(np.float64), no_ties(golden)) for array in results]
    return max(differences, key=lambda difference: difference.peak, default=None)
