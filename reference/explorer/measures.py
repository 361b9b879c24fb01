"""The figures beside the result: those of Table 1, and the distance from the truth where that is known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, psnr
from reference.arrays import Image
from reference.evaluation.table_1 import columns

__all__ = ["MEASURES", "measures"]

MEASURES = {
    "truth": "PSNR against the truth, dB, higher is better",
    "piqe": "PIQE, of the result alone, lower is better",
    "psnr": "PSNR against source B, dB: how much of B it is",
    "ssim": "SSIM against source B (Table 1's form)",
    "entropy": "Entropy of its gray, bits",
}


def measures(fused: Image, image_b: Image, truth: Image | None) -> dict[str, str]:
    """Each of MEASURES as text, of 8-bit images; the columns of Table 1 by the protocol that its baseline row follows.

    >>> image = np.random.default_rng(0).random((32, 32))
    >>> measures(image, image, None)["psnr"]
    'infinite'
    """
    result = im2uint8(fused)
    found = columns(_in_colour(result), _in_colour(im2uint8(image_b)))
    if truth is not None:
        found["truth"] = float(psnr(result, im2uint8(truth)))
    digits = {"truth": 2, "piqe": 2, "psnr": 2, "ssim": 4, "entropy": 4}
    texts = {name: f"{found[name]:.{digits[name]}f}" for name in MEASURES if name in found}
    return {name: "infinite" if math.isinf(found[name]) else text for name, text in texts.items()}


def _in_colour(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Equal channels, whose gray is the image itself."""
    return image if image.ndim == 3 else np.repeat(image[..., np.newaxis], 3, axis=2)
