"""Figure 2: the algorithm, with the maps of a real run in the places where the paper draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw"]

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


def draw(results: Mapping[str, NDArray[np.generic]]) -> Figure:
    """Draw the maps of one run.

    results  traced values of the pipeline by name, and image_a and image_b
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import ConnectionPatch

    figure = Figure(figsize=(14, 7))
    places = {}
    for name, (column, row, title) in PANELS.items():
        axes = figure.add_axes((0.01 + 0.2 * column, 0.52 - 0.235 * row + 0.02, 0.165, 0.33))
        axes.imshow(np.clip(np.asarray(results[name], dtype=np.float64), 0, 1), cmap="gray", vmin=0, vmax=1)
        axes.set_title(title, fontsize=11)
        axes.set_xticks([])
        axes.set_yticks([])
        places[name] = axes
    for column, heading in enumerate(HEADINGS):
        figure.text(0.0925 + 0.2 * column, 0.94, heading, ha="center", va="center", fontsize=12, weight="bold")
    for one, other in ARROWS:
        down = PANELS[one][0] == PANELS[other][0]
        start, end = ((0.5, -0.02), (0.5, 1.14)) if down else ((1.01, 0.5), (-0.01, 0.5))
        figure.add_artist(
            ConnectionPatch(
                start, end, "axes fraction", "axes fraction", axesA=places[one], axesB=places[other],
                arrowstyle="-|>", color="0.2", mutation_scale=14,
            )
        )  # fmt: skip
    return figure
