"""A network beyond the paper that weighs every pixel of every photograph, and says what error is left.

Source: this project. Shared features and their mean over the photographs as in Zaheer et al. 2017 (Deep Sets); the rest
is a small U-Net (Ronneberger et al. 2015) on pixels taken four by four (Shi et al. 2016), so that it costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class PixelConfig:
    """Sizes of the network."""

    filters: int = 8  # 3 x 3, whose absolute values are the features of a photograph
    widths: tuple[int, ...] = (24, 32, 48, 64)  # at a half, a quarter, an eighth and a sixteenth of the size
    head: int = 12  # channels at full size before the last convolution


class PixelNetwork(nn.Module):
    """Weigh N photographs of one scene, pixel by pixel.

    f_k = |filters * g_k|,  m and g the means of f_k and g_k over all photographs
    (l_k, v_k) = decide(f_k - m, m, g_k - g),  weights softmax(l_k) over k,  log variance mean(v_k)

    What is exchanged among the photographs is exchanged among the weights, by construction. Sides are multiples of
    2^levels, 16 by default.
    """

    def __init__(self, config: PixelConfig | None = None) -> None:
        super().__init__()
        self.config = config or PixelConfig()
        first, *_ = widths = self.config.widths
        self.filters = nn.Conv2d(1, self.config.filters, 3, padding=1, bias=False)
        self.enter = nn.Conv2d(4 * (2 * self.config.filters + 1), first, 1)
        self.level = nn.Conv2d(first, first, 3, padding=1)
        pairs = list(pairwise(widths))
        self.widen = nn.ModuleList(nn.Conv2d(wide, wider, 3, padding=1) for wide, wider in pairs)
        self.refine = nn.ModuleList(nn.Conv2d(wider, wider, 3, padding=1) for _, wider in pairs)
        self.narrow = nn.ModuleList(nn.Conv2d(wider, wide, 1) for wide, wider in pairs)
        self.blend = nn.ModuleList(nn.Conv2d(wide, wide, 3, padding=1) for wide, _ in pairs)
        self.leave = nn.Conv2d(first, 4 * self.config.head, 1)
        self.fine = nn.Conv2d(2 * self.config.filters, self.config.head, 3, padding=1)
        self.decide = nn.Conv2d(self.config.head, 2, 3, padding=1)

    def forward(self, grays: Tensor) -> tuple[Tensor, Tensor]:
        """Grays (N, B, 1, H, W) in [0, 1] -> weights of the same shape and of sum 1; log variance left (B, 1, H, W)."""
        logits, log_variance = self.logits(grays)
        return functional.softmax(logits, dim=0), log_variance

    def logits(self, grays: Tensor) -> tuple[Tensor, Tensor]:
        """The weights before their softmax over the photographs, and the log variance left."""
        features = self.filters(grays.flatten(0, 1)).abs().reshape(*grays.shape[:2], -1, *grays.shape[3:])
        mean = features.mean(dim=0, keepdim=True)
        both = torch.cat([features - mean, mean.expand_as(features)], dim=2)
        seen = torch.cat([both, grays - grays.mean(dim=0, keepdim=True)], dim=2)
        x = functional.relu(self._coarse(seen.flatten(0, 1)) + self.fine(both.flatten(0, 1)))
        logits, log_variance = self.decide(x).reshape(*grays.shape[:2], 2, *grays.shape[3:]).chunk(2, dim=2)
        return logits, log_variance.mean(dim=0)

    def _coarse(self, seen: Tensor) -> Tensor:
        """The U-Net, from half the size downwards: (B, C, H, W) -> (B, head, H, W)."""
        x = functional.relu(self.enter(functional.pixel_unshuffle(seen, 2)))
        levels = [functional.relu(self.level(x))]
        for widen, refine in zip(self.widen, self.refine, strict=True):
            x = functional.relu(widen(functional.avg_pool2d(levels[-1], 2)))
            levels.append(functional.relu(refine(x)))
        x = levels.pop()
        for narrow, blend in zip(self.narrow[::-1], self.blend[::-1], strict=True):
            x = levels.pop() + functional.interpolate(narrow(x), scale_factor=2, mode="nearest")
            x = functional.relu(blend(x))
        return functional.pixel_shuffle(self.leave(x), 2)
