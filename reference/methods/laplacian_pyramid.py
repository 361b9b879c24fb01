"""Fusion of Laplacian pyramids, the method of most focus stacking programs."""

from __future__ import annotations

import numpy as np

from matlab_compat import im2double, impyramid
from reference.pipeline import Fusion, steps_in_order
from reference.steps.arrays import Image
from reference.steps.checks import check_pair

LEVELS = 4  # of detail; fewer for an image under 16 pixels


def laplacian_pyramid(image_a: Image, image_b: Image) -> Fusion:
    """Take the stronger detail at each level of a Laplacian pyramid, and the mean of the residuals at the top.

    L_l = G_l - expand(G_l+1),  G_0 the image, G_l+1 = reduce(G_l)                       (Burt, Adelson 1983)
    L_l(F) = L_l(A) where |L_l(A)| > |L_l(B)|, else L_l(B);  G_4(F) = (G_4(A) + G_4(B)) / 2

    image_a, image_b  (H, W) or (H, W, 3) in [0, 1]; channels are fused one by one
    returns           fused image, which may leave [0, 1] a little, and as decision map the share of channels whose
                      finest detail is A's
    raises            ValueError for shapes that differ or values outside [0, 1]

    MATLAB: impyramid(..., 'reduce') and 'expand'; one more row or column of the expanded image is replicated

    >>> sharp, flat = np.indices((32, 32)).sum(axis=0) % 2 * 1.0, np.full((32, 32), 0.5)
    >>> bool(np.allclose(laplacian_pyramid(sharp, flat).image, sharp, atol=0.02))
    True
    """
    check_pair(image_a, image_b)
    details_a, top_a = _details(image_a)
    details_b, top_b = _details(image_b)
    chosen = [np.abs(a) > np.abs(b) for a, b in zip(details_a, details_b, strict=True)]
    fused: Image = (top_a + top_b) / 2
    for from_a, a, b in zip(reversed(chosen), reversed(details_a), reversed(details_b), strict=True):
        fused = np.where(from_a, a, b) + _expand(fused, a.shape)
    finest = chosen[0].astype(np.float64)
    share = finest if finest.ndim == 2 else finest.mean(axis=2)
    steps = steps_in_order(detail_a=tuple(details_a), detail_b=tuple(details_b), from_a=tuple(chosen), fusion=fused)
    return Fusion(fused, share, steps)


def _details(image: Image) -> tuple[list[Image], Image]:
    """The Laplacian levels, the finest first, and the residual."""
    details = []
    for _ in range(min(LEVELS, max(1, min(image.shape[:2]).bit_length() - 1))):
        smaller = im2double(impyramid(image, "reduce"))
        details.append(image - _expand(smaller, image.shape))
        image = smaller
    return details, image


def _expand(image: Image, shape: tuple[int, ...]) -> Image:
    """Double the size, to exactly `shape`."""
    larger = im2double(impyramid(image, "expand"))
    missing = [(0, full - side) for full, side in zip(shape, larger.shape, strict=True)]
    return np.pad(larger, missing, mode="edge")
