"""One dimension of a separable resampling, as imresize and impyramid share it.

Output sample x (counted from 1) looks at the input coordinate u = x / scale + (1 - 1 / scale) / 2. Its taps are the
ceil(width) + 2 input samples from floor(u - width / 2) on, weighted kernel(u - index) and normalised to sum 1.
Evidence: V, see imresize.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matlab_compat.rounding import saturate

__all__ = ["Border", "Kernel", "contributions", "resample"]

Kernel = Callable[[NDArray[np.float64]], NDArray[np.float64]]
Border = Literal["mirror", "clamp"]


def contributions(
    size: int, out_size: int, scale: float, kernel: Kernel, width: float, border: Border = "mirror"
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Weights and 0-based source indices of every output sample.

    returns  weights (out_size, taps), each row summing to 1; indices (out_size, taps), folded into 0..size-1:
             "mirror" repeats the edge sample and has period 2 * size (current releases), "clamp" stops at
             the edge (old releases; the change lies between R2013a and R2015b)

    >>> weights, indices = contributions(4, 2, 0.5, lambda d: np.float64(np.abs(d) <= 1), 2.0)
    >>> weights.tolist(), indices.tolist()
    ([[0.5, 0.5], [0.5, 0.5]], [[0, 1], [2, 3]])
    """
    x = np.arange(1, out_size + 1, dtype=np.float64)
    u = x / scale + 0.5 * (1 - 1 / scale)
    left = np.floor(u - width / 2)
    taps = np.arange(int(np.ceil(width)) + 2)
    index = left[:, None] + taps
    weights = kernel(u[:, None] - index)
    weights = weights / weights.sum(axis=1, keepdims=True)
    used = np.any(weights != 0, axis=0)
    return weights[:, used], _fold(index[:, used].astype(np.intp) - 1, size, border)


def _fold(index: NDArray[np.intp], size: int, border: Border) -> NDArray[np.intp]:
    """Bring indices beyond the border back onto the image."""
    if border == "clamp":
        return np.clip(index, 0, size - 1)
    period = np.concatenate([np.arange(size), np.arange(size)[::-1]])
    return period[index % (2 * size)]


def resample(
    image: NDArray[np.generic], axis: int, weights: NDArray[np.float64], indices: NDArray[np.intp]
) -> NDArray[np.generic]:
    """Apply the weights along one axis and cast back to the image's class.

    image    any rank; an integer class is rounded half away from zero and saturated here, once per pass
    returns  the same shape but for `axis`

    >>> resample(np.array([[1, 2]], dtype=np.uint8), 1, np.array([[0.5, 0.5]]), np.array([[0, 1]])).tolist()
    [[2]]
    """
    lines = np.moveaxis(image, axis, 0).astype(np.float64)
    tail = (1,) * (lines.ndim - 1)
    total = np.zeros((weights.shape[0], *lines.shape[1:]))
    for tap in range(weights.shape[1]):  # sums in tap order: the order is part of the last digit
        total += weights[:, tap].reshape(-1, *tail) * lines[indices[:, tap]]
    resampled = np.moveaxis(total, 0, axis)
    if image.dtype.kind in "iu":
        return saturate(resampled, image.dtype)
    return resampled.astype(image.dtype)
