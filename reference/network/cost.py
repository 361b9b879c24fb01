"""What a network costs: its parameters, and the arithmetic of one pair.

Source: the paper, section 3 and figure 1; Liu et al. 2017.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch.utils.flop_counter import FlopCounterMode

from reference.network.enhanced import EnhancedNetwork
from reference.network.liu2017 import Liu2017Network

__all__ = ["Cost", "cost"]


class Cost(NamedTuple):
    """Number of parameters, and floating-point operations (two for a multiply-add) of one pair, in 10^9."""

    parameters: int
    gflop: float


def cost(module: EnhancedNetwork | Liu2017Network, height: int = 520, width: int = 520) -> Cost:
    """Count the parameters, and the operations of the convolutions in scoring a pair of height x width.

    >>> from reference.network.weights import build
    >>> cost(build("small"), 32, 32)
    Cost(parameters=532996, gflop=0.173439232)
    """
    parameters = sum(p.numel() for p in module.parameters())
    levels = [torch.zeros(1, 1, -(-height // 2**k), -(-width // 2**k)) for k in range(module.levels)]
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        module(levels, levels)
    return Cost(parameters, counter.get_total_flops() / 1e9)
