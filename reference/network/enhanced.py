"""The enhanced network of the paper (section 3, figure 1), fully convolutional: one pass scores every patch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from reference.images.region import Region
from reference.network.pooling import MixedPooling, attention_pooling, max_pooling, softmax_pooling
from reference.steps.arrays import PATCH, STRIDE, score_shape

POOLINGS = {"channel": softmax_pooling, "attention": attention_pooling, "max": max_pooling}
PATCH_FEATURES = PATCH // STRIDE  # a patch is 8 x 8 features wide: mixed pooling halves the image, as STRIDE does


@dataclass(frozen=True)
class EnhancedConfig:
    """Sizes of the enhanced network; the defaults are the paper's (section 3)."""

    levels: int = 3  # D2: pyramid levels, the patch is 16, 8 and 4 pixels wide in them; at most 4
    filters: tuple[int, ...] = (32, 64, 128, 256, 512)  # sec. 3, convolutions 1 to 5
    filter_sizes: tuple[int, ...] = (3, 3, 3, 3, 3)  # sec. 3 and D3
    fully_connected: tuple[int, ...] = (1024, 512, 256)  # sec. 3
    pooling_p: float | None = None  # D4: p of the mixed poolings, None to learn it from 0.5 on
    softmax_pooling: str = "channel"  # D7: each channel by its own softmax; or "attention", "max"

    def __post_init__(self) -> None:
        if not 1 <= self.levels <= 4:
            raise ValueError(f"levels is {self.levels}, but a 16-pixel patch has 1 to 4 pyramid levels")
        if len(self.filters) != 5 or len(self.filter_sizes) != 5 or any(k % 2 == 0 for k in self.filter_sizes):
            raise ValueError(f"five convolutions of odd size needed, not {self.filters}, {self.filter_sizes}")
        if self.pooling_p is not None and not 0 <= self.pooling_p <= 1:
            raise ValueError(f"pooling_p is {self.pooling_p}, but a probability lies in [0, 1]")
        if self.softmax_pooling not in POOLINGS:
            raise ValueError(f"softmax_pooling is {self.softmax_pooling!r}, but there are {', '.join(POOLINGS)}")

    @property
    def halo(self) -> int:
        """Pixels of a level around a block on which the features of the block depend; an even number, 8 by default."""
        reach = [size // 2 for size in self.filter_sizes]
        return 2 * (-(-sum(reach[:2]) // 2) + sum(reach[2:]))


class EnhancedNetwork(nn.Module):
    """Score how much more A is in focus than B, for every 16 x 16 patch, 2 pixels apart (paper, section 3, figure 1).

    Siamese: the convolutions are shared by A, B and all pyramid levels. At level l the feature of score (j, i) is
    pooled over the (8 / 2^l)-wide window from (floor(j / 2^l), floor(i / 2^l)) on. The first fully connected layer
    acts on the concatenation A0 A1 A2 B0 B1 B2 (each mixed, then softmax pooled); it is computed as a sum over
    levels, so that the cost of a coarser level is proportional to its size.
    """

    input_gain = 4.0  # gray levels enter as -2 to 2

    def __init__(self, config: EnhancedConfig | None = None) -> None:
        super().__init__()
        self.config = config or EnhancedConfig()
        self.levels = self.config.levels
        coarsest = 2 ** (self.levels - 1)  # pixels per pixel of the last level, on every second of which windows begin
        # Pixels beyond its patch on which a score depends: through features, pyramid, and first pixel of a window.
        self.reach = self.config.halo * coarsest + 2 * (coarsest - 1) + 2 * (coarsest - 1)
        channels = (1, *self.config.filters)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(c_in, c_out, size, padding=size // 2)
            for c_in, c_out, size in zip(channels, channels[1:], self.config.filter_sizes, strict=False)
        )
        self.mixed_pooling = MixedPooling(self.config.pooling_p)  # after convolution 2
        self.window_mixed_pooling = MixedPooling(self.config.pooling_p)  # over the window of a score
        self.memory = 130 + 5 * self.config.fully_connected[0] // 8  # bytes per pixel, mostly of the coarser levels
        widths = (4 * self.levels * channels[-1], *self.config.fully_connected, 2)
        self.fully_connected = nn.ModuleList(nn.Conv2d(w_in, w_out, 1) for w_in, w_out in pairwise(widths))

    def forward(self, pyramid_a: Sequence[Tensor], pyramid_b: Sequence[Tensor]) -> Tensor:
        """Level l is (B, 1, ceil(H / 2^l), ceil(W / 2^l)); returns logits (B, 2, h, w), channel 1 = A in focus."""
        parts = [self.level_part(pyramid_a[level], pyramid_b[level], level) for level in range(self.levels)]
        return self.decide(parts, score_shape(tuple(pyramid_a[0].shape[-2:])))

    def level_part(self, gray_a: Tensor, gray_b: Tensor, level: int, windows: Region | None = None) -> Tensor:
        """What a level adds to the first fully connected layer: (B, 1, H, W) twice -> (B, 1024, rows, columns).

        windows   those to compute, by the row and column of their first features; None for all
        """
        weight = self.fully_connected[0].get_parameter("weight")[..., 0, 0]
        by_source = weight.chunk(2 * self.levels, dim=1)  # A0 A1 A2 B0 B1 B2
        a, b = (self.patch_features(gray, level, windows) for gray in (gray_a, gray_b))
        weight_a, weight_b = (by_source[k].expand(len(a), -1, -1) for k in (level, self.levels + level))
        part = torch.bmm(weight_a, a.flatten(2)).baddbmm(weight_b, b.flatten(2))
        return part.view(*part.shape[:2], *a.shape[2:])

    def decide(self, parts: Sequence[Tensor], scores: tuple[int, int]) -> Tensor:
        """The fully connected layers, from the contributions of the levels to the logits (B, 2, h, w)."""
        first, *rest, output = self.fully_connected
        (h, w), (*finer, x) = scores, parts
        x = x + first.get_parameter("bias")[:, None, None]
        for part in reversed(finer):
            x = part + functional.interpolate(x, scale_factor=2, mode="nearest")[..., : part.shape[2], : part.shape[3]]
        x = functional.relu(x[..., :h, :w])  # (B, 1024, h, w)
        for layer in rest:
            x = functional.relu(layer(x), inplace=True)  # (B, 512, h, w), (B, 256, h, w)
        logits: Tensor = output(x)  # (B, 2, h, w)
        return logits

    def patch_features(self, gray: Tensor, level: int, windows: Region | None = None) -> Tensor:
        """Mixed and softmax pooled features of every patch: (B, 1, H, W) -> (B, 1024, rows, columns)."""
        window = PATCH_FEATURES >> level
        x = self.input_gain * gray - self.input_gain / 2
        for number, convolution in enumerate(self.convolutions, start=1):
            x = functional.relu(convolution(x), inplace=True)  # (B, 32 or 64, H, W); then halved: 128, 256, 512
            if number == 2:
                x = self.mixed_pooling(x, window=2, stride=2)  # (B, 64, H / 2, W / 2)
            if number >= 2 and windows:
                x, windows = _around(x, windows, window - 1, sum(k // 2 for k in self.config.filter_sizes[number:]))
        x = x.contiguous()  # once for both poolings
        mixed = self.window_mixed_pooling(x, window, stride=1)
        return torch.cat([mixed, POOLINGS[self.config.softmax_pooling](x, window)], dim=1)


def _around(x: Tensor, windows: Region, after: int, reach: int) -> tuple[Tensor, Region]:
    """What windows and the convolutions to come need of x, and the windows in it; they end `after` features further."""
    (top, bottom), (left, right) = windows[:2], windows[2:]
    up, leftwards = min(top, reach), min(left, reach)
    cut = x[..., top - up : bottom + after + reach, left - leftwards : right + after + reach]
    return cut, Region(up, up + bottom - top, leftwards, leftwards + right - left)


ROWS, COLUMNS = 64, 128  # of scores in a block, at most


def in_blocks(
    network: EnhancedNetwork,
    pyramid_a: Sequence[Tensor],
    pyramid_b: Sequence[Tensor],
    rows: int = ROWS,
    columns: int = COLUMNS,
    progress: Callable[[int, int], None] | None = None,
) -> Tensor:
    """Compute `network(pyramid_a, pyramid_b)` in blocks that fit into caches, equal but for the order of sums.

    A block of a level is cut out with `EnhancedConfig.halo` more pixels on each side. So zero padding affects a score
    only at the border of the image, as it does for the whole.
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
    down, across = block.top - top // 2, block.left - left // 2
    windows = Region(down, down + block.size[0], across, across + block.size[1])
    return network.level_part(gray_a[..., top:bottom, left:right], gray_b[..., top:bottom, left:right], level, windows)
