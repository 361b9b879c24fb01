"""GFF: image fusion with guided filtering (Li, Kang, Hu 2013)."""

from __future__ import annotations

import numpy as np

from matlab_compat import fspecial, guidedfilter, im2double, im2uint8, imfilter, rgb2gray
from reference.pipeline import Fusion, steps_in_order
from reference.steps.arrays import Gray, Image, Map
from reference.steps.checks import check_pair

LAPLACIAN = ((0, 1, 0), (1, -4, 1), (0, 1, 0))
SALIENCY_SIDE, SALIENCY_SIGMA = 11, 5  # pixels, of the Gaussian
BASE_SIDE = 31  # pixels, of the mean
BASE = (45, 0.3)  # radius in pixels and eps of the guided filter of a layer's weights
DETAIL = (7, 1e-6)


def gff(image_a: Image, image_b: Image, base: tuple[int, float] = BASE, detail: tuple[int, float] = DETAIL) -> Fusion:
    """Fuse a base layer and a detail layer, each by its own weights: saliency maps under a guided filter.

    S_n = gaussian(|laplacian(gray_n)|),  P_A = S_A >= S_B,  W_n = guided(gray_n; P_n), per layer, scaled to sum 1,
    F = sum of W_n^B B_n + sum of W_n^D D_n,  B_n = mean31(I_n),  D_n = I_n - B_n     (Li, Kang, Hu 2013, Eq. 1-10)

    image_a, image_b  (H, W) or (H, W, 3) in [0, 1]
    base, detail      radius in pixels and eps of the guided filters of both layers' weights
    returns           fused image, before the cast, and as decision map the weight of A's detail layer
    raises            ValueError for shapes that differ or values outside [0, 1]

    MATLAB: the authors' GFF: rgb2gray on uint8, imfilter(..., 'replicate'), guidedfilter, uint8
    Parity: after im2uint8, 12 of 15 published results bit-exact, the others off by 1 (V): ties of saliency in flat
    areas, decided at 1e-17. As there, refined weights are quantised, W = uint8(255 W) / 255, and 1e-12 is added to each
    before they are scaled, so that two zeros share equally.

    >>> sharp, flat = np.indices((32, 32)).sum(axis=0) % 2 * 1.0, np.full((32, 32), 0.5)
    >>> bool(np.allclose(gff(sharp, flat).image, sharp))
    True
    """
    check_pair(image_a, image_b)
    # Levels rounded to 8 bits, as MATLAB computes them from a uint8 image.
    grays = [im2double(rgb2gray(im2uint8(x))) if x.ndim == 3 else x for x in (image_a, image_b)]
    saliency_a, saliency_b = (_saliency(gray) for gray in grays)
    a_wins = saliency_a >= saliency_b  # a tie goes to A
    masks = [a_wins.astype(np.float64), (~a_wins).astype(np.float64)]
    mean = fspecial("average", BASE_SIDE)
    base_a, base_b = (imfilter(image, mean, "replicate") for image in (image_a, image_b))
    base_weights, detail_weights = (_weight_of_a(grays, masks, *guided) for guided in (base, detail))
    fused = _blend(base_weights, base_a, base_b) + _blend(detail_weights, image_a - base_a, image_b - base_b)
    return Fusion(fused, detail_weights[0], steps_in_order(
        gray_a=grays[0], gray_b=grays[1], saliency_a=saliency_a, saliency_b=saliency_b, initial_weight=masks[0],
        base_weight=base_weights[0], detail_weight=detail_weights[0], fusion=fused,
    ))  # fmt: skip


def _saliency(gray: Gray) -> Gray:
    """Local mean of the absolute Laplacian."""
    strength = np.abs(imfilter(gray, LAPLACIAN, "replicate"))
    return imfilter(strength, fspecial("gaussian", SALIENCY_SIDE, SALIENCY_SIGMA), "replicate")


def _weight_of_a(grays: list[Gray], masks: list[Map], radius: int, eps: float) -> tuple[Map, Map]:
    """The refined weights of A and B, quantised, with sum 1."""
    a, b = (im2double(im2uint8(guidedfilter(gray, mask, radius, eps))) for gray, mask in zip(grays, masks, strict=True))
    a, b = a + 1e-12, b + 1e-12
    return a / (a + b), b / (a + b)


def _blend(weights: tuple[Map, Map], layer_a: Image, layer_b: Image) -> Image:
    """Weighted sum of a layer of both sources."""
    weight_a, weight_b = (weight if layer_a.ndim == 2 else weight[..., np.newaxis] for weight in weights)
    blended: Image = weight_a * layer_a + weight_b * layer_b
    return blended
