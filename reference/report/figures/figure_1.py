"""Figure 1: the enhanced network, drawn from the network itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    "convolution": "#cfe2f3", "mixed": "#fce5cd", "softmax": "#f9cb9c", "concatenation": "#eeeeee",
    "fully": "#d9ead3", "output": "#ead1dc",
}  # fmt: skip
PITCH = 1.5  # of the columns, where the whole image is a square of side 1
ROWS = (3.3, 1.85, 0.75, 0.0)  # centres of the pyramid levels
CAPTIONS = -0.2  # top of the captions


def draw(results: Sequence[dict[str, Any]]) -> Figure:
    """Draw the layers from left to right, a square for the output of each level.

    results  `layers` of the network as dictionaries: name, what, outputs, parameters
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(16, 5), layout="constrained")
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set(aspect="equal", xlim=(-0.8, PITCH * len(results) + 0.8), ylim=(-2.1, 4.0))
    levels, whole = len(results[0]["outputs"]), results[0]["outputs"][0][1:]
    for level, (_, height, width) in enumerate(results[0]["outputs"]):
        _square(axes, 0, level, height / whole[0], "#dddddd", f"{height} x {width}")
    _caption(axes, 0, "Gaussian pyramids\nof A and of B")
    for column, layer in enumerate(results, start=1):
        _layer(axes, column, layer | {"levels": levels}, whole[0])
    total = sum(layer["parameters"] for layer in results)
    text = (
        f"{total:,} parameters. Left of the concatenation the weights are the same for A and B and for all {levels} "
        "levels. In the squares: channels; below them: height x width."
    )
    axes.text(-0.7, -2.0, text, fontsize=10, va="bottom")
    return figure


def _layer(axes: Axes, column: int, layer: dict[str, Any], whole: int) -> None:
    """Draw the squares of a layer, the arrows that lead to them, and its caption."""
    outputs = layer["outputs"]
    colour = COLOURS[layer["name"].split()[0]]
    for level, (channels, height, width) in enumerate(outputs):
        row = level if len(outputs) > 1 else 1
        _square(axes, column, row, height / whole, colour, f"{height} x {width}", str(channels))
        if layer["name"].startswith("softmax"):  # beside mixed pooling, not after it
            _arrow(axes, (column - 2, row), (column, row), bend=-0.35)
        elif layer["name"] == "concatenation":
            for row_before in range(layer["levels"]):
                _arrow(axes, (column - 1, row_before), (column, row))
        else:
            _arrow(axes, (column - 1, row), (column, row))
    name = layer["name"].replace(" of the", "\nof the").replace(" connected", "\nconnected")
    count = f"\n{layer['parameters']:,}\nparameter{'s' * (layer['parameters'] > 1)}" if layer["parameters"] else ""
    _caption(axes, column, f"{name}\n{layer['what'].replace(', ', chr(10))}{count}")


def _arrow(axes: Axes, start: tuple[int, int], end: tuple[int, int], bend: float = 0.0) -> None:
    """Draw an arrow from the right of one square to the left of another, each given by column and row."""
    (x0, y0), (x1, y1) = ((PITCH * column, ROWS[row]) for column, row in (start, end))
    style = {"arrowstyle": "-|>", "color": "0.4", "connectionstyle": f"arc3,rad={bend}"}
    axes.annotate("", (x1 - 0.52, y1), (x0 + 0.52, y0), arrowprops=style)


def _square(axes: Axes, column: int, row: int, size: float, colour: str, below: str, inside: str = "") -> None:
    """Draw a square as wide as the output, and at least as wide as its number."""
    from matplotlib.patches import Rectangle

    x, y, side = PITCH * column, ROWS[row], max(size, 0.3)
    corner = x - side / 2, y - side / 2
    axes.add_patch(Rectangle(corner, side, side, facecolor=colour, edgecolor="0.3", linewidth=0.8))
    axes.text(x, y, inside, ha="center", va="center", fontsize=8)
    axes.text(x, y - side / 2 - 0.05, below, ha="center", va="top", fontsize=7)


def _caption(axes: Axes, column: int, text: str) -> None:
    axes.text(PITCH * column, CAPTIONS, text, ha="center", va="top", fontsize=8.5)
