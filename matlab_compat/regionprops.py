"""MATLAB's regionprops: size, middle and box of regions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.bwlabel import bwlabel
from matlab_compat.classes import REALS, as_array, check_class, check_image
from matlab_compat.regions import pixel_lists

__all__ = ["regionprops"]


class RegionProperties(NamedTuple):
    """The fields of regionprops's struct array, one row a region."""

    area: NDArray[np.float64]
    centroid: NDArray[np.float64]
    bounding_box: NDArray[np.float64]
    pixel_idx_list: list[NDArray[np.intp]]


def regionprops(regions: NDArray[np.generic]) -> RegionProperties:
    """Measure every region of a mask or of a label matrix.

    area = number of pixels    centroid = mean (x, y) of the pixels
    bounding_box = (x, y) of the upper left corner, half a pixel before the first, width, height

    regions  (H, W) logical, whose pixels belong together if they touch, at corners too; or labels, whole from 0 on
    returns  area (n,), centroid (n, 2), bounding_box (n, 4) and pixel_idx_list as bwconncomp has it, for the regions
             1 to n; a label that no pixel has: 0, NaN, a box without size, an empty list
    raises   ValueError for another shape or labels that are no whole numbers from 0 on, TypeError for another class

    MATLAB: regionprops(BW, "Area", "Centroid", "BoundingBox", "PixelIdxList"), regionprops(L, ...), whose x, y and
    positions count from 1, ours from 0
    Parity: exact, centroids 1e-14 (D; Octave agrees). The row of a label that no pixel has: B.

    >>> found = regionprops(np.array([[0, 1, 1], [0, 0, 1]], dtype=bool))
    >>> found.area.tolist(), found.centroid.round(3).tolist(), found.bounding_box.tolist()
    ([3.0], [[1.667, 0.333]], [[0.5, -0.5, 2.0, 2.0]])
    """
    given = as_array(regions)
    check_image("regionprops", given, (2,))
    check_class("regionprops", given, REALS)
    if given.dtype != np.bool_ and not (given.min() >= 0 and np.isfinite(given).all() and (given % 1 == 0).all()):
        raise ValueError(f"labels are from {given.min()} to {given.max()}, but regionprops takes whole ones from 0 on")
    label = bwlabel(given).label if given.dtype == np.bool_ else given.astype(np.intp)
    count = int(label.max())
    lists = pixel_lists(label, count)
    area, centroid = np.zeros(count), np.full((count, 2), np.nan)
    box = np.tile([-0.5, -0.5, 0.0, 0.0], (count, 1))
    for number, positions in enumerate(lists):
        if positions.size:
            x, y = np.divmod(positions, label.shape[0])
            area[number], centroid[number] = positions.size, (x.mean(), y.mean())
            box[number] = x.min() - 0.5, y.min() - 0.5, np.ptp(x) + 1, np.ptp(y) + 1
    return RegionProperties(area, centroid, box, lists)
