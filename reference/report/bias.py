"""What Table 1's columns do when one source wins more ground: pooling of FM, or of 1 - FM, by its maximum (D5).

No row of the curve is a result of the paper's method as decided: it shows what the printed gain measures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from matlab_compat import im2uint8
from reference.arrays import Image
from reference.evaluation.table_1 import Columns, columns
from reference.parameters import PAPER
from reference.pipeline import fuse
from reference.report.table_1 import PRINTED
from reference.score_map import FocusNetwork

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Biased", "bias", "draw"]

WINDOWS = (1, 3, 5, 9, 13, 17, 21, 25, 29, 33, 41, 49, 65)


class Biased(NamedTuple):
    """A point of the curve; window 1 pools nothing."""

    side: str
    window: int
    from_b: float  # share of the fused image that is taken from B
    columns: Columns


def bias(image_a: Image, image_b: Image, network: FocusNetwork) -> list[Biased]:
    """The curve, from A winning most to B winning most."""
    points = []
    sides: dict[Literal["a", "b"], tuple[int, ...]] = {"a": WINDOWS[:0:-1], "b": WINDOWS}
    for side, windows in sides.items():
        for window in windows:
            parameters = replace(PAPER, pool_window=window, pool_p=1.0, pool_side=side)
            fused = fuse(image_a, image_b, parameters, network)
            from_b = float(np.mean(1 - fused.decision_map))
            points.append(Biased(side, window, from_b, columns(im2uint8(fused.image), im2uint8(image_b))))
    return points


def draw(results: list[dict[str, Any]]) -> Figure:
    """Draw SSIM and PIQE over PSNR along the curve, with the points that the paper prints.

    results  rows with side, window, from_b, psnr, ssim, piqe
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.6), layout="constrained")
    for axes, column, label in zip(figure.subplots(1, 2), ("ssim", "piqe"), ("SSIM to B", "PIQE"), strict=True):
        axes.plot(*([row[name] for row in results] for name in ("psnr", column)), "-", color="0.7", zorder=1)
        points = axes.scatter(
            *([row[name] for row in results] for name in ("psnr", column)), c=[row["from_b"] for row in results],
            cmap="viridis", s=28, zorder=2,
        )  # fmt: skip
        for row in results:
            if row["window"] in (1, 17, 33, 65):
                text = "as decided" if row["window"] == 1 else f"{row['side'].upper()}, {row['window']}"
                axes.annotate(text, (row["psnr"], row[column]), (7, -12), textcoords="offset points", fontsize=8)
        for (name, printed), marker in zip(PRINTED.items(), "sX", strict=True):
            at = float(printed["psnr"]), float(printed[column])
            axes.scatter(*at, marker=marker, s=70, color="crimson", label=f"printed: {name}", zorder=3)
        axes.set_xlabel("PSNR to B, dB")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        axes.margins(0.12)
        axes.legend(fontsize=8, loc="upper left")
    figure.colorbar(points, ax=figure.axes, label="share taken from B")
    return figure
