"""The figures beside the result: those of Table 1, and the distance from the truth where that is known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, psnr
from reference.arrays import Image
from reference.evaluation.table_1 import columns

__all__ = ["ABOUT", "MEASURES", "measures"]

MEASURES = {
    "truth": "PSNR against the truth, dB, higher is better",
    "piqe": "PIQE, of the result alone, lower is better",
    "psnr": "PSNR against source B, dB: how much of B it is",
    "ssim": "SSIM against source B (Table 1's form)",
    "entropy": "Entropy of its gray, bits",
}


ABOUT = {
    "PSNR": "is how near two images are, in decibels: 10 log10(255² / MSE), with MSE the mean squared difference of "
    "their 8-bit values. Three decibels more halve the MSE. Only the embedded pairs have a truth, an image that is "
    "sharp everywhere, to compare with.",
    "PIQE": "guesses from the result alone how good it looks (Venkatanath et al. 2015); it says little of focus.",
    "SSIM": "compares mean, contrast and structure of two images around each pixel (Wang et al. 2004); 1 is equal. "
    "Against source B, it and PSNR say how much of B the result is, not how good it is.",
    "Entropy": "is how evenly the gray levels are used, at most 8 bits; it says little of focus.",
    "Table 1": "is the paper's table of results: PIQE, PSNR and SSIM against source B, and entropy, of one pair that "
    "only the paper has; here they are computed as its first row was found to be.",
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
