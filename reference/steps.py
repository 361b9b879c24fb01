"""The steps in order: what each takes and gives, and where it stands in the paper and in MATLAB.

The pipeline records these names; conformance vectors, figures and the documentation are built on this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reference.consistency import consistency
from reference.focus_map import focus_map
from reference.fusion import fusion
from reference.gray import gray
from reference.guide import guide
from reference.guided_filter import guided_filter
from reference.mixed_pooling import mixed_pooling
from reference.pyramid import pyramid
from reference.score_map import score_map
from reference.segmentation import segmentation

__all__ = ["STEPS", "Step"]


@dataclass(frozen=True)
class Step:
    """One row of the table.

    name     of the step, its file, its function and its entry in a trace
    number   of the step in the paper's order; two halves share a number
    inputs   names of steps or sources whose values it takes; a step marked "each" runs for A and B and is traced
             as name_a and name_b (levels of a pyramid as name_a_0, name_a_1, ...)
    kind     "exact": equal digits can be promised; "rounded": last digits depend on the machine; "single": network
    range    of the values
    """

    name: str
    number: int
    function: Callable[..., Any]
    inputs: tuple[str, ...]
    each: bool
    dtype: str
    kind: str
    range: str
    paper: str
    matlab: str


STEPS = (
    Step("gray", 1, gray, ("image",), True, "float64", "exact", "[0, 1]", "3.1.1", "rgb2gray"),
    Step("pyramid", 2, pyramid, ("gray",), True, "float64", "exact", "[0, 1]", "3, figure 1", "impyramid"),
    Step(
        "score_map", 3, score_map, ("pyramid_a", "pyramid_b"), False, "float64", "single", "[0, 1]",
        "3, 3.1.1", "the network in single, softmax output of class 2",
    ),
    Step(
        "focus_map", 4, focus_map, ("score_map",), False, "float64", "rounded", "[0, 1]",
        "3.1.1, figure 2", "overlap average of Liu's \"focus detection\"",
    ),
    Step(
        "mixed_pooling", 5, mixed_pooling, ("focus_map",), False, "float64", "rounded", "[0, 1]",
        "3.1.2, eq. 1-2", "imdilate and boxfilter",
    ),
    Step("segmentation", 6, segmentation, ("mixed_pooling",), False, "bool", "exact", "0, 1", "3.1.2", "FM > 0.5"),
    Step("consistency", 7, consistency, ("segmentation",), False, "bool", "exact", "0, 1", "3.1.3", "bwareaopen"),
    Step(
        "guide", 8, guide, ("gray_a", "gray_b", "consistency"), False, "float64", "exact", "[0, 1]",
        "3.1.3", "imgf_gray",
    ),
    Step(
        "guided_filter", 8, guided_filter, ("guide", "consistency"), False, "float64", "rounded",
        "[0, 1] and a few hundredths beyond", "3.1.3", "guidedfilter of He et al.",
    ),
    Step(
        "fusion", 9, fusion, ("image_a", "image_b", "guided_filter"), False, "float64", "exact",
        "[0, 1] and a few hundredths beyond, saturated by the cast", "3.1.4, eq. 3", "uint8(255 * F)",
    ),
)  # fmt: skip
