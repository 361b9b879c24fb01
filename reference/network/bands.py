"""The enhanced network band by band: the same scores, in memory that the processor's caches can hold.

Source: the paper, section 3 and figure 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from reference.network.enhanced import PATCH_FEATURES, EnhancedNetwork
from reference.patches import score_shape

__all__ = ["in_bands"]

ROWS = 64  # of scores in a band


def in_bands(
    network: EnhancedNetwork, pyramid_a: Sequence[Tensor], pyramid_b: Sequence[Tensor], rows: int = ROWS
) -> Tensor:
    """The same as `network(pyramid_a, pyramid_b)`, but for the order in which a convolution may add.

    A band of a level is cut out with `EnhancedConfig.halo` more pixels on each side, so that padding with zeros reaches
    no score that is kept, and is as the whole image's only where the image ends.
    """
    h, w = score_shape(tuple(pyramid_a[0].shape[-2:]))
    coarse = [_level(network, pyramid_a[level], pyramid_b[level], level, rows) for level in range(1, network.levels)]
    most = 2 ** (network.levels - 1)  # a row of the coarsest level serves so many rows of scores
    step = most * max(1, rows // (2 * most))  # scores have more channels than features: bands of half the rows
    logits = []
    for top in range(0, h, 2 * step):
        fine = _band(network, pyramid_a[0], pyramid_b[0], 0, (top, min(top + 2 * step, h)))
        for first in range(top, min(top + 2 * step, h), step):
            last = min(first + step, h)
            of_band = [part[..., first >> level : ((last - 1) >> level) + 1, :] for level, part in enumerate(coarse, 1)]
            logits.append(network.decide([fine[..., first - top : last - top, :], *of_band], (last - first, w)))
    return torch.cat(logits, dim=2)


def _level(network: EnhancedNetwork, gray_a: Tensor, gray_b: Tensor, level: int, rows: int) -> Tensor:
    """`level_part` band by band."""
    count = -(-gray_a.shape[-2] // 2) - (PATCH_FEATURES >> level) + 1
    bands = ((top, min(top + rows, count)) for top in range(0, count, rows))
    return torch.cat([_band(network, gray_a, gray_b, level, band) for band in bands], dim=2)


def _band(network: EnhancedNetwork, gray_a: Tensor, gray_b: Tensor, level: int, band: tuple[int, int]) -> Tensor:
    """Some rows of `level_part`."""
    top, bottom = band
    beside = network.config.halo
    first, last = max(2 * top - beside, 0), 2 * (bottom + (PATCH_FEATURES >> level) - 1) + beside
    part = network.level_part(gray_a[..., first:last, :], gray_b[..., first:last, :], level)
    skipped = top - first // 2
    return part[..., skipped : skipped + bottom - top, :]
