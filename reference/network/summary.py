"""The layers of a network (paper, section 3 and figure 1; Liu et al. 2017), its parameters, and its operations."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from reference.network.enhanced import PATCH_FEATURES, EnhancedNetwork
from reference.network.liu2017 import Liu2017Network
from reference.network.pooling import MixedPooling
from reference.steps.arrays import score_shape

Shape = tuple[int, ...]


class Layer(NamedTuple):
    """A layer, what it does, its outputs (channels, height, width) for each pyramid level, its number of parameters."""

    name: str
    what: str
    outputs: list[Shape]
    parameters: int


def layers(network: EnhancedNetwork, height: int = 520, width: int = 520) -> list[Layer]:
    """The layers of the enhanced network, with their outputs for a pair of the given size.

    >>> first, *_, output = layers(EnhancedNetwork(), 32, 32)
    >>> first.what, first.outputs, first.parameters
    ('3 x 3, 32 filters, ReLU', [(32, 32, 32), (32, 16, 16), (32, 8, 8)], 320)
    >>> output.outputs
    [(2, 9, 9)]
    """
    shapes: defaultdict[str, list[Shape]] = defaultdict(list)

    def note(name: str, _module: nn.Module, _inputs: Any, output: Tensor) -> None:
        shapes[name].append(tuple(output.shape[1:]))

    hooks = [
        child.register_forward_hook(partial(note, name))
        for name, child in network.named_modules()
        if isinstance(child, nn.Conv2d | MixedPooling)
    ]
    with torch.inference_mode():
        network(*_pyramids(network, height, width))
    for hook in hooks:
        hook.remove()
    by_level = {name: level_shapes[::2] for name, level_shapes in shapes.items()}  # A and B take turns at every level
    return [*_features(network, by_level), *_decision(network, score_shape((height, width)))]


def _pyramids(module: EnhancedNetwork | Liu2017Network, height: int, width: int) -> list[list[Tensor]]:
    """Those of a black pair."""
    return [[torch.zeros(1, 1, -(-height // 2**k), -(-width // 2**k)) for k in range(module.levels)]] * 2


def _features(network: EnhancedNetwork, outputs: dict[str, list[Shape]]) -> list[Layer]:
    """The layers that A and B share."""
    layers = []
    for number, layer in enumerate(network.convolutions, start=1):
        side, channels = layer.kernel_size[0], layer.out_channels  # type: ignore[index]
        of_layer = outputs[f"convolutions.{number - 1}"]
        what = f"{side} x {side}, {channels} filters, ReLU"
        layers.append(Layer(f"convolution {number}", what, of_layer, _count(layer)))
        if number == 2:
            what = f"2 x 2, stride 2, p = {network.mixed_pooling.p.item():.2f}"
            layers.append(Layer("mixed pooling", what, outputs["mixed_pooling"], _count(network.mixed_pooling)))
    pooled, pooling = outputs["window_mixed_pooling"], network.window_mixed_pooling
    windows = " / ".join(str(PATCH_FEATURES >> level) for level in range(network.levels))
    what = f"windows {windows}, p = {pooling.p.item():.2f}"
    layers.append(Layer("mixed pooling of the patch", what, pooled, _count(pooling)))
    return [*layers, Layer("softmax pooling of the patch", network.config.softmax_pooling, pooled, 0)]


def _decision(network: EnhancedNetwork, scores: tuple[int, int]) -> list[Layer]:
    """The layers from the concatenation of all features on."""
    weights = [layer.get_parameter("weight") for layer in network.fully_connected]  # (out, in, 1, 1)
    layers = [Layer("concatenation", "A and B, levels, both poolings", [(weights[0].shape[1], *scores)], 0)]
    for layer, weight in zip(network.fully_connected, weights, strict=True):
        channels, last = weight.shape[0], weight is weights[-1]
        what = f"{channels}, {'softmax' if last else 'ReLU'}"
        layers.append(Layer("output" if last else "fully connected", what, [(channels, *scores)], _count(layer)))
    return layers


def _count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


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
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        module(*_pyramids(module, height, width))
    return Cost(_count(module), counter.get_total_flops() / 1e9)
