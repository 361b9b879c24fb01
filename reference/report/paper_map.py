"""Where each section and equation of the paper is: the function, and a test that holds it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PAPER_MAP", "Entry"]


class Entry(NamedTuple):
    """A place in the paper as the function's docstring names it, what stands there, the function, and a test of it."""

    place: str
    what: str
    function: str  # module.name
    test: str  # name of a test in tests/


PAPER_MAP = (
    Entry(
        "contribution 1",
        "sources of different size",
        "reference.same_size.same_size",
        "test_same_size_brings_b_onto_the_grid_of_a",
    ),
    Entry(
        "section 3, figure 1",
        "the network",
        "reference.network.enhanced.EnhancedNetwork",
        "test_enhanced_equals_plain_loops",
    ),
    Entry("section 3", "Gaussian pyramid", "reference.pyramid.pyramid", "test_pyramid_equals_the_two_dimensional_sum"),
    Entry(
        "section 3",
        "sizes of the layers",
        "reference.network.enhanced.EnhancedConfig",
        "test_enhanced_has_the_papers_sizes_by_default",
    ),
    Entry("section 3", "softmax pooling", "reference.network.pooling.softmax_pooling", "test_softmax_pooling_by_hand"),
    Entry(
        "eq. 1",
        "mixed pooling in the network",
        "reference.network.pooling.MixedPooling",
        "test_mixed_pooling_of_odd_sides_cuts_windows_off",
    ),
    Entry("section 3.1.1", "gray", "reference.gray.gray", "test_gray_of_doubles_and_of_bytes_agree_after_rounding"),
    Entry("section 3.1.1", "score map S", "reference.score_map.score_map", "test_every_size_has_its_scores"),
    Entry("section 3.1.1", "focus map FM", "reference.focus_map.focus_map", "test_focus_map_equals_counting_overlaps"),
    Entry(
        "eq. 1-2",
        "mixed pooling of FM",
        "reference.mixed_pooling.mixed_pooling",
        "test_mixed_pooling_equals_plain_loops",
    ),
    Entry(
        "section 3.1.2",
        "initial segmentation",
        "reference.segmentation.segmentation",
        "test_segmentation_is_monotone_and_gives_halves_to_b",
    ),
    Entry("section 3.1.3", "small regions", "reference.consistency.consistency", "test_consistency_equals_flood_fill"),
    Entry("section 3.1.3", "guide", "reference.guide.guide", "test_guide_picks_pixels_exactly"),
    Entry(
        "section 3.1.3",
        "guided filter",
        "reference.guided_filter.guided_filter",
        "test_guided_filter_equals_direct_windows",
    ),
    Entry("eq. 3", "fusion", "reference.fusion.fusion", "test_fusion_keeps_the_order_of_arithmetic"),
    Entry("figure 2", "all steps", "reference.pipeline.fuse", "test_every_step_gets_what_the_table_says"),
    Entry(
        "Table 1",
        "its columns",
        "reference.evaluation.table_1.columns",
        "test_the_published_result_has_the_baseline_row",
    ),
)
