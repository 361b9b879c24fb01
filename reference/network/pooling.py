"""The two poolings of the enhanced network: mixed (paper, eq. 1-2) and softmax (section 3, figure 1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["MixedPooling", "attention_pooling", "max_pooling", "softmax_pooling"]


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
        return p * _window_max(x, window, stride) + (1 - p) * _window_mean(x, window, stride)


def softmax_pooling(x: Tensor, window: int) -> Tensor:
    """Pool every window (stride 1) of every channel by the softmax of its own values.

    s = sum(x exp x) / sum(exp x)      (paper, section 3: "highlights focused regions via a softmax function"; D7)

    x        (B, C, H, W)
    window   side of the window
    returns  (B, C, H - window + 1, W - window + 1): between mean and maximum of the window

    MATLAB: none
    Parity: equals plain loops to 1e-6. Above 60 the sums would exceed the range of single; doubles reach 700.

    >>> float(softmax_pooling(torch.tensor([[[[0.0, 0.0], [0.0, 0.0]]]]), window=2))
    0.0
    """
    return _weighted(x, x, window)


def attention_pooling(x: Tensor, window: int) -> Tensor:
    """Pool every window (stride 1) of all channels by one softmax, that of their mean: D7's other reading.

    s_c = sum(x_c exp m) / sum(exp m),  m = mean over the channels of x

    Arguments, result and precision as in `softmax_pooling`.

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
    return _window_max(x, window, 1)


def _weighted(x: Tensor, logits: Tensor, window: int) -> Tensor:
    """Means of x over windows, weighted by exp(logits)."""
    wider = torch.float64 if logits.amax() > 60 else torch.promote_types(x.dtype, torch.float32)
    weights = logits.to(wider).exp()
    return (_window_mean(x.to(wider) * weights, window, 1) / _window_mean(weights, window, 1)).to(x.dtype)


def _window_mean(x: Tensor, window: int, stride: int) -> Tensor:
    """Means over window x window, down and then across: the same sums, an eighth of the work for 8 x 8."""
    for side in ((window, 1), (1, window)):
        step = (stride if side[0] > 1 else 1, stride if side[1] > 1 else 1)
        x = functional.avg_pool2d(x, side, step, ceil_mode=True, count_include_pad=False)
    return x


def _window_max(x: Tensor, window: int, stride: int) -> Tensor:
    """Maxima over window x window, down and then across."""
    for side in ((window, 1), (1, window)):
        step = (stride if side[0] > 1 else 1, stride if side[1] > 1 else 1)
        x = functional.max_pool2d(x, side, step, ceil_mode=True)
    return x
