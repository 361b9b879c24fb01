"""Table 1 of the paper: the printed rows, the same columns for computed results, and their curve under a bias.

The curve of the bias is no result of the paper's method as decided; it shows what the printed gain measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.datasets.pairs import Pair, embedded_pairs
from reference.experiments.lytro import Columns, columns, in_colour
from reference.experiments.methods import FUNCTIONS, by_function
from reference.images.files import read_image
from reference.metrics.truth import psnr, ssim
from reference.network import AUTHORS
from reference.network.cached import CachedNetwork
from reference.parameters import PAPER, TUNED, FusionParameters
from reference.pipeline import Fusion, fuse
from reference.report.claims import as_printed
from reference.report.run import FETCH, WORDS, Part, Run, bold_where, report_pair
from reference.steps import FocusNetwork
from reference.steps.arrays import Image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The printed values by row and column.
PRINTED = {
    "Yu Liu et al.": {"piqe": "38.5", "psnr": "29.61", "ssim": "0.67", "entropy": "7.5"},
    "Enhance model": {"piqe": "36.69", "psnr": "30.29", "ssim": "0.68", "entropy": "7.5"},
}
DIGITS = {"piqe": 3, "psnr": 3, "ssim": 4, "entropy": 4}  # of the columns here


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
    """The columns of Table 1 for every row whose network is available, and for Liu's published result."""
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
    fusions = {label: by_function(name, a, b) for label, name in OTHERS.items()}
    here = [row for row in ROWS if row.network in networks]
    return fusions | {row.name: fuse(a, b, networks[row.network], row.parameters) for row in here}


def _networks(run: Run) -> dict[str, CachedNetwork]:
    """The networks of the rows whose weights are available."""
    return {row.network: network for row in ROWS if (network := run.network(row.network))}


def part_table_1(run: Run) -> Part:
    """Every row of Table 1 that can be computed, with the printed ones."""
    if not run.children:
        return Part(missing={"Table 1": FETCH})
    rows = table_1(*run.children, _networks(run))
    run.save_numbers("table_1", {"printed": PRINTED, "measured": rows})
    by_row = {"liu": rows["Liu's published result"], "enhanced": rows["enhanced"]}
    measured = {f"table_1/{row}/{key}": value for row, values in by_row.items() for key, value in values.items()}
    measured |= {f"baseline/{column}": value for column, value in by_row["liu"].items()}
    liu, ours = (by_row[name]["piqe"] for name in ("liu", "enhanced"))
    measured["abstract/improvement/measured"] = 100 * (liu - ours) / liu
    table = [[f"printed: {name}", *values.values()] for name, values in PRINTED.items()]
    for name, values in rows.items():  # in brackets as the paper would print it
        printed = {key: as_printed(values[key], text) for key, text in PRINTED["Enhance model"].items()}
        both = (f"{values[key]:.{n}f} ({printed[key]})" for key, n in DIGITS.items())
        table.append([name, *both])
    return Part(measured, [WORDS.table("table_1", table)])


def part_embedded(run: Run) -> Part:
    """Every method on the embedded pairs, by PSNR against the truth, and by the columns of Table 1."""

    def of_pairs(row: str, key: str) -> NDArray[np.float64]:
        return np.array([values[key] for values in by_row[row].values()])

    pairs = embedded_pairs()
    for pair in pairs:
        report_pair(pair, run.enhanced, run.out / "embedded" / pair.name)
    by_row = with_truth(pairs, _networks(run))
    run.save_numbers("embedded", by_row)
    psnrs = {row: of_pairs(row, "true_psnr") for row in by_row}
    before = np.max([psnrs[row] for row in ("source A", "source B itself", "average")], axis=0)
    gains = dict(zip(by_row["enhanced"], psnrs["enhanced"] - before, strict=True))
    measured = {f"embedded/{name}": float(gain) for name, gain in gains.items()}
    measured["section_4/average_piqe/enhanced"] = float(of_pairs("enhanced", "piqe").mean())
    lines = [f"{name:17} {psnr:6.2f} dB fused, {gain:+.2f} over the better source and the average"
             for (name, gain), psnr in zip(gains.items(), psnrs["enhanced"], strict=True)]  # fmt: skip
    best = sorted(psnrs, key=lambda row: -psnrs[row].mean())
    shown = {row: f"{psnrs[row].mean():.2f}" for row in dict.fromkeys(("enhanced", "enhanced, TUNED", *best[:3]))}
    note = ", ".join(f"{row} {text}" for row, text in shown.items())

    table = np.array([[*values, values.mean()] for values in psnrs.values()])
    rows = []
    for row, values in zip(psnrs, table, strict=True):
        cells = bold_where(values == table.max(axis=0), [f"{x:.2f}" for x in values])
        rows.append([row, *cells, f"{of_pairs(row, 'map').mean():.3f}"])
    digits = {"true_psnr": 2, "true_ssim": 4, "piqe": 2, "psnr": 2, "ssim": 4, "entropy": 3}
    means = [[row, *(f"{of_pairs(row, key).mean():.{n}f}" for key, n in digits.items())] for row in by_row]
    tables = [WORDS.table("embedded", rows, [*by_row["enhanced"], "mean", "map"]), WORDS.table("with_truth", means)]
    return Part(measured, [*tables], lines=lines, note=note)


