"""Micro cases of MATLAB's functions and of metrics."""

from __future__ import annotations

import numpy as np

from reference.metrics.catalogue import metric
from tests.vectors.case_specs import CaseSpec, grays, noise, photograph
from tests.vectors.functions import FUSION_METRICS

STAIRS = np.repeat(np.repeat(np.arange(0, 250, 30, dtype=np.uint8)[None], 9, axis=0), 2, axis=1)
OF_ONE_IMAGE = {
    "average_gradient": "NotHalved", "edge_intensity": "AverageGradient", "spatial_frequency": "FrequencyHalved",
    "standard_deviation": "ColumnsAlone", "standard_deviation_columns": "AllAtOnce",
    "standard_deviation_sum": "MeanOfSquares",
}  # fmt: skip
CORNERS = np.kron(np.eye(4, dtype=np.uint8), np.ones((3, 3), dtype=np.uint8))


def matlab_cases() -> list[CaseSpec]:
    """All micro cases of MATLAB's functions and of metrics."""
    return [*_of_images(), *_of_quality(), *metric_cases()]


def _of_images() -> list[CaseSpec]:
    return [
        CaseSpec("fractions", "im2double", "value / 255",
            {"image": np.arange(256, dtype=np.uint8)[None]}, bugs=("DividedBy256",),
            expected=np.arange(256)[None] / 255),
        CaseSpec("window_sums", "boxfilter", "sums, not means, over windows that are cut off at the border",
            {"image": np.ones((4, 5))}, {"guide_radius": 1}, bugs=("WindowMeans", "BorderRepeated"),
            expected=np.outer([2.0, 3, 3, 2], [2.0, 3, 3, 3, 2])),
        CaseSpec("gray_of_bytes", "rgb2gray", "bytes are weighted in double and rounded half away from zero",
            {"image": noise(32, 32, 30, 3)}, bugs=("FixedPointWeights",)),
        CaseSpec("shrunk", "imresize", "shrinking averages", {"image": noise(24, 20, 31)},
            {"scale": 0.5, "method": "bicubic"}, bugs=("NoAntialiasing", "AlignedCorners", "RoundedOnce")),
        CaseSpec("shrunk_to_a_size", "imresize", "a size in pixels, another scale down than across",
            {"image": grays(19, 23, 32)},
            {"rows": 7, "columns": 12, "method": "bicubic"}, bugs=("NoAntialiasing", "ClampedBorder")),
        CaseSpec("enlarged", "imresize", "pixels have areas: corners do not lie on corners", {"image": STAIRS},
            {"scale": 2, "method": "bicubic"}, bugs=("AlignedCorners",)),
        CaseSpec("bytes_twice_rounded", "imresize", "bytes are rounded after rows and again after columns",
            {"image": noise(16, 16, 33)}, {"scale": 3, "method": "bicubic"}, bugs=("RoundedOnce",)),
        CaseSpec("nearest", "imresize", "the nearest pixel, and which on a tie", {"image": noise(5, 6, 34)},
            {"rows": 7, "columns": 9, "method": "nearest"}, bugs=("AlignedCorners",)),
        CaseSpec("bilinear", "imresize", "a triangle, stretched where the image shrinks", {"image": grays(12, 15, 35)},
            {"rows": 6, "columns": 20, "method": "bilinear"}, bugs=("NoAntialiasing",)),
        CaseSpec("bytes_reduced", "impyramid", "bytes are rounded after rows and again after columns",
            {"image": noise(15, 14, 36)}, {"direction": "reduce"},
            bugs=("BytesMirrorWithoutEdge", "BytesRoundedOnce")),
        CaseSpec("bytes_expanded", "impyramid", "an expanded side is 2 n - 1", {"image": noise(7, 8, 37)},
            {"direction": "expand"}),
        CaseSpec("any_target", "guidedfilter", "a target that is no mask",
            {"guide": grays(20, 22, 38), "target": grays(20, 22, 39)},
            {"guide_radius": 3, "guide_eps": 0.04}, bugs=("ReflectedTarget",)),
        CaseSpec("chain_of_corners", "bwareaopen", "a chain of corners is one region", {"mask": CORNERS},
            {"small_region_area": 30}, bugs=("CornersByFour",), expected=CORNERS),
    ]  # fmt: skip


def _of_quality() -> list[CaseSpec]:
    return [
        CaseSpec("psnr_of_bytes", "psnr", "bytes have peak 255",
            {"image": noise(16, 16, 40), "reference": noise(16, 16, 41)},
            bugs=("PeakOne", "FactorTwenty")),
        CaseSpec("psnr_by_hand", "psnr", "one level off everywhere", {
            "image": np.full((4, 4), 101, np.uint8), "reference": np.full((4, 4), 100, np.uint8),
        }, bugs=("PeakOne", "FactorTwenty"), expected=np.array([[20 * np.log10(255)]])),
        CaseSpec("ssim_of_table_1", "ssim", "doubles from 0 to 255 with the default range of doubles, 1", {
            "image": photograph("cat_coffee", "a", 40, 44).mean(axis=-1).round(),
            "reference": photograph("cat_coffee", "b", 40, 44).mean(axis=-1).round(),
        }, {"dynamic_range": 1.0}, bugs=("RangeOf255", "UniformWindow")),
        CaseSpec("entropy_by_hand", "entropy", "two levels, half each: one bit",
            {"image": (np.indices((6, 6)).sum(axis=0) % 2 * 200).astype(np.uint8)}, bugs=("NaturalLogarithm",),
            expected=np.array([[1.0]])),
        CaseSpec("entropy_in_bits", "entropy", "logarithm to base 2", {"image": noise(16, 16, 42)},
            bugs=("NaturalLogarithm",)),
        CaseSpec("piqe_of_a_photograph", "piqe", "all of piqe", {"image": photograph("cat_coffee", "b", 64, 64)},
            bugs=("MeanGray",)),
        CaseSpec("piqe_of_noise", "piqe", "noisy blocks", {"image": noise(48, 64, 43)}),
    ]  # fmt: skip


def metric_cases() -> list[CaseSpec]:
    """A case for every fusion metric, on a crop of an embedded pair; the fused image is a half of each.

    Crops are 64 x 64 in colour, for metrics that need more as large as they need and of one channel.
    """
    specs = []
    for name in FUSION_METRICS:
        sources, side = metric(name).needs == "sources", max(64, metric(name).least)
        a, b = (photograph("cat_coffee", picture, side, side, top=259 - max(side, 163)) for picture in "ab")
        a, b = (x if side == 64 else x[..., 1] for x in (a, b))
        left = np.arange(side) < side // 2
        fused = np.where(left if a.ndim == 2 else left[:, None], a, b).astype(np.uint8)
        inputs = {"fused": fused, **({"image_a": a, "image_b": b} if sources else {})}
        bugs = (f"{name.title().replace('_', '')}OfA",) if sources else (OF_ONE_IMAGE[name],)
        specs.append(CaseSpec(name, name, f"{metric(name).symbol} of a crop", inputs, bugs=bugs))
    return specs
