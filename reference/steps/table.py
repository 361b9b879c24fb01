"""The one table of steps: what each takes and gives, its place in the paper, its MATLAB, and its words to a reader.

Everything that lists the steps reads it: figures, explorer, documentation, the map of the paper, files of steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
    text     of the nine; the guide is said with the filter
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
    text: StepText | None

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
         "test_gray_of_doubles_and_of_bytes_agree_after_rounding", "gray", "gray", StepText(
         1, "Gray",
         "Focus is judged on gray images; colour comes back in the last step.",
         r"g = 0.29894\,R + 0.58704\,G + 0.11402\,B",
         "A = im2double(A); gA = rgb2gray(A);\nB = im2double(B); gB = rgb2gray(B);",
         {},
    )),
    Step(steps.pyramid, 2, ("gray",), True, "float64", "exact", "[0, 1]",
         "3, figure 1", "section 3", "impyramid",
         "test_pyramid_equals_the_two_dimensional_sum", "pyramid", "pyramid", StepText(
         2, "Gaussian pyramid",
         "The gray image, smoothed and halved twice: the paper's network compares A and B at three scales; Liu's has "
         "the first alone.",
         r"G_{l+1}(j,i) = \sum_{m,n=-2}^{2} w_m w_n\, G_l(2j+m,\, 2i+n)" "\n" r"w = \tfrac{1}{16}\,[1\;4\;6\;4\;1]",
         "A1 = impyramid(gA, 'reduce'); A2 = impyramid(A1, 'reduce');\n"
         "B1 = impyramid(gB, 'reduce'); B2 = impyramid(B1, 'reduce');",
         {},
    )),
    Step(steps.score_map, 3, ("pyramid_a", "pyramid_b"), False, "float64", "single", "[0, 1]",
         "3, 3.1.1", "section 3.1.1", "the network in single, softmax output of class 2",
         "test_every_size_has_its_scores", "score map, white: A in focus", "score map", StepText(
         3, "Score map",
         "For every patch of 16 × 16 pixels, two pixels apart: how likely is it that A is in focus there? "
         "White is A, black is B.",
         r"S(j,i) = P\bigl(\text{A in focus} \mid \text{patch } (j, i)\bigr)",
         "S = softmax(network({gA, A1, A2}, {gB, B1, B2}));   % in single\nS = S(:, :, 2);",
         {},
    )),
    Step(steps.focus_map, 4, ("score_map",), False, "float64", "rounded", "[0, 1]",
         "3.1.1, figure 2", "section 3.1.1", 'overlap average of Liu\'s "focus detection"',
         "test_focus_map_equals_counting_overlaps", "focus map, white: A in focus", "focus map", StepText(
         4, "Focus map",
         "Each score is spread over its patch, and every pixel takes the mean of the patches that cover it.",
         r"FM(y,x) = \frac{1}{n(y,x)} \sum_{\text{patches } (j,i) \ni (y,x)} S(j,i)",
         "FM(r, c) = FM(r, c) + S(j, i);  n(r, c) = n(r, c) + 1;   % r, c: of patch (j, i)\nFM = FM ./ n;",
         {},
    )),
    Step(steps.mixed_pooling, 5, ("focus_map",), False, "float64", "rounded", "[0, 1]",
         "3.1.2, eq. 1-2", "eq. 1-2", "imdilate and boxfilter",
         "test_mixed_pooling_equals_plain_loops", "focus map, pooled", "mixed pooling", StepText(
         5, "Mixed pooling",
         "A mixture of the largest and the mean value around each pixel. A window of 1 changes nothing: that is the "
         "default.",
         r"d = p \max_{W} FM + (1 - p)\, \operatorname{mean}_{W} FM",
         "k = window; r = (k - 1) / 2;\n"
         "avg = boxfilter(FM, r) ./ boxfilter(ones(size(FM)), r);\n"
         "d = p * imdilate(FM, true(k)) + (1 - p) * avg;   % side b: FM = 1 - FM before, d = 1 - d after",
         {
             "pool-window": "odd; a wider one gives more ground to the side that is pooled, if p is large",
             "pool-p": "1 takes the maximum, 0 the mean",
             "pool-side": "a: A gains ground; b: the map of B is pooled, and B gains ground",
         },
    )),
    Step(steps.segmentation, 6, ("mixed_pooling",), False, "bool", "exact", "0, 1",
         "3.1.2", "section 3.1.2", "FM > 0.5",
         "test_segmentation_is_monotone_and_gives_halves_to_b", "decision, white: A", "segmentation", StepText(
         6, "Initial segmentation",
         "A decision for every pixel: A where the map is above one half. A tie goes to B.",
         r"M(y,x) = 1 \text{ where } d(y,x) > 0.5, \text{ else } 0",
         "M = d > 0.5;",
         {},
    )),
    Step(steps.consistency, 7, ("segmentation",), False, "bool", "exact", "0, 1",
         "3.1.3", "section 3.1.3", "bwareaopen",
         "test_consistency_equals_flood_fill", "decision without small regions", "consistency", StepText(
         7, "Consistency verification",
         "Regions too small to be in focus for themselves are removed, first the white ones, then the black ones.",
         r"D_0 = \lnot\,\mathrm{open}_s\bigl(\lnot\,\mathrm{open}_s(M)\bigr)",
         "s = area;\nD0 = ~bwareaopen(~bwareaopen(M, s), s);",
         {"area": "pixels of the smallest region that stays; 0 keeps all, much removes thin things that are in focus"},
    )),
    Step(steps.guide, 8, ("gray_a", "gray_b", "consistency"), False, "float64", "exact", "[0, 1]",
         "3.1.3", "section 3.1.3", "imgf_gray",
         "test_guide_picks_pixels_exactly", "guide: the sources cut by that decision", "guide", None),
    Step(steps.guided_filter, 8, ("guide", "consistency"), False, "float64", "rounded",
         "[0, 1] and a few hundredths beyond", "3.1.3", "section 3.1.3", "guidedfilter of He et al.",
         "test_guided_filter_equals_direct_windows", "decision map, white: A", "decision map", StepText(
         8, "Guided filter",
         "The edge of the decision is fitted to the edges of the first fused image: the map becomes soft where that "
         "image is smooth.",
         r"D_i = \bar a_i I_i + \bar b_i"
         "\n"
         r"a = \frac{\operatorname{cov}(I, D_0)}{\operatorname{var}(I) + \epsilon}, \quad "
         r"b = \bar D_0 - a \bar I",
         "I = gA .* D0 + gB .* (1 - D0);\nD = guidedfilter(I, D0, radius, eps);",
         {
             "radius": "pixels around each one that are looked at: more makes a wider transition",
             "eps": "small follows every edge of the guide, large only smooths",
         },
    )),
    Step(steps.fusion, 9, ("image_a", "image_b", "guided_filter"), False, "float64", "exact",
         "[0, 1] and a few hundredths beyond, saturated by the cast", "3.1.4, eq. 3", "eq. 3", "A .* D + B .* (1 - D)",
         "test_fusion_keeps_the_order_of_arithmetic", "fused image", "fused", StepText(
         9, "Fusion",
         "Every pixel and channel is the average of A and B, weighted by the decision map.",
         r"F = D\,A + (1 - D)\,B",
         "F = uint8(255 * (D .* A + (1 - D) .* B));",
         {},
    )),
)
# fmt: on
STEP_TEXTS = tuple(step.text for step in STEPS if step.text)

# What GFDF does otherwise than the paper's nine steps, for a reader; the steps that it has not are None.
GFDF_TEXTS: dict[int, StepText | None] = {
    2: None,
    3: None,
    4: StepText(
        4,
        "Focus measure",
        "In place of a network: how far a pixel of each source is from the mean of the 7 × 7 pixels around it, "
        "smoothed by a guided filter.",
        r"f_n = \operatorname{guided}\bigl(g_n;\ |g_n - \operatorname{mean}_7(g_n)|\bigr), \quad n = A, B",
        "mA = imfilter(gA, ones(7) / 49, 'replicate'); fA = guidedfilter(gA, abs(gA - mA), 5, 0.3);\n"
        "mB = imfilter(gB, ones(7) / 49, 'replicate'); fB = guidedfilter(gB, abs(gB - mB), 5, 0.3);",
        {},
    ),
    5: None,
    6: StepText(
        6,
        "Initial segmentation",
        "A decision for every pixel: A where A has the greater focus measure. A tie goes to B.",
        r"M(y,x) = 1 \text{ where } f_A(y,x) > f_B(y,x), \text{ else } 0",
        "M = fA > fB;",
        {},
    ),
}
