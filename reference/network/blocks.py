"""The enhanced network block by block: the same scores, with arrays that fit into the processor's caches.

Source: the paper, section 3 and figure 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from torch import Tensor

from reference.images.region import Region
from reference.network.enhanced import PATCH_FEATURES, EnhancedNetwork
from reference.steps.arrays import score_shape

ROWS, COLUMNS = 64, 128  # of scores in a block, at most


def in_blocks(
    network: EnhancedNetwork,
    pyramid_a: Sequence[Tensor],
    pyramid_b: Sequence[Tensor],
    rows: int = ROWS,
    columns: int = COLUMNS,
    progress: Callable[[int, int], None] | None = None,
) -> Tensor:
    """Compute `network(pyramid_a, pyramid_b)` block by block, equal but for the order of sums in a convolution.

    A block of a level is cut out with `EnhancedConfig.halo` more pixels on each side. So zero padding affects a score
    only at the border of the image, as it does for the whole.

    progress  receives how many blocks of how many are done
    """
    h, w = score_shape(tuple(pyramid_a[0].shape[-2:]))
    coarse = [_level(network, pyramid_a[k], pyramid_b[k], k, (rows, columns)) for k in range(1, network.levels)]
    coarsest = 2 ** (network.levels - 1)  # rows of scores that share a row of the coarsest level
    logits = pyramid_a[0].new_empty(len(pyramid_a[0]), 2, h, w)
    blocks = [*_blocks(h, w, *(coarsest * max(1, most // coarsest) for most in (rows, columns)))]
    for done, block in enumerate(blocks, 1):
        parts = [_part(network, pyramid_a[0], pyramid_b[0], 0, block)]
        parts += [_cut(part, block, level) for level, part in enumerate(coarse, 1)]
        _cut(logits, block)[...] = network.decide(parts, block.size)
        if progress:
            progress(done, len(blocks))
    return logits


def _blocks(height: int, width: int, rows: int, columns: int) -> Iterator[Region]:
    for top in range(0, height, rows):
        for left in range(0, width, columns):
            yield Region(top, min(top + rows, height), left, min(left + columns, width))


def _cut(x: Tensor, block: Region, level: int = 0) -> Tensor:
    """A block, given in scores, of an array whose rows and columns are 2^level scores apart."""
    rows, columns = (slice(first >> level, ((last - 1) >> level) + 1) for first, last in (block[:2], block[2:]))
    return x[..., rows, columns]


def _level(network: EnhancedNetwork, gray_a: Tensor, gray_b: Tensor, level: int, most: tuple[int, int]) -> Tensor:
    """`level_part` block by block."""
    h, w = (-(-side // 2) - (PATCH_FEATURES >> level) + 1 for side in gray_a.shape[-2:])
    level_part = gray_a.new_empty(len(gray_a), network.fully_connected[0].get_parameter("weight").shape[0], h, w)
    for block in _blocks(h, w, *most):
        _cut(level_part, block)[...] = _part(network, gray_a, gray_b, level, block)
    return level_part


def _part(network: EnhancedNetwork, gray_a: Tensor, gray_b: Tensor, level: int, block: Region) -> Tensor:
    """A block of `level_part`."""
    window, halo = PATCH_FEATURES >> level, network.config.halo
    (top, bottom), (left, right) = (
        (max(2 * first - halo, 0), 2 * (last + window - 1) + halo) for first, last in (block[:2], block[2:])
    )
    part = network.level_part(gray_a[..., top:bottom, left:right], gray_b[..., top:bottom, left:right], level)
    down, across = block.top - top // 2, block.left - left // 2
    return _cut(part, Region(down, down + block.size[0], across, across + block.size[1]))
