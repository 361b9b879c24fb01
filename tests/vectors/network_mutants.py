"""Mutants, and those of the layers of the enhanced network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reference.conformance.cases import Array, Parameters, StepFunction
from tests.vectors.network_layers import CONVOLUTIONS, LAYERS, LEVELS, Layer, as_step, concatenation

if TYPE_CHECKING:
    from torch import Tensor

    from reference.network.enhanced import EnhancedNetwork


@dataclass(frozen=True)
class Mutant:
    """A wrong version of a step, with a description of the mistake."""

    step: str
    wrong: str
    function: StepFunction


def _convolved(number: int, flipped: bool = False, replicated: bool = False, centred: bool = True) -> Layer:
    """A convolution with flipped kernels, another border, or unscaled gray levels."""

    def mutant(network: EnhancedNetwork, x: Tensor) -> Tensor:
        from torch.nn import functional

        convolution = network.convolutions[number - 1]
        weight, bias = (convolution.get_parameter(name) for name in ("weight", "bias"))
        kernels = weight.flip(-1, -2) if flipped else weight
        centred_input = network.input_gain * x - network.input_gain / 2 if number == 1 and centred else x
        padded = functional.pad(centred_input, (1, 1, 1, 1), mode="replicate" if replicated else "constant")
        return functional.conv2d(padded, kernels, bias).relu()

    return mutant


def _mixed(p: float, window: int, stride: int) -> Layer:
    """Mixed pooling with another p than the learned one."""

    def mutant(_network: EnhancedNetwork, x: Tensor) -> Tensor:
        from reference.network.pooling import MixedPooling

        pooled: Tensor = MixedPooling(p)(x, window=window, stride=stride)
        return pooled

    return mutant


def _softmax_first(level: int) -> Mutant:
    """A mutant with exchanged halves of the features."""

    def mutant(arrays: Sequence[Array], p: Parameters) -> Array:
        features = LAYERS[f"features_{level}"](arrays, p)
        return np.roll(features, len(features) // 2, axis=0)

    return Mutant(f"features_{level}", "softmax pooled features first", mutant)


def _negative_kept(number: int) -> Mutant:
    return Mutant(
        f"fully_connected_{number}", "no ReLU", as_step(lambda network, x: network.fully_connected[number - 1](x))
    )


def _alternating(arrays: Sequence[Array], p: Parameters) -> Array:
    """A0 B0 A1 B1 A2 B2."""
    h, w = arrays[0].shape[1:]
    levels = len(arrays) // 2
    by_source = concatenation(arrays, p).reshape(2, levels, -1, h, w)
    return np.ascontiguousarray(by_source.swapaxes(0, 1)).reshape(-1, h, w)


NETWORK_MUTANTS: dict[str, Mutant] = {
    **{
        f"FlippedKernels{number}": Mutant(
            f"convolution_{number}", "kernels turned by 180 degrees", as_step(_convolved(number, flipped=True))
        )
        for number in CONVOLUTIONS
    },
    "ReplicatedBorder": Mutant("convolution_2", "edge repeated beyond it", as_step(_convolved(2, replicated=True))),
    "GrayAsItIs": Mutant("convolution_1", "gray levels from 0 to 1", as_step(_convolved(1, centred=False))),
    "HalvedByMaximum": Mutant("halved", "maximum pooling", as_step(_mixed(1.0, 2, 2))),
    "HalvedByMean": Mutant("halved", "average pooling", as_step(_mixed(0.0, 2, 2))),
    "PatchMaximum": Mutant("patch_mixed", "maximum pooling", as_step(_mixed(1.0, 8, 1))),
    "PatchMeanForSoftmax": Mutant("patch_softmax", "average pooling", as_step(_mixed(0.0, 8, 1))),
    **{f"SoftmaxFirst{level}": _softmax_first(level) for level in range(LEVELS)},
    "LevelsBeforeSources": Mutant("concatenation", "A0 B0 A1 B1 A2 B2", _alternating),
    **{f"NegativeKept{number}": _negative_kept(number) for number in (1, 2, 3)},
    "LogitsCut": Mutant("logits", "a ReLU too many", as_step(lambda network, x: network.fully_connected[3](x).relu())),
    "ProbabilityOfB": Mutant("probability", "of the first class", as_step(lambda network, x: x.softmax(dim=1)[:, :1])),
}
