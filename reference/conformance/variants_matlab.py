"""Honest versions of MATLAB's functions in a precision: written as a port would, not as the reference is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import matlab_compat
from reference.conformance.arrays import Array, Parameters, StepFunction
from reference.conformance.functions import STEPS, new_size

__all__ = ["matlab_functions"]

Real = Any  # an array of a precision, which types cannot name
GRAY_WEIGHTS = (0.298936021293775, 0.587043074451121, 0.114020904255103)


def matlab_functions(dtype: type) -> dict[str, StepFunction]:
    """rgb2gray, imresize of numbers, psnr, ssim."""

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
    """With moments about 0, windows summed down and then across."""
    one = x.dtype.type
    c1, c2 = one((0.01 * span) ** 2), one((0.03 * span) ** 2)
    mean_x, mean_y = _blurred(x), _blurred(y)
    variance_x, variance_y = _blurred(x * x) - mean_x**2, _blurred(y * y) - mean_y**2
    covariance = _blurred(x * y) - mean_x * mean_y
    top = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return top / ((mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2))


def _blurred(x: Real) -> Real:
    """Under a Gaussian of 11 pixels and deviation 1.5, the edge repeated beyond the border."""
    taps = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    kernel = (taps / taps.sum()).astype(x.dtype)
    padded = np.pad(x, 5, mode="edge")
    down = sum(k * padded[n : n + len(x)] for n, k in enumerate(kernel))
    return sum(k * down[:, n : n + x.shape[1]] for n, k in enumerate(kernel))
