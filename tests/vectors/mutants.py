"""Wrong versions of every step, each a mistake of ports; cases name them, and they test the kit."""

from __future__ import annotations

import numpy as np

import matlab_compat
from reference.metrics.catalogue import METRICS
from tests.vectors.functions import STEPS, as_double
from tests.vectors.mistakes import (
    centres_only,
    changed,
    divided_by_64,
    double,
    f_as_source,
    fixed_point,
    guided,
    half_even,
    last_patch_wins,
    mean_gray,
    natural_entropy,
    on_input,
    on_result,
    once_rounded,
    opened,
    pooled,
    reduced,
    resized,
    reversed_channels,
    sampled,
    scaled,
    times_256,
    truncated,
    uniform_ssim,
    weighted,
    window_mean,
    wrapped,
)
from tests.vectors.network_mutants import NETWORK_MUTANTS, Mutant

MUTANTS: dict[str, Mutant] = {
    "FourDigitWeights": Mutant("gray", "weights .2989 .5870 .1140", weighted(0.2989, 0.5870, 0.1140)),
    "BgrOrder": Mutant("gray", "channels taken as blue, green, red", on_input("gray", reversed_channels)),
    "MeanOfChannels": Mutant("gray", "weights 1/3 1/3 1/3", weighted(1 / 3, 1 / 3, 1 / 3)),
    "Bt709Weights": Mutant("gray", "weights .2126 .7152 .0722", weighted(0.2126, 0.7152, 0.0722)),
    "EightBitGray": Mutant("gray", "rounded to 8 bits", on_result("gray", lambda v: np.rint(255 * double(v)) / 255)),
    "MirrorWithoutEdge": Mutant("pyramid", "border mirrored without the edge, as pyrDown", reduced("mirror")),
    "ZeroBorder": Mutant("pyramid", "zeros beyond the border", reduced("constant")),
    "EdgeBorder": Mutant("pyramid", "the edge goes on beyond the border", reduced("nearest")),
    "OddSamples": Mutant("pyramid", "every second pixel from the second on", reduced("reflect", first=1)),
    "NoFilter": Mutant("pyramid", "subsampled without a filter", lambda x, p: as_double(x[0])[::2, ::2]),
    "BoxFilter": Mutant("pyramid", "a box of 3 in place of 1 4 6 4 1", reduced("reflect", kernel=np.ones(3) / 3)),
    "ExchangedClasses": Mutant("score_map", "1 - S", on_result("score_map", lambda v: 1 - double(v))),
    "ExchangedSources": Mutant(
        "score_map", "B first", on_input("score_map", lambda x, p: ([*x[len(x) // 2 :], *x[: len(x) // 2]], p))
    ),
    "FullRangeGray": Mutant(
        "score_map", "gray levels from 0 to 255", on_input("score_map", lambda x, p: ([255 * double(v) for v in x], p))
    ),
    "DividedBy64": Mutant("focus_map", "sums divided by 64 everywhere", divided_by_64),
    "LastPatchWins": Mutant("focus_map", "patches overwrite one another", last_patch_wins),
    "CentresOnly": Mutant("focus_map", "no average: the score of the nearest centre", centres_only),
    "ExchangedPooling": Mutant(
        "mixed_pooling", "p weighs the mean", on_input("mixed_pooling", changed(pool_p=lambda p: 1 - p["pool_p"]))
    ),
    "FactorP": Mutant(
        "mixed_pooling", "the result is multiplied by p", lambda x, p: p["pool_p"] * STEPS["mixed_pooling"](x, p)
    ),
    "OtherSide": Mutant(
        "mixed_pooling", "the map of the other source is pooled",
        on_input("mixed_pooling", changed(pool_side=lambda p: "a" if p["pool_side"] == "b" else "b")),
    ),
    "MeanBeyondBorder": Mutant("mixed_pooling", "means of windows filled up with the edge", pooled("nearest")),
    "WindowAsRadius": Mutant(
        "mixed_pooling", "windows of 2 k + 1",
        on_input("mixed_pooling", changed(pool_window=lambda p: 2 * p["pool_window"] + 1)),
    ),
    "TiesToA": Mutant("segmentation", ">= in place of >", lambda x, p: double(x[0]) >= p["focus_threshold"]),
    "EightBitMap": Mutant(
        "segmentation", "compared after rounding to 8 bits",
        lambda x, p: np.rint(255 * double(x[0])) > 255 * p["focus_threshold"],
    ),
    "FixedHalf": Mutant("segmentation", "the threshold is always 1/2", lambda x, p: double(x[0]) > 0.5),
    "FourNeighbours": Mutant("consistency", "regions do not meet at corners", opened(4, 4)),
    "HolesByFour": Mutant("consistency", "holes do not meet at corners", opened(8, 4)),
    "StrictlyLarger": Mutant(
        "consistency", "a region of exactly the area goes",
        on_input("consistency", changed(small_region_area=lambda p: p["small_region_area"] + 1)),
    ),
    "NoHoles": Mutant("consistency", "the complement is left as it is", opened(8, None)),
    "HolesFirst": Mutant("consistency", "the complement before the map", opened(8, 8, holes_first=True)),
    "LargestOnly": Mutant(
        "consistency", "only the largest region is kept", lambda x, p: matlab_compat.bwareafilt(x[0].astype(bool), 1)
    ),
    "ExchangedMap": Mutant(
        "guide", "the map weighs B", on_input("guide", lambda x, p: ([x[0], x[1], 1 - x[2].astype(np.uint8)], p))
    ),
    "SourceAlone": Mutant("guide", "A in place of the first fused image", lambda x, p: as_double(x[0])),
    "MeanOfSources": Mutant("guide", "the mean of A and B", lambda x, p: (as_double(x[0]) + as_double(x[1])) / 2),
    "ReflectedWindows": Mutant("guided_filter", "windows filled up by reflection", guided("symmetric")),
    "ReplicatedWindows": Mutant("guided_filter", "windows filled up with the edge", guided("edge")),
    "ZeroWindows": Mutant("guided_filter", "windows filled up with zeros", guided("constant")),
    "EpsSquared": Mutant("guided_filter", "eps squared", guided(squared=True)),
    "EpsIn8Bits": Mutant(
        "guided_filter", "eps for gray levels from 0 to 255",
        on_input("guided_filter", changed(guide_eps=lambda p: p["guide_eps"] / 255**2)),
    ),
    "RadiusAsWindow": Mutant(
        "guided_filter", "windows r wide, not 2 r + 1",
        on_input("guided_filter", changed(guide_radius=lambda p: p["guide_radius"] // 2)),
    ),
    "NotSmoothed": Mutant("guided_filter", "a and b are not averaged", guided(smoothed=False)),
    "UnbiasedVariance": Mutant("guided_filter", "variances divided by n - 1", guided(unbiased=True)),
    "ClippedMap": Mutant("guided_filter", "cut off at 0 and 1", on_result("guided_filter", lambda v: np.clip(v, 0, 1))),
    "ExchangedWeights": Mutant(
        "fusion", "D weighs B", on_input("fusion", lambda x, p: ([x[0], x[1], 1 - double(x[2])], p))
    ),
    "HardMap": Mutant(
        "fusion", "D is cut at 1/2", on_input("fusion", lambda x, p: ([x[0], x[1], (double(x[2]) > 0.5) * 1.0], p))
    ),
    "ClippedWeights": Mutant(
        "fusion", "D is cut off at 0 and 1",
        on_input("fusion", lambda x, p: ([x[0], x[1], np.clip(double(x[2]), 0, 1)], p)),
    ),
    "ClippedImage": Mutant("fusion", "F is cut off at 0 and 1", on_result("fusion", lambda v: np.clip(v, 0, 1))),
    "FirstChannelOnly": Mutant("fusion", "all channels have the first one's values", on_result(
        "fusion", lambda v: np.repeat(v[..., :1], v.shape[-1], axis=-1) if v.ndim == 3 else v
    )),
    "HalfEven": Mutant("uint8", "halves go to the even level", half_even),
    "Truncated": Mutant("uint8", "cut off in place of rounded", truncated),
    "WrappedAround": Mutant("uint8", "what is beyond 255 begins at 0 again", wrapped),
    "Times256": Mutant("uint8", "floor of 256 times the value", times_256),
    "DividedBy256": Mutant("im2double", "value / 256", lambda x, p: double(x[0]) / 256),
    "WindowMeans": Mutant(
        "boxfilter", "means of windows", lambda x, p: window_mean(double(x[0]), p["guide_radius"], None)
    ),
    "BorderRepeated": Mutant(
        "boxfilter", "the edge repeated beyond the border",
        lambda x, p: window_mean(double(x[0]), p["guide_radius"], "edge") * (2 * p["guide_radius"] + 1) ** 2,
    ),
    "FixedPointWeights": Mutant("rgb2gray", "weights in 14 bits, as OpenCV", fixed_point),
    "NoAntialiasing": Mutant("imresize", "no antialiasing", resized(antialiasing=False)),
    "ClampedBorder": Mutant("imresize", "the edge goes on beyond the border", resized(border="clamp")),
    "AlignedCorners": Mutant("imresize", "corner pixels lie on corner pixels", sampled),
    "RoundedOnce": Mutant("imresize", "rounded at the end only", once_rounded),
    "BytesMirrorWithoutEdge": Mutant("impyramid", "border mirrored without the edge", reduced("mirror")),
    "BytesRoundedOnce": Mutant("impyramid", "rounded at the end only", reduced("reflect")),
    "CornersByFour": Mutant("bwareaopen", "regions do not meet at corners", lambda x, p: matlab_compat.bwareaopen(
        x[0].astype(bool), p["small_region_area"], 4
    )),
    "ReflectedTarget": Mutant("guidedfilter", "windows filled up by reflection", guided("symmetric")),
    "PeakOne": Mutant("psnr", "peak 1 for bytes", lambda x, p: STEPS["psnr"](x, p) - 20 * np.log10(255)),
    "FactorTwenty": Mutant("psnr", "20 log10 in place of 10", on_result("psnr", scaled(2.0))),
    "RangeOf255": Mutant("ssim", "range 255 for doubles", on_input("ssim", changed(dynamic_range=lambda p: 255))),
    "UniformWindow": Mutant("ssim", "a uniform window of 7 x 7", uniform_ssim),
    "NaturalLogarithm": Mutant("entropy", "natural logarithm", natural_entropy),
    "MeanGray": Mutant("piqe", "the mean of the channels as gray", on_input("piqe", mean_gray)),
    "NotHalved": Mutant("average_gradient", "squares not halved", on_result("average_gradient", scaled(np.sqrt(2)))),
    "AverageGradient": Mutant("edge_intensity", "the average gradient", STEPS["average_gradient"]),
    "FrequencyHalved": Mutant(
        "spatial_frequency", "mean of directions", on_result("spatial_frequency", scaled(0.5**0.5))
    ),
    "ColumnsAlone": Mutant("standard_deviation", "of columns", STEPS["standard_deviation_columns"]),
    "MeanOfSquares": Mutant("standard_deviation_sum", "divided by the pixels", STEPS["standard_deviation"]),
    "AllAtOnce": Mutant("standard_deviation_columns", "of all values", STEPS["standard_deviation"]),
}  # fmt: skip
MUTANTS |= {
    f"{entry.name.title().replace('_', '')}OfA": Mutant(entry.name, "F and A change places", f_as_source(entry.name))
    for entry in METRICS
    if entry.needs == "sources"
}
MUTANTS |= NETWORK_MUTANTS
