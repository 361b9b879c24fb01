"""Limits of differences, by step and profile."""

from __future__ import annotations

from typing import Any

from reference.conformance.cases import Array
from tests.vectors.functions import FUSION_METRICS
from tests.vectors.network_layers import LAYERS

Limits = dict[str, dict[str, Any]]


def _peak(double: float, single: float) -> Limits:
    return {"float64": {"peak": double, "rms": double / 10}, "float32": {"peak": single, "rms": single / 4}}


# Ten times the largest difference of honest variants (`variants`, and `measured` in every case), rounded up, but in
# double precision at least a value that no mistake comes near. Convolutions in single differ by up to 1.1e-6 with
# threads, libraries and instruction sets; cumulative sums in single lose two more digits.
USUAL = _peak(1e-12, 4e-6)
BY_STEP: dict[str, Limits] = {
    "score_map": _peak(2e-5, 1e-4), "mixed_pooling": _peak(1e-12, 3e-5), "guided_filter": _peak(1e-11, 4e-5),
    "guidedfilter": _peak(1e-11, 4e-5),
}  # fmt: skip
MASKS = ("segmentation", "consistency", "bwareaopen", "mask")
METRICS: Limits = {"float64": {"relative": 1e-10}, "float32": {"relative": 1e-5}}
# Variances of gray levels up to 255 are differences of squares, added to 1e-4: in single few digits remain.
OF_SSIM: Limits = {"float64": {"relative": 1e-10}, "float32": {"relative": 2e-3}}
OF_MASK: Limits = {"float64": {"mismatches": 0}, "float32": {"mismatches": 0}}
OF_LEVELS: Limits = {"float64": {"levels": 0, "fraction": 0.0}, "float32": {"levels": 1, "fraction": 1e-4}}
# Layers have values above 1, and sum in single precision in any order.
OF_LAYER: Limits = {"float64": {"relative": 2e-5}, "float32": {"relative": 1e-4}}
NUMBERS = ("psnr", "ssim", "entropy", "piqe", *FUSION_METRICS)


def limits_of(step: str, output: Array) -> Limits:
    """The limits of an output: a mask, gray levels, a number, or doubles.

    >>> import numpy as np
    >>> limits_of("gray", np.zeros((2, 2)))["float64"]["peak"]
    1e-12
    """
    if step == "ssim":
        return OF_SSIM
    if step in NUMBERS:
        return METRICS
    if step in LAYERS:
        return OF_LAYER
    if step in MASKS:
        return OF_MASK
    if output.dtype.kind == "u":
        return OF_LEVELS
    return BY_STEP.get(step, USUAL)
