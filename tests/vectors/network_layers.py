"""The layers of the enhanced network one by one, for a port whose score map differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from reference.conformance.cases import Array, Parameters, StepFunction

if TYPE_CHECKING:
    from torch import Tensor

    from reference.network.enhanced import EnhancedNetwork

Layer = Callable[["EnhancedNetwork", "Tensor"], "Tensor"]
LEVELS = 3
CONVOLUTIONS = (1, 2, 3, 4, 5)


def as_step(layer: Layer, double: bool = False) -> StepFunction:
    """A layer as a step: from arrays (H, W) or (C, H, W), whose channels are concatenated, to (C, h, w) in single.

    double   compute in double precision
    """

    def step(arrays: Sequence[Array], p: Parameters) -> Array:
        import torch

        from reference.network.scoring import arithmetic

        channels = np.concatenate([np.asarray(x, dtype=np.float32).reshape(-1, *x.shape[-2:]) for x in arrays])
        x = torch.from_numpy(channels)[None]
        with torch.inference_mode(), arithmetic(deterministic=True):
            output: Array = layer(_network(p["network"], double), x.double() if double else x)[0].float().numpy()
        return output

    return step


@cache
def _network(name: str, double: bool) -> EnhancedNetwork:
    from reference.network.enhanced import EnhancedNetwork
    from reference.network.loading import load_network

    module = load_network(name, deterministic=True).file.module
    assert isinstance(module, EnhancedNetwork)
    return module.double() if double else module


def _convolution(number: int) -> Layer:
    """A convolution with bias and ReLU; the first one scales gray levels to [-2, 2]."""

    def layer(network: EnhancedNetwork, x: Tensor) -> Tensor:
        centred = network.input_gain * x - network.input_gain / 2 if number == 1 else x
        output: Tensor = network.convolutions[number - 1](centred).relu()
        return output

    return layer


def _features(level: int) -> Layer:
    """A whole branch: from gray levels to the features of every patch, mixed pooled ones first."""
    return lambda network, x: network.patch_features(x, level)


def concatenation(arrays: Sequence[Array], _parameters: Parameters) -> Array:
    """Features of A, then of B, every level enlarged to the finest: its patch (j, i) is that at floor(j / 2^l)."""
    h, w = arrays[0].shape[1:]
    levels = len(arrays) // 2
    times = [2 ** (number % levels) for number in range(len(arrays))]
    return np.concatenate([x.repeat(n, 1).repeat(n, 2)[:, :h, :w] for x, n in zip(arrays, times, strict=True)])


def _fully_connected(number: int) -> Layer:
    """A fully connected layer with ReLU."""

    def layer(network: EnhancedNetwork, x: Tensor) -> Tensor:
        output: Tensor = network.fully_connected[number - 1](x).relu()
        return output

    return layer


def _patch_softmax(_network: EnhancedNetwork, x: Tensor) -> Tensor:
    from reference.network.pooling import softmax_pooling

    return softmax_pooling(x, window=8)


MODULES: dict[str, Layer] = {
    "convolution_1": _convolution(1),
    "convolution_2": _convolution(2),
    "halved": lambda network, x: network.mixed_pooling(x, window=2, stride=2),
    "convolution_3": _convolution(3),
    "convolution_4": _convolution(4),
    "convolution_5": _convolution(5),
    "patch_mixed": lambda network, x: network.window_mixed_pooling(x, window=8, stride=1),
    "patch_softmax": _patch_softmax,
    **{f"features_{level}": _features(level) for level in range(LEVELS)},
    **{f"fully_connected_{number}": _fully_connected(number) for number in (1, 2, 3)},
    "logits": lambda network, x: network.fully_connected[3](x),
    "probability": lambda network, x: x.softmax(dim=1)[:, 1:],
}
LAYERS: dict[str, StepFunction] = {}
for _name, _module in MODULES.items():
    if _name == "fully_connected_1":
        LAYERS["concatenation"] = concatenation  # takes several arrays
    LAYERS[_name] = as_step(_module)
IN_DOUBLE = {name: as_step(module, double=True) for name, module in MODULES.items()}
