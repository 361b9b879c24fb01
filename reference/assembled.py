"""The parts of a fused image put together as they are stored, so that the whole is never there in double."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.image_io import in_class
from reference.pipeline import Fused
from reference.region import Region

__all__ = ["Assembled", "assembled"]


class Assembled(NamedTuple):
    """A fused image and its decision map as they are written, and what is said of the map.

    outside  by how much it leaves [0, 1]
    from_a   pixels that are taken from A more than from B
    """

    result: NDArray[Any]
    decision_map: NDArray[np.uint8]
    outside: float
    from_a: int


def assembled(parts: Iterable[tuple[Region, Fused]], shape: tuple[int, ...], stored: np.dtype[Any]) -> Assembled:
    """Cast every part, and put it where it lies.

    parts   of an image of that shape, which they cover
    stored  the class of its pixels in a file
    """
    result, decision_map = np.empty(shape, stored), np.empty(shape[:2], np.uint8)
    outside, from_a = 0.0, 0
    for region, (image, weights) in parts:
        region.of(result)[...] = in_class(image, stored)
        region.of(decision_map)[...] = im2uint8(np.clip(weights, 0.0, 1.0))
        outside = float(max(outside, -weights.min(), weights.max() - 1))
        from_a += int((weights > 0.5).sum())
    return Assembled(result, decision_map, outside, from_a)
