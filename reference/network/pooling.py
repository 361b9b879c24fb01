"""The two poolings of the enhanced network: mixed (paper, eq. 1-2) and softmax (section 3, figure 1)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS = 32  # that are pooled together


class MixedPooling(nn.Module):
    """Pool windows of a feature map by a mixture of their maximum and their mean.

    d = p Max(x) + (1 - p) Avg(x)      (paper, eq. 1; decisions D4, D6)

    The layer has one p in [0, 1], learned from 0.5 on or fixed (1 is maximum, 0 average pooling). Where the stride does
    not fit, windows are cropped at the right and bottom border, and an average divides by the pixels that remain.

    MATLAB: none; Liu's maxpooling_s2 is the case p = 1, window 2, stride 2
    Parity: equals plain loops to 1e-6 (single precision).

    >>> float(MixedPooling()(torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]]), window=2, stride=2).detach())
    4.5
    """

    def __init__(self, fixed_p: float | None = None) -> None:
        super().__init__()
        self.p = nn.Parameter(torch.tensor(0.5 if fixed_p is None else fixed_p), requires_grad=fixed_p is None)

    def forward(self, x: Tensor, window: int, stride: int) -> Tensor:
        """(B, C, H, W) -> (B, C, h, w)."""
        p = self.p.clamp(0, 1)
        if stride == 1:
            return _by_channels(lambda part: _mixed(part, window, p), x)
        mean = functional.avg_pool2d(x, window, stride, ceil_mode=True, count_include_pad=False)
        return p * functional.max_pool2d(x, window, stride, ceil_mode=True) + (1 - p) * mean


def _mixed(x: Tensor, window: int, p: Tensor) -> Tensor:
    sums = _over_windows(x, window, torch.add)
    return p * _over_windows(x, window, torch.maximum) + (1 - p) / window**2 * sums


def softmax_pooling(x: Tensor, window: int) -> Tensor:
    """Pool every window (stride 1) of every channel by the softmax of its own values.

    s = sum(x exp x) / sum(exp x)      (paper, section 3: "highlights focused regions via a softmax function"; D7)

    returns  (B, C, H - window + 1, W - window + 1): between mean and maximum of the window

    MATLAB: none
    Parity: equals plain loops to 1e-6. Above 60 the sums would exceed the range of single; doubles reach 700.

    >>> float(softmax_pooling(torch.tensor([[[[0.0, 0.0], [0.0, 0.0]]]]), window=2))
    0.0
    """
    return _by_channels(lambda part: _weighted(part, part, window), x)


def attention_pooling(x: Tensor, window: int) -> Tensor:
    """Pool every window (stride 1) of all channels by one softmax, that of their mean: D7's other reading.

    s_c = sum(x_c exp m) / sum(exp m),  m = mean over the channels of x

    >>> x = torch.tensor([[[[0.0, 2.0]], [[1.0, 1.0]]]]).expand(1, 2, 2, 2)
    >>> [round(float(value), 4) for value in attention_pooling(x, window=2).ravel()]
    [1.4621, 1.0]
    """
    return _weighted(x, x.mean(dim=1, keepdim=True), window)


def max_pooling(x: Tensor, window: int) -> Tensor:
    """Pool every window (stride 1) of every channel by its maximum: the limit of `softmax_pooling` for large values.

    >>> float(max_pooling(torch.tensor([[[[0.0, 2.0], [1.0, 0.0]]]]), window=2))
    2.0
    """
    return _by_channels(lambda part: _over_windows(part, window, torch.maximum), x)


def _weighted(x: Tensor, logits: Tensor, window: int) -> Tensor:
    """Means of x over windows, weighted by exp(logits)."""
    wider = torch.float64 if logits.amax() > 60 else torch.promote_types(x.dtype, torch.float32)
    weights = logits.to(wider).exp()
    sums = _over_windows(x.to(wider) * weights, window, torch.add), _over_windows(weights, window, torch.add)
    return (sums[0] / sums[1]).to(x.dtype)


def _over_windows(x: Tensor, window: int, combine: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Maxima or sums over window x window, stride 1, down and then across."""
    return _along(_along(x, window, 2, combine), window, 3, combine)


def _along(x: Tensor, window: int, dim: int, combine: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """The same along one axis, each window from its two halves: 3 operations for 8 elements."""
    if window == 1:
        return x
    half, count = _along(x, window // 2, dim, combine), x.shape[dim] - window + 1
    whole = combine(half.narrow(dim, 0, count), half.narrow(dim, window // 2, count))
    return combine(whole, x.narrow(dim, window - 1, count)) if window % 2 else whole


def _by_channels(pool: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Pool some channels at a time, so that what is between stays in the processor's cache."""
    return torch.cat([pool(part.contiguous()) for part in x.chunk(-(-x.shape[1] // CHANNELS), dim=1)], dim=1)
