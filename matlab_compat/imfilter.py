"""MATLAB's imfilter: a linear filter over an image of any class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image
from matlab_compat.padarray import widen
from matlab_compat.rounding import saturate

__all__ = ["imfilter"]

BORDERS = ("symmetric", "replicate", "circular")


def imfilter(image: NDArray[np.generic], kernel: ArrayLike, *options: float | str) -> NDArray[Any]:
    """Correlate an image with a kernel, in double, and cast back to its class.

    g(y, x) = sum_s sum_t h(s, t) f(y + s - c_1, x + t - c_2),  c = floor((size(h) + 1) / 2), counted from 1

    image    (H, W) or (H, W, C), every channel by itself; any real class
    kernel   h, (K, L), even sides allowed
    options  in any order: the border, a value (default 0), "symmetric", "replicate" or "circular"; "same" or "full";
             "corr" or "conv" (the kernel turned by 180 degrees)
    returns  (H, W[, C]), or H + K - 1 by W + L - 1 for "full"; same class, integers rounded and saturated once
    raises   ValueError for another shape or option, TypeError for another class

    MATLAB: imfilter(A, h, options...)
    Parity: integers exact (V: three printed matrices; D "double-precision"), double 2e-15 of the sum of magnitudes
    (V: with "replicate" 14 of 15 published GFDF results are bit-exact, with another border at most 7). A separable
    kernel of 49 elements or more is split in two by SVD and applied in two passes (B). "full" with a border is B.
    Logical images: the sum is rounded, so 0.5 or more is true (B).

    >>> imfilter(np.array([[1, 2, 3]], dtype=np.uint8), [[-1, 0, 1]]).tolist(), imfilter([[1, 2, 3]], [[1, 1]]).tolist()
    ([[2, 2, 0]], [[3.0, 5.0, 3.0]])
    """
    pixels, weights = as_array(image), as_array(kernel)
    check_image("imfilter", pixels)
    check_class("imfilter", pixels, REALS)
    check_class("imfilter", weights, REALS)
    h = weights.astype(np.float64)
    if h.ndim != 2 or h.size == 0:
        raise ValueError(f"imfilter takes a non-empty kernel of rank 2, as [[1, 0, -1]], not {h.shape}")
    if not np.isfinite(h).all():
        raise ValueError(
            f"imfilter takes a kernel of finite numbers, but {np.sum(~np.isfinite(h))} of {h.size} are not"
        )
    border, size, operation = _read_options(options)
    if operation == "conv":
        h = h[::-1, ::-1]
    reach = np.array(h.shape) - 1
    before = reach // 2 if size == "same" else reach  # what lies before the centre of the kernel
    after = reach - before if size == "same" else reach
    widths = [*zip(before, after, strict=True), *[(0, 0)] * (pixels.ndim - 2)]
    # A border value takes the class of the image first.
    padded = widen(pixels, widths, border).astype(np.float64, copy=False)
    filtered = _correlate(padded, h)
    if pixels.dtype == np.bool_:
        return filtered >= 0.5
    return saturate(filtered, pixels.dtype) if pixels.dtype.kind in "iu" else filtered.astype(pixels.dtype, copy=False)


def _read_options(options: tuple[float | str, ...]) -> tuple[float | str, str, str]:
    """Border, output size and operation, from options in any order."""
    border: float | str = 0.0
    size, operation = "same", "corr"
    for option in options:
        if option in ("same", "full"):
            size = str(option)
        elif option in ("corr", "conv"):
            operation = str(option)
        elif option in BORDERS or isinstance(option, (int, float, np.number)):
            border = option
        else:
            known = ", ".join((*BORDERS, "same", "full", "corr", "conv"))
            raise ValueError(f"option is {option!r}, but imfilter takes a value or {known}")
    return border, size, operation


def _correlate(padded: NDArray[np.float64], h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlation of every channel, where the kernel fits; a tap of 0 is not added, so that it passes on no NaN."""
    height, width = padded.shape[0] - h.shape[0] + 1, padded.shape[1] - h.shape[1] + 1
    split = _split(h)
    if split is not None and np.all(split[0]) and np.all(split[1]):
        from scipy import ndimage

        column, row = split
        unit = 2.0 ** np.floor(np.log2(np.abs(row).max()))  # scipy takes for equal what differs by less than 2.2e-16
        across = ndimage.correlate1d(_down(padded, column * unit), row / unit, axis=1, mode="constant")
        left = h.shape[1] // 2
        return across[:, left : left + width]  # type: ignore[no-any-return]
    total = np.zeros((height, width, *padded.shape[2:]))
    for y, x in zip(*np.nonzero(h), strict=True):
        total += h[y, x] * padded[y : y + height, x : x + width]
    return total


def _down(padded: NDArray[np.float64], column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlation of every column, where the kernel fits: a sparse product, which adds whole rows, tap by tap."""
    from scipy import sparse

    taps = len(column)
    n = padded.shape[0] - taps + 1
    entries = np.tile(column, n), np.add.outer(np.arange(n), np.arange(taps)).ravel(), taps * np.arange(n + 1)
    sums = sparse.csr_array(entries, shape=(n, padded.shape[0])) @ padded.reshape(len(padded), -1)
    return sums.reshape(n, *padded.shape[1:])  # type: ignore[no-any-return]


def _split(h: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Column and row whose outer product is a kernel of one dimension, or of 49 elements or more and rank 1."""
    if 1 in h.shape:
        return (h[:, 0], np.ones(1)) if h.shape[1] == 1 else (np.ones(1), h[0])
    u, s, v = np.linalg.svd(h)
    if h.size < 49 or s[1] > max(h.shape) * np.spacing(s[0]):
        return None
    return u[:, 0] * np.sqrt(s[0]), v[0] * np.sqrt(s[0])
