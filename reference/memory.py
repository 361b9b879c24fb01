"""How much memory a fusion takes: said before it starts, so that nobody has to find out."""

from __future__ import annotations

import math

from reference.fusing import Fusing
from reference.image_io import ImageFile

__all__ = ["estimate"]

PROGRAM = 300e6  # bytes: Python, its libraries, weights
# Bytes that deciding takes: at once, and for each pixel of what is looked at together (docs/real_photographs.md).
DECIDING = {
    "enhanced": (600e6, 350), "small": (380e6, 120), "liu2017": (0.0, 1180), "liu2017_authors": (0.0, 1180),
    "gfdf": (0.0, 155),
}  # fmt: skip
BLENDING = 150  # bytes a pixel: guide, filter and its sums, in double
OPENING = 11  # bytes a pixel of the whole: regions are numbered by 64 bits


def estimate(a: ImageFile, by: Fusing, side: int | None) -> float:
    """Bytes that `fuse_files` takes at most, by what was measured.

    a     one of two sources of one size
    side  of the tiles; None if all is done at once

    >>> from reference.fusing import ByGfdf
    >>> photograph = ImageFile(np.empty((10000, 10000, 3), np.uint8), np.dtype(np.uint8))
    >>> f"{estimate(photograph, ByGfdf(), side=1536) / 1e9:.1f} GB"
    '2.5 GB'
    """
    height, width = a.shape[:2]
    pixels, channels = height * width, math.prod(a.shape[2:])
    files = 3 * a.raw.nbytes + 2 * pixels  # both sources and the result; the decision map in bits and in bytes
    record = by.record()
    at_once, for_each = DECIDING[record["network"]["name"] if "network" in record else "gfdf"]
    looked_at = min(pixels, (side + 2 * by.reach) ** 2) if side else pixels
    doubles = 0 if side else 3 * 8 * channels * pixels
    working = max(at_once + for_each * looked_at, BLENDING * looked_at, OPENING * pixels)
    return PROGRAM + files + doubles + working
