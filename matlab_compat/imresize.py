"""MATLAB's imresize: separable resampling with antialiasing, one rounding per pass."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image
from matlab_compat.resampling import Border, Kernel, Sampling, resample

__all__ = ["imresize"]


def imresize(
    image: NDArray[np.generic],
    size: float | Sequence[float],
    method: str = "bicubic",
    *,
    antialiasing: bool | None = None,
    border: Border = "mirror",
) -> NDArray[np.generic]:
    """Resize an image.

    Each dimension is a weighted sum of input samples (see `resampling`); when it shrinks, the kernel is stretched
    by 1 / scale, so that it averages instead of skipping (antialiasing). The dimension that shrinks most goes
    first, rows before columns on a tie, and integer classes are rounded and saturated after each.

    image         (H, W) or (H, W, C); any real class
    size          a scale, or [rows, cols] in pixels, rounded up, where one of them may be NaN (aspect ratio kept)
    method        "nearest", "bilinear", "bicubic", or a kernel: "box", "triangle", "cubic", "lanczos2", "lanczos3"
    antialiasing  default: on, except for "nearest"
    border        "mirror" as in current releases; "clamp" as in old ones (the change lies between R2013a and R2015b)
    returns       (ceil(scale H), ceil(scale W)) or the size asked for, same class as `image`
    raises        ValueError for a size or method that does not exist, TypeError for another class

    MATLAB: imresize(image, scale, method), imresize(image, [rows cols], method)
    Parity: uint8 exact (V: every value of six Set5 results and of 512 x 512 to [123 234]); double 1e-15 of the range
    (V: 18 arrays). Nearest and bilinear V (printed rows); lanczos, int16, uint16 B;
    logical goes through uint8 0/255 and "> 128" (B here, V for impyramid).

    >>> imresize(np.array([[1, 4, 7, 4, 3, 6]], dtype=np.uint8), [1, 9], "nearest").tolist()
    [[1, 4, 4, 7, 4, 4, 3, 6, 6]]
    """
    pixels = _checked(image, method)
    if pixels.dtype == np.bool_:
        gray = pixels.astype(np.uint8) * np.uint8(255)
        resized = imresize(gray, size, method, antialiasing=antialiasing, border=border)
        return np.greater(resized, 128)  # type: ignore[no-any-return]
    out_shape, scales = _shape_and_scales(pixels.shape[:2], size)
    kernel, width = KERNELS[method]
    smooth = (method != "nearest") if antialiasing is None else antialiasing
    for axis in np.argsort(scales, kind="stable").tolist():
        pixels = resample(pixels, axis, Sampling(out_shape[axis], scales[axis], kernel, width, border, smooth))
    return pixels


def _checked(image: NDArray[np.generic], method: str) -> NDArray[np.generic]:
    """Refuse what imresize does not take."""
    pixels = as_array(image)
    if not isinstance(method, str) or method not in KERNELS:
        raise ValueError(f"method is {method!r}, but imresize knows {', '.join(KERNELS)}")
    check_image("imresize", pixels)
    check_class("imresize", pixels, REALS)
    return pixels


def _shape_and_scales(
    shape: Sequence[int], size: float | Sequence[float]
) -> tuple[tuple[int, int], tuple[float, float]]:
    """Output (rows, cols) and the scale of each dimension."""
    numbers = np.asarray(size).dtype.kind in "iuf"
    wanted = np.asarray(size if numbers else np.nan, dtype=np.float64).ravel()
    given = wanted[~np.isnan(wanted)]
    if wanted.size not in (1, 2) or given.size == 0 or not np.all(np.isfinite(given) & (given > 0)):
        raise ValueError(f"size is {size!r}, but imresize takes a positive scale or [rows, cols]")
    rows, cols = shape
    if wanted.size == 2 and given.size == 2:
        out_rows, out_cols = (math.ceil(side) for side in wanted)
        return (out_rows, out_cols), (out_rows / rows, out_cols / cols)
    if wanted.size == 1:
        scale = float(wanted[0])
        return (math.ceil(scale * rows), math.ceil(scale * cols)), (scale, scale)
    side = math.ceil(given[0])
    if np.isnan(wanted[1]):
        return (side, math.ceil(side / rows * cols)), (side / rows, side / rows)
    return (math.ceil(side / cols * rows), side), (side / cols, side / cols)


def _cubic(d: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keys' cubic convolution with a = -1/2."""
    x = np.abs(d)
    square, cube = np.power(x, 2), np.power(x, 3)
    near = 1.5 * cube - 2.5 * square + 1
    far = -0.5 * cube + 2.5 * square - 4 * x + 2
    return near * (x <= 1) + far * ((x > 1) & (x <= 2))  # type: ignore[no-any-return]


def _triangle(d: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(1 - np.abs(d), 0)  # type: ignore[no-any-return]


def _box(d: NDArray[np.float64]) -> NDArray[np.float64]:
    return ((d >= -0.5) & (d < 0.5)).astype(np.float64)


def _lanczos(lobes: int) -> Kernel:
    eps = np.finfo(np.float64).eps  # makes 0 / 0 at the centre 1

    def kernel(d: NDArray[np.float64]) -> NDArray[np.float64]:
        top = np.sin(np.pi * d) * np.sin(np.pi * d / lobes) + eps
        return top / ((np.pi * d) ** 2 / lobes + eps) * (np.abs(d) < lobes)

    return kernel


KERNELS: dict[str, tuple[Kernel, float]] = {
    "nearest": (_box, 1.0),
    "bilinear": (_triangle, 2.0),
    "bicubic": (_cubic, 4.0),
    "box": (_box, 1.0),
    "triangle": (_triangle, 2.0),
    "cubic": (_cubic, 4.0),
    "lanczos2": (_lanczos(2), 4.0),
    "lanczos3": (_lanczos(3), 6.0),
}
