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
    weights = weights / np.cumsum(weights, axis=1)[:, -1:]  # summed from the left: 81 % of MATLAB's doubles to the bit
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
    from scipy import sparse

    lines = np.ascontiguousarray(np.moveaxis(image, axis, 0))
    columns = lines.reshape(len(lines), -1)
    # A product with a sparse matrix adds the taps in their order, one after the other: the order is part of the
    # last digit. A tap of weight 0 is not added at all, so that a NaN reaches no farther than the kernel.
    row, tap = np.nonzero(weights)
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(weights)))])
    matrix = sparse.csr_array((weights[row, tap], indices[row, tap], ends), shape=(len(weights), len(lines)))
    resampled = np.empty((len(weights), columns.shape[1]), image.dtype)
    step = max(64, _BLOCK // max(matrix.shape))
    for start in range(0, columns.shape[1], step):  # in blocks that stay in the cache
        sums = matrix @ columns[:, start : start + step].astype(np.float64)
        resampled[:, start : start + step] = saturate(sums, image.dtype) if image.dtype.kind in "iu" else sums
    return np.moveaxis(resampled.reshape(-1, *lines.shape[1:]), 0, axis)


_BLOCK = 1 << 15  # doubles
