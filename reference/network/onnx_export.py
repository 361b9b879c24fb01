"""Export of the networks to ONNX: one file with graph and weights, for any language that has a runtime.

The graph is built node by node instead of traced. So its names are those of the network, its bytes depend on the
weights alone, and sizes stay free, odd ones too (ONNX divides integers towards zero: a traced ceil(n / 2) is wrong).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn

from reference import __version__
from reference.datasets.registry import data_root
from reference.errors import BadInput, MissingExtra
from reference.files import atomic_write, sha256_of
from reference.network.enhanced import PATCH_FEATURES, EnhancedNetwork
from reference.network.liu2017 import Liu2017Network
from reference.network.pixel import PixelNetwork
from reference.network.pooling import MixedPooling
from reference.network.weights import NetworkFile

if TYPE_CHECKING:
    from onnx import GraphProto

OPSET, IR_VERSION = 17, 8  # ONNX 1.12 of 2022, so that older runtimes read the file too
LICENCE = "CC BY-SA 4.0"  # of the weights that ship, recognised by their content
SAYS = {
    "score_map": "probability of 'A in focus' for the 16 x 16 patch from row 2j, column 2i of the sources on",
    "grays": "photographs of one scene, in [0, 1]; sides are multiples of 16",
    "logits": "of which the weights are the softmax over the photographs",
    "weights": "of the photographs in the fused image, of sum 1",
    "log_variance": "natural logarithm of the squared error that is left",
}
Sides = tuple[int | str, ...]  # numbers, or names of what is free
Shapes = Mapping[str, Sides]  # of inputs or outputs, by name


def export_onnx(file: NetworkFile, path: Path) -> None:
    """Write a network with its weights as an ONNX file, whose graph computes in single.

    Of networks that score patches (what the one that weighs pixels takes and gives stands in its file):
    inputs   pyramid_a_0, pyramid_a_1, ..., pyramid_b_0, ...: single, (1, 1, height_l, width_l), level l of the
             Gaussian pyramids of A and B (`steps.pyramid`), so height_l = ceil(height_0 / 2^l); sides from 16 on
    output   score_map: single, (h, w) = (ceil(height_0 / 2) - 7, ceil(width_0 / 2) - 7), probability of "A in focus"

    Parity: 1e-6 in ONNX Runtime (at most 1.0e-6 on the embedded pairs, 1.1e-6 on noise), no decision changed. Softmax
    pooling stays in single, where PyTorch's changes to double above 60: its sums are finite for features up to 82, and
    scores are NaN beyond. The largest feature on the embedded pairs is 5.5 (enhanced) and 4.5 (small).
    """
    try:
        from onnx import helper
    except ImportError as error:
        raise MissingExtra("--onnx needs onnx: pip install 'parfocal[onnx]'") from error
    if path.is_dir():
        raise BadInput(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise BadInput(f"{path} cannot be written: there is no folder {path.parent}")
    if path.resolve() == file.path.resolve():
        raise BadInput(f"{path} holds the weights: choose another output")
    model = helper.make_model(
        _graph(file),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="parfocal",
        producer_version=__version__,
    )
    shipped = data_root() / "weights" / f"{file.name}.safetensors"
    licence = {"licence": LICENCE} if shipped.exists() and sha256_of(shipped) == file.sha256 else {}
    helper.set_model_props(model, {"network": file.name, "weights_sha256": file.sha256} | licence)
    with atomic_write(path) as temporary:
        temporary.write_bytes(model.SerializeToString(deterministic=True))


def _graph(file: NetworkFile) -> GraphProto:
    """From the pyramids to the score map, or from photographs to their weights."""
    layout, module = Layout(), file.module
    if isinstance(module, PixelNetwork):
        _pixel(layout, module)
        size: Sides = (1, "height", "width")
        each = ("photographs", *size)
        outputs: Shapes = {"logits": each, "weights": each, "log_variance": (1, *size)}
        return _named(layout, file.name, {"grays": each}, outputs)
    logits = _enhanced(layout, module) if isinstance(module, EnhancedNetwork) else _liu2017(layout, module)
    both = layout.add("Softmax", logits, axis=1)  # (1, 2, h, w)
    of_a = layout.add("Gather", both, layout.constant("class_a", torch.tensor(1)), axis=1)  # (1, h, w)
    layout.add("Squeeze", of_a, layout.constant("batch", torch.tensor([0])), output="score_map")

    levels = [(f"pyramid_{source}_{level}", level) for source in "ab" for level in range(module.levels)]
    pyramids: Shapes = {name: (1, 1, f"height_{level}", f"width_{level}") for name, level in levels}
    return _named(layout, file.name, pyramids, {"score_map": ("h", "w")})


def _named(layout: Layout, name: str, inputs: Shapes, outputs: Shapes) -> GraphProto:
    """The graph of a layout, between inputs and outputs of these names and shapes."""
    from onnx import TensorProto, helper, numpy_helper

    given, found = (
        [helper.make_tensor_value_info(k, TensorProto.FLOAT, shape, SAYS.get(k, "")) for k, shape in of.items()]
        for of in (inputs, outputs)
    )
    nodes = [helper.make_node(operator, names, [out], out, **given) for operator, names, out, given in layout.nodes]
    constants = [numpy_helper.from_array(value.detach().numpy(), key) for key, value in layout.constants.items()]
    return helper.make_graph(nodes, name, given, found, constants)


class Layout:
    """The nodes and constants of a graph under construction; values are known by name."""

    def __init__(self) -> None:
        self.nodes: list[tuple[str, Sequence[str], str, dict[str, Any]]] = []
        self.constants: dict[str, Tensor] = {}

    def add(self, operator: str, *names: str, output: str = "", **attributes: Any) -> str:
        """Append a node; returns the name of its output."""
        output = output or f"{operator}_{len(self.nodes)}"
        self.nodes.append((operator, names, output, attributes))
        return output

    def constant(self, name: str, value: Tensor) -> str:
        """Store a constant under a name, shared by all nodes that use it; returns the name."""
        self.constants[name] = value
        return name

    def convolution(self, x: str, module: nn.Module, name: str) -> str:
        """The layer `name` of a network."""
        layer = cast("nn.Conv2d", module.get_submodule(name))
        parameters = [self.constant(f"{name}.{part}", value) for part, value in layer.named_parameters()]
        return self.add("Conv", x, *parameters, kernel_shape=layer.kernel_size, pads=(*layer.padding, *layer.padding))

    def relu(self, x: str, module: nn.Module, name: str) -> str:
        """The layer `name` of a network, and what of it is positive."""
        return self.add("Relu", self.convolution(x, module, name))

    def repeated(self, x: str, times: float) -> str:
        """Every value repeated down and across."""
        name = self.constant(f"scales_{times:g}", torch.tensor([1.0, 1.0, times, times]))
        nearest = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return self.add("Resize", x, "", name, **nearest)

    def pool(self, operator: str, x: str, window: int, stride: int = 1) -> str:
        """AveragePool or MaxPool, down and then across; windows are cropped at the right and bottom border."""
        x = self.add(operator, x, kernel_shape=(window, 1), strides=(stride, 1), ceil_mode=1)
        return self.add(operator, x, kernel_shape=(1, window), strides=(1, stride), ceil_mode=1)


# -- the enhanced network, in the order of `enhanced.EnhancedNetwork`


def _enhanced(layout: Layout, module: EnhancedNetwork) -> str:
    """Its logits (1, 2, h, w)."""
    parts = [_level_part(layout, module, level) for level in range(module.levels)]
    scores = layout.add("Shape", parts[0], start=2)  # (h, w): level 0 has one feature for every score
    bias = module.fully_connected[0].get_parameter("bias")[:, None, None]
    x = layout.add("Add", layout.constant("fully_connected.0.bias", bias), parts[0])
    for level, part in enumerate(parts[1:], start=1):
        # Every value repeated 2^level times down and across, cropped to the size of the score map.
        corner, axes = (layout.constant(k, torch.tensor(v)) for k, v in (("corner", [0, 0]), ("axes", [2, 3])))
        enlarged = layout.add("Slice", layout.repeated(part, 2.0**level), corner, scores, axes)
        x = layout.add("Add", x, enlarged)
    for number in range(1, len(module.fully_connected)):
        x = layout.convolution(layout.add("Relu", x), module, f"fully_connected.{number}")
    return x


def _level_part(layout: Layout, module: EnhancedNetwork, level: int) -> str:
    """Contribution of a level to the first fully connected layer, of A and of B."""
    by_source = module.fully_connected[0].get_parameter("weight").chunk(2 * module.levels, dim=1)  # A0 A1 A2 B0 B1 B2
    parts = []
    for source, weight in zip("ab", by_source[level :: module.levels], strict=True):
        features = _patch_features(layout, module, f"pyramid_{source}_{level}", level)
        name = layout.constant(f"fully_connected.0.weight.{source}_{level}", weight)
        parts.append(layout.add("Conv", features, name, kernel_shape=(1, 1)))
    return layout.add("Add", *parts)


def _patch_features(layout: Layout, module: EnhancedNetwork, gray: str, level: int) -> str:
    """Mixed and softmax pooled features of every patch."""
    gain = torch.tensor(module.input_gain)
    x = layout.add("Mul", gray, layout.constant("input_gain", gain))
    x = layout.add("Sub", x, layout.constant("input_middle", gain / 2))
    for number in range(len(module.convolutions)):
        x = layout.add("Relu", layout.convolution(x, module, f"convolutions.{number}"))
        if number == 1:
            x = _mixed_pooling(layout, module.mixed_pooling, "mixed_pooling", x, window=2, stride=2)
    window = PATCH_FEATURES >> level
    mixed = _mixed_pooling(layout, module.window_mixed_pooling, "window_mixed_pooling", x, window, stride=1)
    return layout.add("Concat", mixed, _softmax_pooling(layout, module.config.softmax_pooling, x, window), axis=1)


def _mixed_pooling(layout: Layout, layer: MixedPooling, name: str, x: str, window: int, stride: int) -> str:
    """p Max(x) + (1 - p) Avg(x)."""
    p = layer.p.clamp(0, 1)
    largest = layout.add("Mul", layout.constant(f"{name}.p", p), layout.pool("MaxPool", x, window, stride))
    mean = layout.add("Mul", layout.constant(f"{name}.1_minus_p", 1 - p), layout.pool("AveragePool", x, window, stride))
    return layout.add("Add", largest, mean)


def _softmax_pooling(layout: Layout, reading: str, x: str, window: int) -> str:
    """sum(x exp x) / sum(exp x), or another reading of D7, "attention" or "max"."""
    if reading == "max":
        return layout.pool("MaxPool", x, window)
    logits = layout.add("ReduceMean", x, axes=(1,)) if reading == "attention" else x
    weights = layout.add("Exp", logits)
    weighted = layout.pool("AveragePool", layout.add("Mul", x, weights), window)
    return layout.add("Div", weighted, layout.pool("AveragePool", weights, window))


# -- the network that weighs pixels, in the order of `pixel.PixelNetwork`


def _pixel(layout: Layout, module: PixelNetwork) -> None:
    """From the photographs to their weights and the error that is left."""
    features = layout.add("Abs", layout.convolution("grays", module, "filters"))
    own, relative = (layout.add("Sub", x, layout.add("ReduceMean", x, axes=(0,))) for x in (features, "grays"))
    both = layout.add("Concat", own, layout.add("Sub", features, own), axis=1)  # what a photograph differs in, the mean
    coarse = _coarse(layout, module, layout.add("Concat", both, relative, axis=1))
    decided = layout.add("Relu", layout.add("Add", coarse, layout.convolution(both, module, "fine")))
    decided = layout.convolution(decided, module, "decide")
    ends = [layout.constant(f"channel_{channel}", torch.tensor([channel])) for channel in range(3)]
    left = layout.add("Slice", decided, *ends[1:], ends[1])
    layout.add("Softmax", layout.add("Slice", decided, *ends[:2], ends[1], output="logits"), axis=0, output="weights")
    layout.add("ReduceMean", left, axes=(0,), output="log_variance")


def _coarse(layout: Layout, module: PixelNetwork, seen: str) -> str:
    """The U-Net; pixels taken four by four are a convolution of stride 2."""
    enter = layout.constant("enter.weight", module.enter.weight.reshape(module.enter.out_channels, -1, 2, 2))
    bias = layout.constant("enter.bias", module.enter.get_parameter("bias"))
    x = layout.add("Conv", seen, enter, bias, kernel_shape=(2, 2), strides=(2, 2))
    levels = [layout.relu(layout.add("Relu", x), module, "level")]
    for k in range(len(module.widen)):
        smaller = layout.add("AveragePool", levels[-1], kernel_shape=(2, 2), strides=(2, 2))
        levels.append(layout.relu(layout.relu(smaller, module, f"widen.{k}"), module, f"refine.{k}"))
    x = levels.pop()
    for k in reversed(range(len(module.narrow))):
        x = layout.add("Add", levels.pop(), layout.repeated(layout.convolution(x, module, f"narrow.{k}"), 2.0))
        x = layout.relu(x, module, f"blend.{k}")
    return layout.add("DepthToSpace", layout.convolution(x, module, "leave"), blocksize=2, mode="CRD")


# -- the network of Liu et al., in the order of `liu2017.Liu2017Network`


def _liu2017(layout: Layout, module: Liu2017Network) -> str:
    """Its logits (1, 2, h, w)."""
    x = layout.add("Concat", *(_branch(layout, module, f"pyramid_{source}_0") for source in "ab"), axis=1)
    for name in ("output",) if module.feature is None else ("feature", "output"):
        x = layout.convolution(x, module, name)
    return x


def _branch(layout: Layout, module: Liu2017Network, x: str) -> str:
    """Features of one source."""
    for name in ("conv_1", "conv_2", "conv_3"):
        x = layout.add("Relu", layout.convolution(x, module, name))
        if name == "conv_2":
            x = layout.pool("MaxPool", x, window=2, stride=2)
    return x
