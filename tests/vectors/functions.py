"""Every step of the kit as a function of arrays and parameters, for making the vectors and for the port in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import matlab_compat
from reference.conformance.cases import Array, Parameters, StepFunction
from reference.metrics.catalogue import METRICS, metric
from reference.metrics.gray_levels import gray_levels
from reference.steps import consistency, focus_map, fusion, gray, guide, guided_filter, mixed_pooling, segmentation
from tests.vectors.network_layers import LAYERS


def as_double(image: Array) -> NDArray[np.float64]:
    """Gray levels of 8 bits as value / 255; doubles unchanged."""
    return matlab_compat.im2double(image)


def _mask(array: Array) -> NDArray[np.bool_]:
    return array.astype(np.bool_)


def _number(value: Any) -> Array:
    return np.array([[value]], dtype=np.float64)


def new_size(p: Parameters) -> Any:
    """The new size: a scale, or rows and columns."""
    return p["scale"] if "scale" in p else [p["rows"], p["columns"]]


def scored(deterministic: bool) -> StepFunction:
    """Score the pyramids of A and of B, finest level first: deterministically, or as fast as PyTorch can."""

    def step(arrays: Sequence[Array], p: Parameters) -> Array:
        from reference.network.loading import load_network
        from reference.steps import score_map

        half = len(arrays) // 2
        levels = [np.asarray(x, dtype=np.float64) for x in arrays]
        network = load_network(p["network"], deterministic=deterministic)
        return score_map(tuple(levels[:half]), tuple(levels[half:]), network)

    return step


def _metric(name: str, needs: str) -> StepFunction:
    """A metric of F, A and B in 8 bits, or of F alone."""
    function = metric(name).function

    def step(arrays: Sequence[Array], p: Parameters) -> Array:
        fused, *sources = [gray_levels(np.asarray(x, dtype=np.uint8)) for x in arrays]
        return _number(function(*sources, fused) if needs == "sources" else function(fused))

    return step


PIPELINE: dict[str, StepFunction] = {
    "gray": lambda x, p: gray(as_double(x[0])),
    "pyramid": lambda x, p: matlab_compat.impyramid(as_double(x[0]), "reduce"),
    "score_map": scored(deterministic=True),
    "focus_map": lambda x, p: focus_map(np.asarray(x[0], dtype=np.float64), (p["rows"], p["columns"])),
    "mixed_pooling": lambda x, p: mixed_pooling(
        np.asarray(x[0], dtype=np.float64), p["pool_window"], p["pool_p"], p["pool_side"]
    ),
    "segmentation": lambda x, p: segmentation(np.asarray(x[0], dtype=np.float64), p["focus_threshold"]),
    "consistency": lambda x, p: consistency(_mask(x[0]), p["small_region_area"]),
    "guide": lambda x, p: guide(as_double(x[0]), as_double(x[1]), _mask(x[2])),
    "guided_filter": lambda x, p: guided_filter(as_double(x[0]), _mask(x[1]), p["guide_radius"], p["guide_eps"]),
    "fusion": lambda x, p: fusion(as_double(x[0]), as_double(x[1]), np.asarray(x[2], dtype=np.float64)),
    "uint8": lambda x, p: matlab_compat.uint8(255 * np.asarray(x[0], dtype=np.float64)),
}
MATLAB: dict[str, StepFunction] = {
    "im2double": lambda x, p: matlab_compat.im2double(x[0]),
    "boxfilter": lambda x, p: matlab_compat.boxfilter(np.asarray(x[0], dtype=np.float64), p["guide_radius"]),
    "rgb2gray": lambda x, p: matlab_compat.rgb2gray(x[0]),
    "imresize": lambda x, p: matlab_compat.imresize(x[0], new_size(p), p["method"]),
    "impyramid": lambda x, p: matlab_compat.impyramid(x[0], p["direction"]),
    "guidedfilter": lambda x, p: matlab_compat.guidedfilter(
        as_double(x[0]), np.asarray(x[1], dtype=np.float64), p["guide_radius"], p["guide_eps"]
    ),
    "bwareaopen": lambda x, p: matlab_compat.bwareaopen(_mask(x[0]), p["small_region_area"]),
    "psnr": lambda x, p: _number(matlab_compat.psnr(x[0], x[1])),
    "ssim": lambda x, p: _number(matlab_compat.ssim(x[0], x[1], dynamic_range=p["dynamic_range"]).ssimval),
    "entropy": lambda x, p: _number(matlab_compat.entropy(x[0])),
    "piqe": lambda x, p: _number(matlab_compat.piqe(x[0]).score),
}
OF_MATLAB = ("psnr", "ssim", "piqe", "entropy")  # metrics that are MATLAB's functions, above
FUSION_METRICS: dict[str, StepFunction] = {
    entry.name: _metric(entry.name, entry.needs) for entry in METRICS if entry.name not in OF_MATLAB
}
BEFORE = ("gray", "pyramid")  # the network
STEPS: dict[str, StepFunction] = {
    **{name: PIPELINE[name] for name in BEFORE}, **LAYERS, **PIPELINE, **MATLAB, **FUSION_METRICS,
}  # fmt: skip
