"""How much of each spatial frequency an eye sees.

Source: J. Mannos, D. Sakrison, IEEE Trans. Information Theory 20(4), 1974; Y. Chen, R. S. Blum, Image and Vision
Computing 27(10), 2009.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import fft

from reference.arrays import Levels

__all__ = ["filtered", "frequency_weights"]


def frequency_weights(shape: tuple[int, ...], sensitivity: Callable[[Levels], Levels], scale: float) -> Levels:
    """S(r) at every frequency of an image's spectrum, (H, W // 2 + 1), zero frequency at [0, 0].

    r = sqrt(k_x^2 + k_y^2) / scale, k whole cycles an image, whatever its size

    sensitivity  S, of an array of r
    """
    height, width = shape
    k_y, k_x = fft.fftfreq(height, 1 / height), fft.rfftfreq(width, 1 / width)
    return sensitivity(np.sqrt(k_y[:, np.newaxis] ** 2 + k_x**2) / scale)


def filtered(image: Levels, weights: Levels) -> Levels:
    """Multiply the spectrum of gray levels by `weights`; the image goes on around its borders."""
    return fft.irfft2(fft.rfft2(image) * weights, s=image.shape)  # type: ignore[no-any-return]
