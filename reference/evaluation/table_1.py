"""Table 1's four columns, under the protocol that its printed baseline was found to follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat import entropy, piqe, psnr, rgb2gray, ssim

__all__ = ["Columns", "columns"]

Columns = dict[str, float]


def columns(fused: NDArray[np.uint8], source_b: NDArray[np.uint8]) -> Columns:
    """PIQE of the fused image; PSNR and SSIM of its gray against the gray of source B; entropy of its gray.

    The columns of Table 1. SSIM is that of doubles from 0 to 255 with MATLAB's default dynamic range for doubles, 1.

    fused, source_b  (H, W, 3) uint8

    >>> image = np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    >>> values = columns(image, image)
    >>> values["psnr"], values["ssim"]
    (inf, 1.0)
    """
    gray, gray_b = rgb2gray(fused), rgb2gray(source_b)
    similarity = ssim(gray.astype(np.float64), gray_b.astype(np.float64))
    return {
        "piqe": float(piqe(fused).score), "psnr": float(psnr(gray, gray_b)), "ssim": float(similarity.ssimval),
        "entropy": float(entropy(gray)),
    }  # fmt: skip
