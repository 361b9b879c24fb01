"""Micro cases of the pipeline's steps, each with the mistakes that it reveals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.vectors.case_specs import CaseSpec, grays, noise


def _mask(*rows: str) -> NDArray[np.uint8]:
    """A mask drawn with # for A and . for B.

    >>> _mask("#.").tolist()
    [[1, 0]]
    """
    return np.array([[character == "#" for character in row] for row in rows], dtype=np.uint8)


def _block(rows: int, columns: int, *rectangles: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """A mask with rectangles (top, left, height, width) of A in B."""
    mask = np.zeros((rows, columns), dtype=np.uint8)
    for top, left, height, width in rectangles:
        mask[top : top + height, left : left + width] = 1
    return mask


def _impulse(rows: int, columns: int, row: int, column: int) -> NDArray[np.float64]:
    image = np.zeros((rows, columns))
    image[row, column] = 1
    return image


PRIMARIES = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [1, 2, 3]]], dtype=np.uint8)
GUIDED = {"guide_radius": 8, "guide_eps": 0.1}
POOLED = {"pool_window": 5, "pool_p": 0.25, "pool_side": "a"}
STEP = _block(24, 24, (0, 0, 24, 12))
NEIGHBOURS = _block(12, 12, (2, 2, 3, 3), (5, 5, 3, 3))


def _hard_edge(rows: int, columns: int) -> NDArray[np.float64]:
    """A dark and a bright half on a ramp, where a local line of the guide is extrapolated."""
    image = np.full((rows, columns), 0.1)
    image[:, columns // 2 :] = 0.9
    image += 0.05 * np.indices((rows, columns))[0] / rows
    return image


GRAY = [
    CaseSpec("primaries", "gray", "each weight by itself", {"image_a": PRIMARIES},
        bugs=("BgrOrder", "MeanOfChannels", "Bt709Weights", "FourDigitWeights")),
    CaseSpec("rgb_order", "gray", "red is the first channel", {"image_a": noise(8, 9, 1, 3)}, bugs=("BgrOrder",)),
    CaseSpec("four_digits", "gray", "weights have fifteen digits, not four",
        {"image_a": np.full((4, 4, 3), 255, np.uint8)},
        bugs=("FourDigitWeights",)),
    CaseSpec("gray_stays_double", "gray", "gray is not rounded to 8 bits", {"image_a": noise(6, 6, 2, 3)},
        bugs=("EightBitGray",)),
    CaseSpec("gray_of_gray", "gray", "a gray source stays what it is",
        {"image_a": grays(5, 7, 3)}, bugs=("EightBitGray",), expected=grays(5, 7, 3)),
]  # fmt: skip
PYRAMID = [
    CaseSpec("pyramid_impulse", "pyramid", "the kernel: 1 4 6 4 1 over 16, rows and columns",
        {"gray_a": _impulse(12, 12, 6, 6)}, bugs=("BoxFilter", "NoFilter"),
        expected=np.pad(np.outer([1, 6, 1], [1, 6, 1]) / 256, ((2, 1), (2, 1)))),
    CaseSpec("pyramid_odd_by_odd", "pyramid", "13 x 11 becomes 7 x 6: the last row and column are kept",
        {"gray_a": grays(13, 11, 4)}, bugs=("MirrorWithoutEdge",)),
    CaseSpec("pyramid_first_pixel", "pyramid", "rows and columns 1, 3, 5, ... of MATLAB are kept",
        {"gray_a": grays(12, 12, 5)}, bugs=("OddSamples",)),
    CaseSpec("pyramid_border", "pyramid", "the border is mirrored with its edge", {"gray_a": grays(8, 8, 6)},
        bugs=("MirrorWithoutEdge", "ZeroBorder", "EdgeBorder")),
    CaseSpec("pyramid_one_row", "pyramid", "an image of one row", {"gray_a": grays(1, 9, 7)}, bugs=("ZeroBorder",)),
]  # fmt: skip
FOCUS_MAP = [
    CaseSpec("overlap_count", "focus_map", "the sum is divided by the patches that cover the pixel",
        {"score_map": grays(5, 6, 8)}, {"rows": 24, "columns": 26}, bugs=("DividedBy64", "CentresOnly")),
    CaseSpec("one_patch", "focus_map", "a single patch of 16 x 16", {"score_map": np.array([[0.75]])},
        {"rows": 16, "columns": 16}, bugs=("DividedBy64",), expected=np.full((16, 16), 0.75)),
    CaseSpec("patches_averaged", "focus_map", "patches do not overwrite one another",
        {"score_map": np.array([[1.0, 0.0]])},
        {"rows": 16, "columns": 18}, bugs=("LastPatchWins",),
        expected=np.tile(np.repeat([1.0, 0.5, 0.0], [2, 14, 2]), (16, 1))),
    CaseSpec("patches_cut_off", "focus_map", "odd sides cut patches off at the right and at the bottom",
        {"score_map": grays(4, 5, 9)}, {"rows": 21, "columns": 23}, bugs=("DividedBy64",)),
]  # fmt: skip
MIXED_POOLING = [
    CaseSpec("pooled_by_hand", "mixed_pooling", "p weighs the maximum, 1 - p the mean",
        {"focus_map": np.array([[0.0, 0.0, 0.0], [0.0, 0.9, 0.0], [0.0, 0.0, 0.0]])},
        {"pool_window": 3, "pool_p": 0.25, "pool_side": "a"}, bugs=("ExchangedPooling", "FactorP"),
        expected=0.25 * 0.9 + 0.75 * 0.9 / np.array([[4.0, 6, 4], [6, 9, 6], [4, 6, 4]])),
    CaseSpec("pooled_side_b", "mixed_pooling", "side b pools 1 - FM", {"focus_map": grays(9, 9, 10)},
        {"pool_window": 3, "pool_p": 1.0, "pool_side": "b"}, bugs=("OtherSide",)),
    CaseSpec("pooled_border", "mixed_pooling", "windows are cut off at the border",
        {"focus_map": grays(9, 11, 11)}, POOLED,
        bugs=("MeanBeyondBorder", "WindowAsRadius")),
    CaseSpec("pooled_window_one", "mixed_pooling", "a window of 1 changes nothing", {"focus_map": grays(6, 6, 12)},
        {"pool_window": 1, "pool_p": 0.5, "pool_side": "a"}, bugs=("WindowAsRadius", "FactorP"),
        expected=grays(6, 6, 12)),
]  # fmt: skip
SEGMENTATION = [
    CaseSpec("tie_at_half", "segmentation", "an exact half goes to B",
        {"mixed_pooling": np.array([[0.5, 0.5 + 2.0**-24, 0.5 - 2.0**-25, 1.0, 0.0]])},
        {"focus_threshold": 0.5}, bugs=("TiesToA", "EightBitMap"), expected=_mask(".#.#.")),
    CaseSpec("threshold_moved", "segmentation", "the threshold is a parameter, and no level of 8 bits",
        {"mixed_pooling": np.array([[0.2495, 0.25, 0.3, 0.6]])}, {"focus_threshold": 0.25},
        bugs=("FixedHalf", "EightBitMap", "TiesToA"), expected=_mask("..##")),
]  # fmt: skip
CONSISTENCY = [
    CaseSpec("corner_touch", "consistency", "two regions that meet at a corner are one", {"segmentation": NEIGHBOURS},
        {"small_region_area": 10}, bugs=("FourNeighbours",), expected=NEIGHBOURS),
    CaseSpec("corner_touch_of_holes", "consistency", "so are two holes", {"segmentation": 1 - NEIGHBOURS},
        {"small_region_area": 10}, bugs=("FourNeighbours", "HolesByFour"), expected=1 - NEIGHBOURS),
    CaseSpec("region_equal_to_area", "consistency", "a region of exactly the area stays",
        {"segmentation": _block(16, 16, (1, 1, 3, 3), (8, 8, 2, 4))}, {"small_region_area": 9},
        bugs=("StrictlyLarger",), expected=_block(16, 16, (1, 1, 3, 3))),
    CaseSpec("small_hole", "consistency", "holes are filled as regions are removed",
        {"segmentation": 1 - _block(16, 16, (6, 6, 2, 2))}, {"small_region_area": 9}, bugs=("NoHoles",),
        expected=np.ones((16, 16), dtype=np.uint8)),
    CaseSpec("map_before_holes", "consistency", "regions go before holes: a small ring of A goes with its hole",
        {"segmentation": _block(16, 16, (4, 4, 4, 4)) - _block(16, 16, (5, 5, 2, 2))}, {"small_region_area": 13},
        bugs=("HolesFirst",), expected=np.zeros((16, 16), dtype=np.uint8)),
    CaseSpec("two_large_regions", "consistency", "all large regions stay",
        {"segmentation": _block(16, 16, (1, 1, 4, 4), (9, 9, 5, 5))}, {"small_region_area": 5}, bugs=("LargestOnly",),
        expected=_block(16, 16, (1, 1, 4, 4), (9, 9, 5, 5))),
    CaseSpec("smaller_than_area", "consistency", "in an image smaller than the area the map goes, then its complement",
        {"segmentation": np.ones((5, 5), np.uint8)}, {"small_region_area": 30}, bugs=("NoHoles",),
        expected=np.ones((5, 5), np.uint8)),
    CaseSpec("area_zero", "consistency", "area 0 changes nothing", {"segmentation": _mask("#.#", ".#.", "#.#")},
        {"small_region_area": 0}, expected=_mask("#.#", ".#.", "#.#")),
]  # fmt: skip
GUIDE = [
    CaseSpec("guide_by_map", "guide", "A where the map is 1", {
        "gray_a": np.full((4, 4), 0.25), "gray_b": np.full((4, 4), 0.75), "consistency": _block(4, 4, (0, 0, 4, 2)),
    }, bugs=("ExchangedMap", "SourceAlone", "MeanOfSources"), expected=np.tile([0.25, 0.25, 0.75, 0.75], (4, 1))),
]  # fmt: skip
GUIDED_FILTER = [
    CaseSpec("border_smaller_than_window", "guided_filter", "windows are cut off at the border, and counted",
        {"guide": grays(12, 10, 14), "consistency": _block(12, 10, (0, 0, 7, 5))}, GUIDED,
        bugs=("ZeroWindows",)),
    CaseSpec("window_in_image", "guided_filter", "the border again, windows smaller than the image",
        {"guide": grays(24, 24, 15), "consistency": STEP}, {"guide_radius": 3, "guide_eps": 0.01},
        bugs=("ReflectedWindows", "ReplicatedWindows", "ZeroWindows", "NotSmoothed", "UnbiasedVariance",
                "RadiusAsWindow")),
    CaseSpec("eps_of_gray_levels", "guided_filter", "eps belongs to gray levels from 0 to 1, and is not squared",
        {"guide": grays(24, 24, 16), "consistency": STEP}, {"guide_radius": 5, "guide_eps": 0.1},
        bugs=("EpsSquared", "EpsIn8Bits", "RadiusAsWindow")),
    CaseSpec("overshoot", "guided_filter", "the map may leave [0, 1], and is not cut off",
        {"guide": _hard_edge(24, 24), "consistency": _block(24, 24, (0, 0, 24, 15))},
        {"guide_radius": 3, "guide_eps": 1e-6}, bugs=("ClippedMap",)),
    CaseSpec("smallest_window", "guided_filter", "the variance is divided by the number of pixels",
        {"guide": grays(24, 24, 16), "consistency": STEP}, {"guide_radius": 1, "guide_eps": 0.01},
        bugs=("UnbiasedVariance",)),
    CaseSpec("flat_guide", "guided_filter", "a flat guide gives the mean of means",
        {"guide": np.full((20, 20), 0.5), "consistency": _block(20, 20, (0, 0, 20, 10))}, GUIDED,
        bugs=("NotSmoothed",)),
]  # fmt: skip
FUSION = [
    CaseSpec("a_where_one", "fusion", "D weighs A", {
        "image_a": np.full((3, 4, 3), 200, np.uint8), "image_b": np.full((3, 4, 3), 100, np.uint8),
        "guided_filter": np.tile([1.0, 0.75, 0.25, 0.0], (3, 1)),
    }, bugs=("ExchangedWeights", "HardMap"),
        expected=np.repeat(np.tile([200 / 255, 175 / 255, 125 / 255, 100 / 255], (3, 1))[..., None], 3, axis=2)),
    CaseSpec("map_beyond_one", "fusion", "D may leave [0, 1], F then too: nothing is cut off", {
        "image_a": np.tile(np.array([255, 51, 0, 204], np.uint8), (3, 1)),
        "image_b": np.tile(np.array([0, 255, 102, 51], np.uint8), (3, 1)),
        "guided_filter": np.array([[1.25], [-0.25], [0.5]]) * np.ones(4),
    }, bugs=("ClippedWeights", "ClippedImage"),
        expected=np.array([[1.25, 0, -0.1, 0.95], [-0.25, 1.2, 0.5, 0.05], [0.5, 0.6, 0.2, 0.5]])),
    CaseSpec("every_channel", "fusion", "every channel by itself", {
        "image_a": noise(6, 6, 17, 3), "image_b": noise(6, 6, 18, 3), "guided_filter": grays(6, 6, 19),
    }, bugs=("FirstChannelOnly", "ExchangedWeights")),
    CaseSpec("identical_sources", "fusion", "two equal sources give themselves, whatever the map", {
        "image_a": noise(6, 6, 20), "image_b": noise(6, 6, 20), "guided_filter": grays(6, 6, 21),
    }, expected=noise(6, 6, 20) / 255),
]  # fmt: skip
UINT8 = [
    CaseSpec("half_gray", "uint8", "halves are rounded away from zero", {"fusion": (np.arange(255)[None] + 0.5) / 255},
        bugs=("HalfEven", "Truncated", "Times256")),
    CaseSpec("beyond_the_range", "uint8", "what is beyond 0 and 255 stays there",
        {"fusion": np.array([[-0.5, -0.001, 1.001, 1.5, 0.5]])}, bugs=("WrappedAround",),
        expected=np.array([[0, 0, 255, 255, 128]], dtype=np.uint8)),
    CaseSpec("every_level", "uint8", "every gray level comes back", {"fusion": np.arange(256)[None] / 255},
        expected=np.arange(256, dtype=np.uint8)[None]),
]  # fmt: skip
PIPELINE_CASES = [
    *GRAY, *PYRAMID, *FOCUS_MAP, *MIXED_POOLING, *SEGMENTATION, *CONSISTENCY, *GUIDE, *GUIDED_FILTER, *FUSION, *UINT8,
]  # fmt: skip
