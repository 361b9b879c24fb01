"""How much memory a fusion takes: said before it starts, and what decides how large its tiles are."""

from __future__ import annotations

import math

from reference.fusing import Fusing
from reference.image_io import ImageFile
from reference.tiles import tiles

__all__ = ["estimate", "side_for"]

LARGE = 4e6  # pixels, from which on an image is done in tiles, if nothing else is asked for
FOR_A_TILE = 1.5e9  # bytes that deciding on a tile may take
# Measured (docs/real_photographs.md), in bytes.
PROGRAM = 300e6  # Python, its libraries, weights
# For each pixel of a tile.
DECIDING = {"enhanced": 450, "small": 290, "liu2017": 1200, "liu2017_authors": 1200, "gfdf": 160}
BLENDING = 160  # for each pixel of a tile: guide, filter and its sums, in double
OPENING = 12  # for each pixel of the whole: regions are numbered by 64 bits


def side_for(shape: tuple[int, ...], by: Fusing) -> int | None:
    """Of the tiles of an image, pixels; None for one that is small enough to be done at once.

    >>> from reference.fusing import ByGfdf
    >>> side_for((520, 520), ByGfdf()), side_for((10000, 10000), ByGfdf())
    (None, 3035)
    """
    if math.prod(shape[:2]) <= LARGE:
        return None
    return int(math.sqrt(FOR_A_TILE / _deciding(by)) - 2 * by.reach)


def estimate(a: ImageFile, by: Fusing, side: int | None) -> float:
    """Bytes that `fuse_files` takes at most, about.

    a     one of two sources of one size
    side  of the tiles; None if all is done at once

    >>> from reference.fusing import ByGfdf
    >>> photograph = ImageFile(np.empty((10000, 10000, 3), np.uint8), np.dtype(np.uint8))
    >>> f"{estimate(photograph, ByGfdf(), 2048) / 1e9:.1f}, at once {estimate(photograph, ByGfdf(), None) / 1e9:.1f} GB"
    '2.6, at once 24.6 GB'
    """
    height, width = a.shape[:2]
    pixels = height * width
    files = 3 * a.raw.nbytes + 2 * pixels  # both sources and the result; the decision map in bits and in bytes
    if side is None:
        doubles = 3 * 8 * math.prod(a.shape)
        return PROGRAM + files + doubles + max(_deciding(by), BLENDING) * pixels
    tile = max(math.prod(outer.size) for _, outer in tiles(a.shape, side, by.reach, by.grid))
    return PROGRAM + files + max(max(_deciding(by), BLENDING) * tile, OPENING * pixels)


def _deciding(by: Fusing) -> int:
    record = by.record()
    return DECIDING[record["network"]["name"] if "network" in record else "gfdf"]
