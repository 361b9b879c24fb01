"""Table 1 of the paper: the printed rows, the same columns for computed results, and their curve under a bias.

The points of the curve are no results of the paper's method as decided; they show what the printed gain measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.datasets.pairs import Pair
from reference.experiments.lytro import Columns, columns, in_colour
from reference.experiments.methods import FUNCTIONS, method_named
from reference.images.files import read_image
from reference.metrics.truth import psnr, ssim
from reference.network import AUTHORS
from reference.parameters import PAPER, TUNED, FusionParameters
from reference.pipeline import Fusion, fuse
from reference.steps import FocusNetwork
from reference.steps.arrays import Image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["OTHERS", "PRINTED", "ROWS", "CurvePoint", "Row", "bias", "draw", "table_1", "with_truth"]

# The printed values by row and column.
PRINTED = {
    "Yu Liu et al.": {"piqe": "38.5", "psnr": "29.61", "ssim": "0.67", "entropy": "7.5"},
    "Enhance model": {"piqe": "36.69", "psnr": "30.29", "ssim": "0.68", "entropy": "7.5"},
}


class Row(NamedTuple):
    """A row that is computed: its name, the network and the parameters."""

    name: str
    network: str
    parameters: FusionParameters


# Pooling for side B is the literal reading of the sentence in D1 and of the pooling in D5.
ROWS = (
    Row("Liu's slight weights", AUTHORS, PAPER),
    Row("liu2017, trained here", "liu2017", PAPER),
    Row("enhanced", "enhanced", PAPER),
    Row("enhanced, D5: window 17, side B", "enhanced", replace(PAPER, pool_window=17, pool_p=1.0, pool_side="b")),
    Row("enhanced, D5: window 33, side B", "enhanced", replace(PAPER, pool_window=33, pool_p=1.0, pool_side="b")),
    Row("enhanced, TUNED", "enhanced", TUNED),
    Row("small", "small", PAPER),
    Row("small, TUNED", "small", TUNED),
)
# The methods beside the paper's, as in a benchmark.
OTHERS = {name.upper() if name in ("gff", "gfdf") else name.replace("_", " "): name for name in FUNCTIONS}


def table_1(
    image_a: Image, image_b: Image, published: NDArray[np.uint8], networks: Mapping[str, FocusNetwork]
) -> dict[str, Columns]:
    """The columns of Table 1 for every row whose network is available, and for Liu's published result.

    image_a, image_b  the pair "Children"
    published         Liu's result for it
    """
    fused = {name: im2uint8(fusion.image) for name, fusion in _fused(image_a, image_b, networks).items()}
    rows = {"Liu's published result": published, **fused}
    return {name: columns(image, im2uint8(image_b)) for name, image in rows.items()}


def with_truth(pairs: Iterable[Pair], networks: Mapping[str, FocusNetwork]) -> dict[str, dict[str, Columns]]:
    """The columns of Table 1 on pairs with ground truth, and measures against that, for every method and each source.

    returns  by row and pair; also "true_psnr", "true_ssim", and "map", the mean |D - true focus|. The row of source B
             has an infinite PSNR to B
    """
    by_row: dict[str, dict[str, Columns]] = {}
    for pair in pairs:
        assert pair.truth is not None
        assert pair.focus is not None
        a, b, truth = (in_colour(read_image(path).pixels) for path in (pair.image_a, pair.image_b, pair.truth))
        stored_b, stored_truth, focus = im2uint8(b), im2uint8(truth), read_image(pair.focus).pixels
        ones = np.ones(a.shape[:2])
        sources = {"source A": Fusion(a, ones), "source B itself": Fusion(b, 0 * ones)}
        for name, fusion in {**sources, **_fused(a, b, networks)}.items():
            image = im2uint8(fusion.image)
            real = {"true_psnr": psnr(image, stored_truth), "true_ssim": ssim(image, stored_truth)}
            real["map"] = float(np.abs(fusion.decision_map - focus).mean())
            by_row.setdefault(name, {})[pair.name] = {**columns(image, stored_b), **real}
    return by_row


def _fused(a: Image, b: Image, networks: Mapping[str, FocusNetwork]) -> dict[str, Fusion]:
    fusions = {label: method_named(name)(a, b) for label, name in OTHERS.items()}
    here = [row for row in ROWS if row.network in networks]
    return fusions | {row.name: fuse(a, b, networks[row.network], row.parameters) for row in here}


WINDOWS = (1, 3, 5, 9, 13, 17, 21, 25, 29, 33, 41, 49, 65)


class CurvePoint(NamedTuple):
    """A point of the curve; window 1 is without pooling."""

    side: str
    window: int
    from_b: float  # share of the fused image that is taken from B
    columns: Columns


def bias(image_a: Image, image_b: Image, network: FocusNetwork) -> list[CurvePoint]:
    """The curve, from the strongest bias towards A to the strongest towards B."""
    points = []
    sides: dict[Literal["a", "b"], tuple[int, ...]] = {"a": WINDOWS[:0:-1], "b": WINDOWS}
    for side, windows in sides.items():
        for window in windows:
            parameters = replace(PAPER, pool_window=window, pool_p=1.0, pool_side=side)
            fused = fuse(image_a, image_b, network, parameters)
            from_b = float(np.mean(1 - fused.decision_map))
            points.append(CurvePoint(side, window, from_b, columns(im2uint8(fused.image), im2uint8(image_b))))
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
                beside = (12, -18) if row["window"] == 1 else (9, -9) if row["side"] == "a" else (-9, 9)
                look = {"fontsize": 8, "ha": "left" if beside[0] > 0 else "right"}
                axes.annotate(text, (row["psnr"], row[column]), beside, textcoords="offset points", **look)
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
