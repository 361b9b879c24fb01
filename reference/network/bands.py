"""The enhanced network band by band: the same scores, in memory that the processor's caches can hold.

Source: the paper, section 3 and figure 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from reference.network.enhanced import PATCH_FEATURES, EnhancedConfig, EnhancedNetwork
from reference.patches import score_shape

__all__ = ["halo", "in_bands"]

ROWS = 64  # of scores in a band


def in_bands(
    network: EnhancedNetwork, pyramid_a: Sequence[Tensor], pyramid_b: Sequence[Tensor], rows: int = ROWS
) -> Tensor:
    """The same as `network(pyramid_a, pyramid_b)`, but for the order in which a convolution may add.

    A band of a level is cut out with `halo` more pixels on each side, so that padding with zeros reaches no score
    that is kept, and is as the whole image's only where the image ends.
    """
    parts = [_level(network, pyramid_a[level], pyramid_b[level], level, rows) for level in range(network.levels)]
    h, w = score_shape(tuple(pyramid_a[0].shape[-2:]))
    most = 2 ** (network.levels - 1)  # a row of the coarsest level serves so many rows of scores
    step = most * max(1, rows // (2 * most))  # scores have more channels than features: bands of half the rows
    bands = []
    for top in range(0, h, step):
        bottom = min(top + step, h)
        of_band = [part[..., top >> level : ((bottom - 1) >> level) + 1, :] for level, part in enumerate(parts)]
        bands.append(network.decide(of_band, (bottom - top, w)))
    return torch.cat(bands, dim=2)


def halo(config: EnhancedConfig) -> int:
    """Pixels beside a band that its features depend on, an even number.

    >>> halo(EnhancedConfig())
    8
    """
    reach = [size // 2 for size in config.filter_sizes]
    return 2 * (-(-sum(reach[:2]) // 2) + sum(reach[2:]))


def _level(network: EnhancedNetwork, gray_a: Tensor, gray_b: Tensor, level: int, rows: int) -> Tensor:
    """`level_part` band by band."""
    height, beside = gray_a.shape[-2], halo(network.config)
    window = PATCH_FEATURES >> level
    count = -(-height // 2) - window + 1
    bands = []
    for top in range(0, count, rows):
        bottom = min(top + rows, count)
        first, last = max(2 * top - beside, 0), min(2 * (bottom + window - 1) + beside, height)
        part = network.level_part(gray_a[..., first:last, :], gray_b[..., first:last, :], level)
        skipped = top - first // 2
        bands.append(part[..., skipped : skipped + bottom - top, :])
    return torch.cat(bands, dim=2)
