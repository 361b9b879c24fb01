"""Parts of the report: Table 1, its protocol, and what its columns can and cannot show."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matlab_compat import im2uint8
from reference.datasets.pairs import embedded_pairs
from reference.experiments.lytro import Columns
from reference.jobs.page import Bold, Picture, Table
from reference.network import AUTHORS
from reference.network.cached import CachedNetwork
from reference.report.claims import as_printed
from reference.report.figures.save import save_figure
from reference.report.protocols import Protocol, protocols
from reference.report.run import Part, Run
from reference.report.table_1 import PRINTED, ROWS, bias, draw, table_1, with_truth

__all__ = ["part_bias", "part_protocols", "part_table_1", "part_truth"]

FETCH = "parfocal fetch children liu_weights"
NAMES = {"piqe": "PIQE", "psnr": "PSNR", "ssim": "SSIM", "entropy": "entropy"}
DIGITS = {"piqe": 3, "psnr": 3, "ssim": 4, "entropy": 4}


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
    return Part(measured, [_table(rows)])


def _table(rows: Mapping[str, Columns]) -> Table:
    printed = [[f"printed: {name}", *values.values()] for name, values in PRINTED.items()]
    of_paper = PRINTED["Enhance model"]
    measured_rows = []
    for name, values in rows.items():
        cells = [f"{values[key]:.{n}f} ({as_printed(values[key], of_paper[key])})" for key, n in DIGITS.items()]
        measured_rows.append([name, *cells])
    text = (
        "PIQE of the fused image; PSNR (uint8, peak 255) and SSIM (doubles from 0 to 255, dynamic range left at 1) of "
        "its gray against the gray of source B; entropy of its gray. In brackets as the paper would print it. Here "
        "PSNR and SSIM compare the result with one of its blurred sources, so they do not measure quality."
    )
    return Table("Table 1", text, ["row", *NAMES.values()], [*printed, *measured_rows])


def part_protocols(run: Run) -> Part:
    """The search for the protocol of Table 1."""
    if not run.children:
        return Part(missing={"The protocol search": FETCH})
    a, b, published = run.children
    candidates = protocols(published, im2uint8(a), im2uint8(b))
    numbers = [{**one._asdict(), "off_by": one.off_by, "agrees": one.agrees} for one in candidates]
    run.save_numbers("protocols", numbers)
    rows = [_protocol(candidate) for candidate in candidates]
    text = (
        "Every candidate for computing a column of the row Yu Liu et al. from Liu's published result, with the printed "
        "value. Bold: agrees as printed. PSNR of the gray against B is the nearest to 29.61; no computation of PIQE "
        "from the published result gives 38.5."
    )
    header = ["column", "computed", "value", "printed", "off by"]
    return Part(sections=[Table("By which protocol was Table 1 computed?", text, header, rows, folded=False)])


def _protocol(candidate: Protocol) -> list[str]:
    printed = PRINTED["Yu Liu et al."][candidate.column]
    value = f"{candidate.value:.4f}"
    shown = Bold(value) if candidate.agrees else value
    return [NAMES[candidate.column], candidate.computed, shown, printed, f"{candidate.off_by:+.4f}"]


def part_bias(run: Run) -> Part:
    """The columns of Table 1 as a larger part is taken from B."""
    scorer = run.network(AUTHORS) or run.network("enhanced")
    if not run.children or not scorer:
        return Part(missing={"The curve of Table 1 against the bias towards B": FETCH})
    points = bias(run.children.image_a, run.children.image_b, scorer)
    rows = [{"side": p.side, "window": p.window, "from_b": p.from_b, **p.columns} for p in points]
    path = save_figure(run.out / "figures" / "bias.png", draw(rows), rows)
    text = (
        f"The map of {scorer.file.name}, pooled by its maximum over windows of 3 to 65 pixels for A or for B "
        "(D5). The more is copied from B, the higher are PSNR and SSIM to B, whatever the quality of the image. The "
        "printed PSNR and SSIM of the enhanced model lie near this curve: such a gain measures how much of B was "
        "copied. Neither printed PIQE is near it; 38.5 is not reproducible from the published result, which has 35.559."
    )
    return Part(sections=[Picture("What the printed gain measures", text, path)])


def part_truth(run: Run) -> Part:
    """The rows of Table 1 on the embedded pairs, whose truth is known."""
    means = with_truth(embedded_pairs(), _networks(run))
    numbers = {name: {key: x if np.isfinite(x) else None for key, x in row.items()} for name, row in means.items()}
    run.save_numbers("table_1_with_truth", numbers)
    columns = {
        "true_psnr": ("PSNR to the truth", 2), "true_ssim": ("SSIM to the truth", 4), "piqe": ("PIQE", 2),
        "psnr": ("PSNR to B", 2), "ssim": ("SSIM to B", 4), "entropy": ("entropy", 3),
    }  # fmt: skip
    header = ["row", *(title for title, _ in columns.values())]
    rows = [[name, *(f"{row[key]:.{n}f}" for key, (_, n) in columns.items())] for name, row in means.items()]
    text = (
        "Means over the embedded pairs. To the truth: the intended use of PSNR and SSIM. To B: as in Table 1; by that "
        "B itself is perfect, and biasing the map towards B improves the value while the image gets worse."
    )
    return Part(sections=[Table("What Table 1 cannot show", text, header, rows)])


def _networks(run: Run) -> dict[str, CachedNetwork]:
    """The networks of the rows whose weights are available."""
    return {row.network: network for row in ROWS if (network := run.network(row.network))}
