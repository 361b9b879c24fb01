"""One dimension of a separable resampling, as imresize and impyramid share it.

Output sample x (counted from 1) looks at the input coordinate u = x / scale + (1 - 1 / scale) / 2. Its taps are the
ceil(width) + 2 input samples from floor(u - width / 2) on, weighted kernel(u - index) and normalised to sum 1.
Evidence: V, see imresize.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from matlab_compat.parts import each_part
from matlab_compat.rounding import shift_to_truncate

__all__ = ["Border", "Kernel", "Sampling", "contributions", "resample"]

Kernel = Callable[[NDArray[np.float64]], NDArray[np.float64]]
Border = Literal["mirror", "clamp"]
_BLOCK = 5 << 17  # values of a block of lines: few enough for the cache, many enough to make Python's share small


class Sampling(NamedTuple):
    """How one dimension is resampled.

    antialias  widen the kernel by 1 / scale where the dimension shrinks, so that it averages instead of skipping
    border     "mirror" repeats the edge sample and has period 2 * size (current releases), "clamp" stops at the edge
               (old releases; the change lies between R2013a and R2015b)
    """

    out_size: int
    scale: float
    kernel: Kernel
    width: float
    border: Border = "mirror"
    antialias: bool = False


def contributions(size: int, sampling: Sampling) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Weights and 0-based source indices of every output sample.

    returns  weights (out_size, taps), each row summing to 1; indices (out_size, taps), folded into 0..size-1

    >>> weights, indices = contributions(4, Sampling(2, 0.5, lambda d: np.float64(np.abs(d) <= 1), 2.0))
    >>> weights.tolist(), indices.tolist()
    ([[0.5, 0.5], [0.5, 0.5]], [[0, 1], [2, 3]])
    """
    out_size, scale, kernel, width, border, antialias = sampling
    stretch = scale if antialias and scale < 1 else 1.0
    width = width / stretch
    x = np.arange(1, out_size + 1, dtype=np.float64)
    u = x / scale + 0.5 * (1 - 1 / scale)
    left = np.floor(u - width / 2)
    taps = np.arange(int(np.ceil(width)) + 2)
    index = left[:, None] + taps
    weights = stretch * kernel(stretch * (u[:, None] - index))
    weights = weights / np.cumsum(weights, axis=1)[:, -1:]  # summed from the left, as MATLAB: see the ledger
    used = np.any(weights != 0, axis=0)
    return weights[:, used], _fold(index[:, used].astype(np.intp) - 1, size, border)


def _fold(index: NDArray[np.intp], size: int, border: Border) -> NDArray[np.intp]:
    """Bring indices beyond the border back onto the image."""
    if border not in ("mirror", "clamp"):
        raise ValueError(f"border is {border!r}, but resizing knows 'mirror' and, of old releases, 'clamp'")
    if border == "clamp":
        return np.clip(index, 0, size - 1)
    period = np.concatenate([np.arange(size), np.arange(size)[::-1]])
    return period[index % (2 * size)]


def resample(image: NDArray[Any], axis: int, sampling: Sampling) -> NDArray[Any]:
    """Resample one axis and cast back to the image's class.

    image    (H, W) or (H, W, C); an integer class is rounded half away from zero and saturated here, once per pass
    axis     0 or 1
    returns  the same shape but for `axis`, which becomes `out_size`

    >>> halve = Sampling(1, 0.5, lambda d: np.float64(np.abs(d) <= 1), 2.0)
    >>> resample(np.array([[1, 2]], dtype=np.uint8), 1, halve).tolist()
    [[2]]
    """
    matrix, out_size = _matrix(image.dtype, image.shape[axis], sampling), sampling.out_size
    shape = (out_size, image.shape[1]) if axis == 0 else (image.shape[0], out_size)
    resampled = np.empty((*shape, *image.shape[2:]), image.dtype)
    lines, made = _lines(image, axis), _lines(resampled, axis)
    step = max(1, _BLOCK // (max(matrix.shape) * lines.shape[1]))

    def resample_block(start: int) -> None:
        block = lines[:, :, start : start + step].astype(matrix.dtype, order="C")
        sums = matrix @ block.reshape(len(block), -1)
        levels = shift_to_truncate(sums, image.dtype) if image.dtype.kind in "iu" else sums
        made[:, :, start : start + step] = levels.reshape(out_size, *block.shape[1:])

    each_part(resample_block, range(0, lines.shape[2], step), least=3)
    return resampled


def _lines(image: NDArray[Any], axis: int) -> NDArray[Any]:
    """A view of (H, W[, C]) with `axis` first, in three dimensions, the last a long one."""
    if axis == 0:
        return image.reshape(image.shape[0], 1, -1)
    return image.reshape(*image.shape[:2], -1).transpose(1, 2, 0)


@functools.lru_cache(maxsize=64)
def _matrix(dtype: DTypeLike, size: int, sampling: Sampling) -> Any:
    """The weights as a sparse matrix (out_size, size).

    Products add the taps in their order, one after the other: the order is part of the last digit. A tap of weight 0
    is not added at all, so that a NaN reaches no farther than the kernel. Where every sum of bytes is exact in single
    (weights that are multiples of 2^-15, as for scales 1/2 and 2), single is twice as fast.
    """
    from scipy import sparse

    weights, indices = contributions(size, sampling)
    row, tap = np.nonzero(weights)
    ends = np.concatenate([[0], np.cumsum(np.count_nonzero(weights, axis=1))]).astype(np.int32)
    exact = np.all(weights * 2**15 == np.floor(weights * 2**15)) and np.abs(weights).sum(axis=1).max() <= 2
    kind = np.float32 if dtype == np.uint8 and exact else np.float64
    entries = weights[row, tap].astype(kind), indices[row, tap].astype(np.int32), ends
    return sparse.csr_array(entries, shape=(len(weights), size))
