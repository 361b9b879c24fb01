"""The Gaussian window of structural similarity, as ssim and multissim share it.

MATLAB: the Radius of ssim, the Sigma of multissim.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["gaussian_blur"]


def gaussian_blur(z: NDArray[np.floating], sigma: float, axes: tuple[int, ...]) -> NDArray[np.floating]:
    """The Gaussian of all the axes at once, one after the other: 2 ceil(3 sigma) + 1 wide, the border replicated.

    >>> gaussian_blur(np.array([0.0, 0, 1, 0, 0]), 0.25, (0,)).round(4).tolist()
    [0.0, 0.0003, 0.9993, 0.0003, 0.0]
    """
    from scipy import ndimage

    reach = int(np.ceil(3 * sigma))
    w = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    for axis in axes:
        z = ndimage.correlate1d(z, w / w.sum(), axis=axis, mode="nearest")
    return z
