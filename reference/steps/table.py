"""The one table of steps: what each takes and gives, its place in the paper, its MATLAB, and its words to a reader.

Everything that lists the steps reads it: figures, explorer, documentation, the map of the paper, files of steps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from reference import steps

__all__ = ["GFDF_TEXTS", "STEPS", "STEP_TEXTS", "Step", "StepText"]


class StepText(NamedTuple):
    """What one of the paper's nine steps says to a reader.

    formula     LaTeX, without delimiters, one formula a line
    matlab      what one would type there
    parameters  option of `parfocal fuse` without dashes: what more of it does
    """

    number: int
    title: str
    sentence: str
    formula: str
    matlab: str
    parameters: dict[str, str]


@dataclass(frozen=True)
class Step:
    """One row of the table.

    number   of the step in the paper's order; two halves share a number
    inputs   names of steps or sources whose values it takes; a step marked "each" runs for A and B, and its values are
             called name_a and name_b (levels of a pyramid name_a_0, name_a_1, ...)
    kind     "exact": equal digits can be promised; "rounded": last digits depend on the machine; "single": network
    range    of the values
    paper    sections, equations and figures; `place` is the one that the docstring names
    test     that holds it, in tests/
    panel    title of its picture; `short` where there is less room
    """

    function: Callable[..., Any]
    number: int
    inputs: tuple[str, ...]
    each: bool
    dtype: str
    kind: str
    range: str
    paper: str
    place: str
    matlab: str
    test: str
    panel: str
    short: str

    @property
    def name(self) -> str:
        """Of the step, its function, and its value in `Fusion.steps`."""
        return self.function.__name__

    @property
    def values(self) -> dict[str, str]:
        """The names of its values, and the titles of their pictures."""
        if not self.each:
            return {self.name: self.panel}
        return {f"{self.name}_{side}": f"{self.panel} of {side.upper()}" for side in "ab"}


# fmt: off
STEPS = (
    Step(steps.gray, 1, ("image",), True, "float64", "exact", "[0, 1]",
         "3.1.1", "section 3.1.1", "rgb2gray",
         "test_gray_of_doubles_and_of_bytes_agree_after_rounding", "gray", "gray"),
    Step(steps.pyramid, 2, ("gray",), True, "float64", "exact", "[0, 1]",
         "3, figure 1", "section 3", "impyramid",
         "test_pyramid_equals_the_two_dimensional_sum", "pyramid", "pyramid"),
    Step(steps.score_map, 3, ("pyramid_a", "pyramid_b"), False, "float64", "single", "[0, 1]",
         "3, 3.1.1", "section 3.1.1", "the network in single, softmax output of class 2",
         "test_every_size_has_its_scores", "score map, white: A in focus", "score map"),
    Step(steps.focus_map, 4, ("score_map",), False, "float64", "rounded", "[0, 1]",
         "3.1.1, figure 2", "section 3.1.1", 'overlap average of Liu\'s "focus detection"',
         "test_focus_map_equals_counting_overlaps", "focus map, white: A in focus", "focus map"),
    Step(steps.mixed_pooling, 5, ("focus_map",), False, "float64", "rounded", "[0, 1]",
         "3.1.2, eq. 1-2", "eq. 1-2", "imdilate and boxfilter",
         "test_mixed_pooling_equals_plain_loops", "focus map, pooled", "mixed pooling"),
    Step(steps.segmentation, 6, ("mixed_pooling",), False, "bool", "exact", "0, 1",
         "3.1.2", "section 3.1.2", "FM > 0.5",
         "test_segmentation_is_monotone_and_gives_halves_to_b", "decision, white: A", "segmentation"),
    Step(steps.consistency, 7, ("segmentation",), False, "bool", "exact", "0, 1",
         "3.1.3", "section 3.1.3", "bwareaopen",
         "test_consistency_equals_flood_fill", "decision without small regions", "consistency"),
    Step(steps.guide, 8, ("gray_a", "gray_b", "consistency"), False, "float64", "exact", "[0, 1]",
         "3.1.3", "section 3.1.3", "imgf_gray",
         "test_guide_picks_pixels_exactly", "guide: the sources cut by that decision", "guide"),
    Step(steps.guided_filter, 8, ("guide", "consistency"), False, "float64", "rounded",
         "[0, 1] and a few hundredths beyond", "3.1.3", "section 3.1.3", "guidedfilter of He et al.",
         "test_guided_filter_equals_direct_windows", "decision map, white: A", "decision map"),
    Step(steps.fusion, 9, ("image_a", "image_b", "guided_filter"), False, "float64", "exact",
         "[0, 1] and a few hundredths beyond, saturated by the cast", "3.1.4, eq. 3", "eq. 3", "A .* D + B .* (1 - D)",
         "test_fusion_keeps_the_order_of_arithmetic", "fused image", "fused"),
)
# fmt: on
TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))
STEP_TEXTS = tuple(StepText(**text) for text in TEXTS["paper"].values())
# What GFDF does otherwise than the paper's nine steps, for a reader, by number; the steps that it has not are None.
GFDF_TEXTS: dict[int, StepText | None] = dict.fromkeys(TEXTS["gfdf"].pop("lacks"))
GFDF_TEXTS |= {text["number"]: StepText(**text) for text in TEXTS["gfdf"].values()}
GFDF_TEXTS = dict(sorted(GFDF_TEXTS.items()))
