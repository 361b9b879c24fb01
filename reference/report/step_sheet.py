"""One picture of a whole run: sources, every step's map, result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reference.arrays import Image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw", "levels_in_one"]

PANELS = (
    ("A", "source A"), ("B", "source B"), ("pyramid", "2  pyramid of A"), ("score_map", "3  score map"),
    ("focus_map", "4  focus map"), ("mixed_pooling", "5  mixed pooling"), ("segmentation", "6  segmentation"),
    ("consistency", "7  consistency"), ("guide", "8  guide"), ("guided_filter", "8  decision map"),
    ("fusion", "9  fused"), ("compare", ""),
)  # fmt: skip


def draw(
    image_a: Image,
    image_b: Image,
    values: Mapping[str, NDArray[np.generic]],
    compare: tuple[str, Image] | None = None,
) -> Figure:
    """Draw the steps of one run.

    values   every traced value by its name
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
    for axes, (name, title) in zip(figure.subplots(2, 6).flat, PANELS, strict=True):
        axes.set_axis_off()
        if name in pictures:
            picture = np.clip(np.asarray(pictures[name], dtype=np.float64), 0, 1)
            axes.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            axes.set_title(compare[0] if compare and name == "compare" else title, fontsize=11)
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
