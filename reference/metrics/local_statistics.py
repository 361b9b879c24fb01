"""Mean, variance and covariance under a sliding window, and the structural similarity built from them.

Source: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, IEEE Trans. Image Processing 13(4), 2004.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from reference.steps.arrays import Levels

BOX_SIDE = 8
SSIM_C1, SSIM_C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2  # Wang et al. 2004
ROWS = 8  # of the result, by one product of matrices
T = TypeVar("T", bound=np.generic)
Window = Callable[[Levels], Levels]


class Local(NamedTuple):
    """An image with its local mean and variance, and where it counts as flat."""

    image: Levels
    mean: Levels
    variance: Levels
    flat: NDArray[np.bool_] | None = None


def box_mean(x: Levels) -> Levels:
    """Mean of each 8 x 8 window inside the image, (H - 7, W - 7).

    Sums are formed in pairs, which is exact for integers and in flat windows, where a running sum would leave noise.
    """
    for step in (1, 2, 4):
        x = x[:-step] + x[step:]
        x = x[:, :-step] + x[:, step:]
    return x / BOX_SIDE**2


def gaussian(side: int, sigma: float) -> Levels:
    """One side of the window G(side, sigma), with sum 1; the window is the product of two.

    >>> gaussian(3, 0.5).round(4).tolist()
    [0.1065, 0.787, 0.1065]
    """
    x = np.arange(side) - (side - 1) / 2
    w = np.exp(-(x * x) / (2 * sigma * sigma))
    return w / w.sum()  # type: ignore[no-any-return]


def gaussian_mean(x: Levels, side: int, sigma: float) -> Levels:
    """Mean under G(side, sigma) at every pixel, zero beyond the border, (H, W)."""
    return separable(x, gaussian(side, sigma))


def separable(x: Levels, weights: Levels) -> Levels:
    """Correlate rows and columns with weights of odd length, zero beyond the border, (H, W).

    Computed as products of matrices, some rows at a time, several times as fast as scipy.ndimage.correlate1d.
    """
    return _along_columns(_along_columns(x.T, weights).T, weights)


def _along_columns(x: Levels, weights: Levels) -> Levels:
    side, height = weights.size, x.shape[0]
    reach, after = side // 2, -height % ROWS + side // 2
    band = np.zeros((ROWS, side + ROWS - 1))
    for row in range(ROWS):
        band[row, row : row + side] = weights
    padded = np.pad(x, ((reach, after), (0, 0)))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, band.shape[1], axis=0)[::ROWS]
    return (band @ pieces.swapaxes(1, 2)).reshape(-1, x.shape[1])[:height]


def gaussian_mean_inside(x: Levels, side: int, sigma: float) -> Levels:
    """Mean under G(side, sigma) where the window lies inside, (H - side + 1, W - side + 1)."""
    return cut(gaussian_mean(x, side, sigma), side)


def ssim_window(x: Levels) -> Levels:
    """Mean under the window of SSIM, G(11, 1.5) (Wang et al. 2004), where it lies inside, (H - 10, W - 10)."""
    return gaussian_mean_inside(x, side=11, sigma=1.5)


def cut(x: NDArray[T], side: int) -> NDArray[T]:
    """The positions where a window of that side lies inside the image."""
    before, after = side // 2, (side - 1) // 2
    return x[before : x.shape[0] - after, before : x.shape[1] - after]


def flat(x: Levels, side: int) -> NDArray[np.bool_]:
    """Where an image is constant over the whole window, (H - side + 1, W - side + 1).

    Every row of the window is constant, and so is its first column.
    """
    rows = _runs(_runs(x[:, 1:] == x[:, :-1], side - 1, axis=1), side, axis=0)
    first_column = _runs(x[1:] == x[:-1], side - 1, axis=0)
    return rows & first_column[:, : rows.shape[1]]


def _runs(mask: NDArray[np.bool_], length: int, axis: int) -> NDArray[np.bool_]:
    """Where a run of `length` True values begins."""
    shifted = np.lib.stride_tricks.sliding_window_view(mask, length, axis=axis)
    return np.logical_and.reduce([shifted[..., k] for k in range(length)])  # type: ignore[no-any-return]


def local(image: Levels, window: Window, flat: NDArray[np.bool_] | None = None) -> Local:
    """Mean and variance, w * X^2 - (w * X)^2. With `flat` given, the variance is 0 there and at least 0 elsewhere."""
    mean = window(image)
    variance = window(image * image)
    variance -= mean * mean
    if flat is not None:
        variance[flat | (variance < 0)] = 0.0
    return Local(image, mean, variance, flat)


def covariance(x: Local, y: Local, window: Window) -> Levels:
    """w * (X Y) - (w * X) (w * Y); 0 where one of them is flat."""
    values = window(x.image * y.image)
    values -= x.mean * y.mean
    if x.flat is not None and y.flat is not None:
        values[x.flat | y.flat] = 0.0
    return values


def similarity(x: Local, y: Local, cov: Levels, c1: float, c2: float) -> Levels:
    """S(X, Y) = (2 mu_X mu_Y + C1) (2 cov + C2) / ((mu_X^2 + mu_Y^2 + C1) (var_X + var_Y + C2))  (Wang et al. 2004)."""
    top = 2 * x.mean * y.mean + c1
    top *= 2 * cov + c2
    bottom = x.mean * x.mean
    bottom += y.mean * y.mean
    bottom += c1
    bottom *= x.variance + y.variance + c2
    top /= bottom
    return top
