"""Figure 3 (printed as a second "Figure 1"): sources, result, and close-ups where the methods differ most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reference.steps.arrays import Image, Map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def close_up(weight: NDArray[np.float64], side: int) -> tuple[slice, slice]:
    """The square window, `side` pixels wide, with the highest sum of `weight`; the first of equals.

    >>> weight = np.zeros((8, 9))
    >>> weight[5, 6] = 1
    >>> close_up(weight, 2)
    (slice(4, 6, None), slice(5, 7, None))
    """
    side = min(side, *weight.shape)
    sums = np.pad(weight, [(1, 0), (1, 0)]).cumsum(axis=0).cumsum(axis=1)
    windows = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    top, left = np.unravel_index(int(np.argmax(windows)), windows.shape)
    return slice(int(top), int(top) + side), slice(int(left), int(left) + side)


SIDE = 96  # pixels, of a close-up


def where_sources_meet(image_a: Image, image_b: Image, decision_map: Map) -> tuple[slice, slice]:
    """The window in which A and B differ most and both are used: |A - B| D (1 - D)."""
    difference = np.abs(image_a - image_b)
    difference = difference if difference.ndim == 2 else difference.mean(axis=-1)
    mixed = np.clip(decision_map, 0, 1)
    return close_up(difference * mixed * (1 - mixed), SIDE)


def draw(results: Mapping[str, NDArray[np.float64]], window: tuple[slice, slice]) -> Figure:
    """Draw the three images of the paper, and below them the window in each source and each method's result.

    results  "image_a", "image_b", then results by the name of the method; "enhanced" is the one of the upper row
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    figure = Figure(figsize=(13, 7.6), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=(1.75, 1), squeeze=False)[:, 0]
    titles = {"image_a": "(1) Input Image 1", "image_b": "(2) Input Image 2", "enhanced": "(3) Output Fused Image (F)"}
    rows, columns = window
    for axes, (name, title) in zip(upper.subplots(1, 3), titles.items(), strict=True):
        show(axes, results[name], title)
        corner = (columns.start - 0.5, rows.start - 0.5)
        axes.add_patch(Rectangle(corner, SIDE, SIDE, fill=False, edgecolor="yellow", linewidth=1.5))
    for axes, (name, image) in zip(lower.subplots(1, len(results)), results.items(), strict=True):
        show(axes, image[window], {"image_a": "A", "image_b": "B"}.get(name, name))
    return figure


def show(axes: Axes, image: NDArray[np.float64], title: str, size: int = 11) -> None:
    """Show an image in [0, 1] pixel by pixel, with a title of that size above it."""
    axes.set_axis_off()
    axes.imshow(np.clip(image, 0, 1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set_title(title, fontsize=size)
