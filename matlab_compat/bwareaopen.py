"""MATLAB's bwareaopen: drop the small regions of a binary image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["bwareaopen"]


def bwareaopen(image: NDArray[np.generic], area: int, connectivity: int = 8) -> NDArray[np.bool_]:
    """Remove every connected region of fewer than `area` pixels.

    image         (H, W); nonzero is true
    area          pixels; a region of exactly `area` pixels stays
    connectivity  8: pixels that touch at a corner belong together; 4: they do not
    returns       (H, W) bool
    raises        ValueError for another rank, connectivity, or a negative area

    MATLAB: bwareaopen(image, area)
    Parity: exact (D; V for the 8 neighbours: with 4, three of 28 published GFDF results are lost). Regions are
    found by scipy.ndimage.label.

    >>> bwareaopen(np.eye(3), 3).sum(), bwareaopen(np.eye(3), 3, 4).sum(), bwareaopen(np.eye(3), 4).sum()
    (np.int64(3), np.int64(0), np.int64(0))
    """
    from scipy import ndimage  # costs half a second: loaded by those who use it

    mask = np.asarray(image) != 0
    if mask.ndim != 2:
        raise ValueError(f"bwareaopen takes an image of shape (H, W), not {mask.shape}")
    if connectivity not in (4, 8):
        raise ValueError(f"connectivity is {connectivity}, but bwareaopen takes 4 or 8")
    if area < 0:
        raise ValueError(f"area is {area}, but a region cannot have fewer than 0 pixels")
    neighbours = ndimage.generate_binary_structure(2, 1 if connectivity == 4 else 2)
    labels, _ = ndimage.label(mask, neighbours)
    keep = np.bincount(labels.ravel()) >= area
    keep[0] = False  # label 0 is the background
    return keep[labels]  # type: ignore[no-any-return]