WINDOWS = (1, 3, 5, 9, 13, 17, 21, 25, 29, 33, 41, 49, 65)


def bias(image_a: Image, image_b: Image, network: FocusNetwork) -> list[dict[str, Any]]:
    """The columns of Table 1 for maps pooled by the maximum, from the strongest bias towards A to that towards B.

    returns  rows with side, window (1: without pooling), from_b (the share that is taken from B), and the columns
    """
    rows = []
    sides: dict[Literal["a", "b"], tuple[int, ...]] = {"a": WINDOWS[:0:-1], "b": WINDOWS}
    for side, windows in sides.items():
        for window in windows:
            parameters = replace(PAPER, pool_window=window, pool_p=1.0, pool_side=side)
            fused = fuse(image_a, image_b, network, parameters)
            from_b = float(np.mean(1 - fused.decision_map))
            measured = columns(im2uint8(fused.image), im2uint8(image_b))
            rows.append({"side": side, "window": window, "from_b": from_b, **measured})
    return rows


def part_bias(run: Run) -> Part:
    """The columns of Table 1 as a larger part is taken from B."""
    scorer = run.network(AUTHORS) or run.network("enhanced")
    if not run.children or not scorer:
        return Part(missing={"The curve of Table 1 against the bias towards B": FETCH})
    rows = bias(run.children.image_a, run.children.image_b, scorer)
    return Part(sections=[run.picture("bias", draw(rows), rows, network=scorer.file.name)])


def draw(results: list[dict[str, Any]]) -> Figure:
    """Draw SSIM and PIQE over PSNR along the curve of `bias`, with the points that the paper prints."""
    from matplotlib.figure import Figure

    curve = {name: [row[name] for row in results] for name in ("psnr", "ssim", "piqe", "from_b")}
    figure = Figure(figsize=(11, 4.6), layout="constrained")
    for axes, column, label in zip(figure.subplots(1, 2), ("ssim", "piqe"), ("SSIM to B", "PIQE"), strict=True):
        axes.plot(curve["psnr"], curve[column], "-", color="0.7", zorder=1)
        points = axes.scatter(curve["psnr"], curve[column], c=curve["from_b"], cmap="viridis", s=28, zorder=2)
        for row in results:
            if row["window"] in (1, 17, 33, 65):
                text = "as decided" if row["window"] == 1 else f"{row['side'].upper()}, {row['window']}"
                beside = (12, -18) if row["window"] == 1 else (9, -9) if row["side"] == "a" else (-9, 9)
                look = {"fontsize": 8, "ha": "left" if beside[0] > 0 else "right"}
                axes.annotate(text, (row["psnr"], row[column]), beside, textcoords="offset points", **look)
        for (name, printed), marker in zip(PRINTED.items(), "sX", strict=True):
            at = float(printed["psnr"]), float(printed[column])
            axes.scatter(*at, marker=marker, s=70, color="crimson", label=f"printed: {name}", zorder=3)
        axes.set(xlabel="PSNR to B, dB", ylabel=label)
        axes.grid(alpha=0.3)
        axes.margins(0.12)
        axes.legend(fontsize=8, loc="upper left")
    figure.colorbar(points, ax=figure.axes, label="share taken from B")
    return figure
