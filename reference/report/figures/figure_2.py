"""Figure 2: the algorithm with the maps of a real run in the paper's places, and the same run as one sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reference.report.figures.figure_3 import show
from reference.steps.arrays import Image
from reference.steps.table import STEPS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Where a panel stands (column, row), its title, and the heading of its column, as in the paper.
PANELS = {
    "image_a": (0, 0, "Source Image A"), "image_b": (0, 2, "Source Image B"),
    "score_map": (1, 0, "Score map S"), "focus_map": (1, 2, "Focus map FM"),
    "segmentation": (2, 1, "Binary segmentation"),
    "consistency": (3, 0, "Small regions removed"), "guided_filter": (3, 2, "Final decision map D"),
    "fusion": (4, 1, "Fused Image F"),
}  # fmt: skip
HEADINGS = (
    "",
    "Focus detection\n(3.1.1)",
    "Initial segmentation\n(3.1.2)",
    "Consistency verification\n(3.1.3)",
    "Fusion\n(3.1.4)",
)
ARROWS = (("image_a", "score_map"), ("image_b", "score_map"), ("score_map", "focus_map"), ("focus_map", "segmentation"),
          ("segmentation", "consistency"), ("consistency", "guided_filter"), ("guided_filter", "fusion"))  # fmt: skip
LOOK: dict[str, Any] = {"arrowstyle": "-|>", "color": "0.2", "mutation_scale": 14}  # of an arrow


def draw(results: Mapping[str, NDArray[np.generic]]) -> Figure:
    """Draw the maps of one run, from its steps by name, and image_a and image_b."""
    from matplotlib.figure import Figure
    from matplotlib.patches import ConnectionPatch

    figure = Figure(figsize=(14, 7))
    places = {}
    for name, (column, row, title) in PANELS.items():
        axes = figure.add_axes((0.01 + 0.2 * column, 0.52 - 0.235 * row + 0.02, 0.165, 0.33))
        axes.imshow(np.clip(np.asarray(results[name], dtype=np.float64), 0, 1), cmap="gray", vmin=0, vmax=1)
        axes.set_title(title, fontsize=11)
        axes.set(xticks=[], yticks=[])
        places[name] = axes
    for column, heading in enumerate(HEADINGS):
        figure.text(0.0925 + 0.2 * column, 0.94, heading, ha="center", va="center", fontsize=12, weight="bold")
    for one, other in ARROWS:
        down = PANELS[one][0] == PANELS[other][0]
        start, end = ((0.5, -0.02), (0.5, 1.14)) if down else ((1.01, 0.5), (-0.01, 0.5))
        arrow = ConnectionPatch(start, end, "axes fraction", axesA=places[one], axesB=places[other], **LOOK)
        figure.add_artist(arrow)
    return figure


# The pyramid of A stands for both; the guide and the filter are both step 8.
SHEET_PANELS = (
    ("A", "source A"),
    ("B", "source B"),
    *((step.name, f"{step.number}  {step.short}" + " of A" * (step.name == "pyramid")) for step in STEPS[1:]),
    ("compare", ""),
)


def draw_sheet(
    image_a: Image, image_b: Image, values: Mapping[str, NDArray[np.generic]], compare: tuple[str, Image] | None = None
) -> Figure:
    """Draw the steps of one run.

    compare  title and image of the last panel: the ground truth, or a published result
    """
    from matplotlib.figure import Figure

    names = sorted(name for name in values if name.startswith("pyramid_a_"))
    pyramid = levels_in_one(*(values[name] for name in names))
    pictures = dict(values) | {"A": image_a, "B": image_b, "pyramid": pyramid}
    if compare:
        pictures["compare"] = compare[1]
    height, width = image_a.shape[:2]
    figure = Figure(figsize=(15, 15 / 6 * 2 * height / width + 0.7), layout="constrained")
    for axes, (name, title) in zip(figure.subplots(2, 6).flat, SHEET_PANELS, strict=True):
        axes.set_axis_off()
        if name in pictures:
            picture = np.asarray(pictures[name], dtype=np.float64)
            show(axes, picture, compare[0] if compare and name == "compare" else title)
    return figure


def levels_in_one(*levels: NDArray[np.generic]) -> NDArray[np.float64]:
    """The levels of a pyramid on one white canvas: the first, the smaller ones beside it, one below the other.

    >>> levels_in_one(np.zeros((8, 8)), np.zeros((4, 4))).shape
    (8, 16)
    """
    height, width = levels[0].shape
    canvas = np.ones((height, width + (levels[1].shape[1] + 4 if len(levels) > 1 else 0)))
    canvas[:, :width] = levels[0]
    top = 0
    for level in levels[1:]:
        canvas[top : top + level.shape[0], width + 4 : width + 4 + level.shape[1]] = level
        top += level.shape[0] + 4
    return canvas
