"""The geometry of scores: 16 x 16 patches, 2 pixels apart (paper, section 3.1.1)."""

from __future__ import annotations

__all__ = ["PATCH", "STRIDE", "score_shape"]

PATCH = 16  # sec. 3.1.1, pixels: "the spot corresponding to the 16 x 16 dimension in the source image"
STRIDE = 2  # sec. 3.1.1, pixels between neighbouring scores: "scaled to the two-pixel level"


def score_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Size of the score map of an (H, W) image: (ceil(H / 2) - 7, ceil(W / 2) - 7).

    raises   ValueError for a side under one patch

    >>> score_shape((520, 521))
    (253, 254)
    """
    if min(shape[:2]) < PATCH:
        raise ValueError(f"the image is {shape}, but a patch is {PATCH} x {PATCH} pixels")
    rows, columns = (-(-side // STRIDE) - PATCH // STRIDE + 1 for side in shape[:2])
    return rows, columns
