"""How far PIQE moves when nothing that one sees does: the grid of its blocks is shifted over the image."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import piqe

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Shifts", "draw", "shifted"]

STARTS = (0, 1, 3, 5, 8, 11, 14, 16)  # of the rows and of the columns that are kept; 16 is the side of a block


class Shifts(NamedTuple):
    """PIQE by the first row and the first column of what is kept of an image, and of the whole."""

    values: NDArray[np.float64]
    whole: float

    @property
    def summary(self) -> dict[str, float]:
        """Mean, standard deviation, least and most."""
        of = self.values
        return {"mean": of.mean(), "deviation": of.std(ddof=1), "least": of.min(), "most": of.max()}


def shifted(image: NDArray[np.uint8]) -> Shifts:
    """PIQE of 64 cuts of one size, which differ by where they begin.

    image  (H, W) or (H, W, 3) uint8
    """
    rows, columns = (side - STARTS[-1] for side in image.shape[:2])
    scores = [[piqe(image[i : i + rows, j : j + columns]).score for j in STARTS] for i in STARTS]
    return Shifts(np.array(scores), piqe(image).score)


def draw(shifts: Shifts, printed: dict[str, float]) -> Figure:
    """Draw how often which PIQE occurs, beside that of the whole image and the printed values."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.hist(shifts.values.ravel(), bins=16, color="0.75", edgecolor="0.4", label="64 shifts of one result")
    axes.axvline(shifts.whole, color="black", label=f"the whole image: {shifts.whole:.2f}")
    for (name, value), style in zip(printed.items(), ("--", ":"), strict=True):
        axes.axvline(value, color="crimson", linestyle=style, label=f"printed, {name}: {value:g}")
    axes.set_xlabel("PIQE of Liu's published result")
    axes.set_ylabel("shifts")
    axes.legend(fontsize=8)
    return figure
