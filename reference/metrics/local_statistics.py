"""Mean, variance and covariance under a sliding window, and the structural similarity built from them.

Source: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, IEEE Trans. Image Processing 13(4), 2004.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.steps.arrays import Levels

BOX_SIDE = 8
SSIM_C1, SSIM_C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2  # Wang et al. 2004
ROWS = 8  # of the result, by one product of matrices
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


def separable_inside(x: Levels, weights: Levels) -> Levels:
    """The same where the window lies inside the image, (H - side + 1, W - side + 1)."""
    reach = weights.size // 2
    return separable(x, weights)[reach : x.shape[0] - reach, reach : x.shape[1] - reach]


def gaussian_mean(x: Levels, side: int = 11, sigma: float = 1.5) -> Levels:
    """Mean under G(side, sigma), by default the window of SSIM (Wang et al. 2004), where it lies inside."""
    return separable_inside(x, gaussian(side, sigma))


def flat(x: Levels, side: int) -> NDArray[np.bool_]:
    """Where an image is constant over the whole window, (H - side + 1, W - side + 1)."""
    below = x[1:] == x[:-1]
    constant: NDArray[np.bool_] = below[:, 1:] & below[:, :-1] & (x[1:, 1:] == x[1:, :-1])  # over 2 x 2 pixels
    for _ in range(side - 2):  # four windows that overlap make one that is larger by a pixel
        constant = constant[1:] & constant[:-1]
        constant = constant[:, 1:] & constant[:, :-1]
    return constant


def local(image: Levels, window: Window, flat_side: int | None = None) -> Local:
    """Mean and variance, w * X^2 - (w * X)^2.

    flat_side  of the window, where rounding noise must not count: an image constant under it has variance 0, and no
               variance is negative
    """
    mean = window(image)
    variance = window(image * image) - mean * mean
    if flat_side is None:
        return Local(image, mean, variance)
    constant = flat(image, flat_side)
    variance[constant | (variance < 0)] = 0.0
    return Local(image, mean, variance, constant)


def covariance(x: Local, y: Local, window: Window) -> Levels:
    """w * (X Y) - (w * X) (w * Y); 0 where one of them is flat."""
    values = window(x.image * y.image) - x.mean * y.mean
    if x.flat is not None and y.flat is not None:
        values[x.flat | y.flat] = 0.0
    return values


def similarity(x: Local, y: Local, cov: Levels, c1: float = SSIM_C1, c2: float = SSIM_C2) -> Levels:
    """S(X, Y) = (2 mu_X mu_Y + C1) (2 cov + C2) / ((mu_X^2 + mu_Y^2 + C1) (var_X + var_Y + C2))  (Wang et al. 2004)."""
    top = (2 * x.mean * y.mean + c1) * (2 * cov + c2)
    return top / ((x.mean * x.mean + y.mean * y.mean + c1) * (x.variance + y.variance + c2))
