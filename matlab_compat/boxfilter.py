"""He's boxfilter: sums over square windows by cumulative sums."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["boxfilter"]


def boxfilter(image: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    """Sum the pixels of the (2 r + 1)-wide window around every pixel; windows are cut off at the border.

    out(i) = C(min(i + r, n - 1)) - C(i - r - 1), C the cumulative sum, C(k) = 0 for k < 0; first down, then across

    image    (H, W) double
    radius   r, pixels, 0 or more
    returns  (H, W) double: sums, not means
    raises   ValueError for another rank or a negative radius

    MATLAB: boxfilter(image, r) of He et al., "Guided image filtering"
    Parity: last digit, as the differences of cumulative sums are taken in the same order (V through guidedfilter).
    Our extension: on a side shorter than 2 r + 1 the original stops with an index error; here the windows are cut off.

    >>> boxfilter(np.ones((3, 4)), 1).tolist()
    [[4.0, 6.0, 6.0, 4.0], [6.0, 9.0, 9.0, 6.0], [4.0, 6.0, 6.0, 4.0]]
    """
    if image.ndim != 2:
        raise ValueError(f"boxfilter takes an image of shape (H, W), not {image.shape}")
    if radius < 0:
        raise ValueError(f"radius is {radius}, but a window cannot be narrower than its centre pixel")
    return _window_sums(_window_sums(image, radius).T, radius).T


def _window_sums(lines: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    """Window sums down the columns."""
    n = lines.shape[0]
    cumulative = np.concatenate([np.zeros((1, lines.shape[1])), np.cumsum(lines, axis=0)])
    i = np.arange(n)
    last, before = np.minimum(i + radius, n - 1), np.maximum(i - radius, 0)
    return cumulative[last + 1] - cumulative[before]  # type: ignore[no-any-return]
