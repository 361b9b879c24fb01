"""Parts of the report: Table 1, its protocol, and what its columns can and cannot show."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matlab_compat import im2uint8
from reference.datasets.pairs import embedded_pairs
from reference.experiments.lytro import Columns, columns
from reference.jobs.page import Bold, Table
from reference.network import AUTHORS
from reference.network.cached import CachedNetwork
from reference.report import piqe_shifts
from reference.report.claims import as_printed
from reference.report.figures.save import save_figure
from reference.report.pair_report import report_pair
from reference.report.protocols import Protocol, geometries, protocols
from reference.report.run import WORDS, Part, Run
from reference.report.table_1 import PRINTED, ROWS, bias, draw, table_1, with_truth

__all__ = ["part_bias", "part_embedded", "part_piqe", "part_protocols", "part_table_1"]

FETCH = "parfocal fetch children liu_weights"
NAMES = {"piqe": "PIQE", "psnr": "PSNR", "ssim": "SSIM", "entropy": "entropy"}
DIGITS = {"piqe": 3, "psnr": 3, "ssim": 4, "entropy": 4}
LIU, ENHANCED = PRINTED.values()


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
    printed = [[f"printed: {name}", *values.values()] for name, values in PRINTED.items()]
    computed = [[name, *(_both(values, key) for key in DIGITS)] for name, values in rows.items()]
    return Part(measured, [WORDS.table("table_1", [*printed, *computed])])


def _both(values: Columns, column: str) -> str:
    """A value, and in brackets as the paper would print it."""
    return f"{values[column]:.{DIGITS[column]}f} ({as_printed(values[column], ENHANCED[column])})"


def part_protocols(run: Run) -> Part:
    """The search for the protocol of Table 1."""
    if not run.children:
        return Part(missing={"The protocol search": FETCH})
    a, b, published = run.children
    candidates = protocols(published, im2uint8(a), im2uint8(b))
    numbers = [{**one._asdict(), "off_by": one.off_by, "agrees": one.agrees} for one in candidates]
    run.save_numbers("protocols", numbers)
    of_piqe = [one for one in candidates if one.column == "piqe"]
    hits = "; ".join(one.computed for one in of_piqe if one.agrees) or "none"
    least, *_, most = sorted(one.value for one in of_piqe)
    rows = [_protocol(candidate) for candidate in candidates]
    return Part(sections=[WORDS.table("protocols", rows, ways=len(of_piqe), least=least, most=most, hits=hits)])


def _protocol(candidate: Protocol) -> list[str]:
    value = f"{candidate.value:.4f}"
    shown = Bold(value) if candidate.agrees else value
    return [NAMES[candidate.column], candidate.computed, shown, LIU[candidate.column], f"{candidate.off_by:+.4f}"]


def part_piqe(run: Run) -> Part:
    """How far PIQE moves when the grid of its blocks does, and when the image is turned, cut, padded or resized."""
    if not run.children:
        return Part(missing={"How far PIQE moves": FETCH})
    published, source_b = run.children.published, im2uint8(run.children.image_b)
    shifts = piqe_shifts.shifted(published)
    summary = {**shifts.summary, "whole": shifts.whole}
    figure = piqe_shifts.draw(shifts, {name: float(row["piqe"]) for name, row in PRINTED.items()})
    path = save_figure(run.out / "figures" / "piqe_shifts.png", figure, {**summary, "values": shifts.values.tolist()})
    changes = {"as it is": lambda image: image, **geometries(published.shape)}
    rows = [[text, *_columns(columns(change(published), change(source_b)))] for text, change in changes.items()]
    both = ", ".join(row[0] for row in rows if all(isinstance(cell, Bold) for cell in row[2:])) or "in no case"
    picture = WORDS.picture("piqe_shifts", path, **summary)
    return Part(sections=[picture, WORDS.table("geometries", rows, both=both)])


def _columns(values: Columns) -> list[str]:
    """PIQE, PSNR and SSIM, in bold where they are as printed."""
    cells = (
        (f"{values[key]:.{DIGITS[key]}f}", as_printed(values[key], LIU[key]) == LIU[key]) for key in list(DIGITS)[:3]
    )
    return [Bold(text) if agrees else text for text, agrees in cells]


def part_bias(run: Run) -> Part:
    """The columns of Table 1 as a larger part is taken from B."""
    scorer = run.network(AUTHORS) or run.network("enhanced")
    if not run.children or not scorer:
        return Part(missing={"The curve of Table 1 against the bias towards B": FETCH})
    points = bias(run.children.image_a, run.children.image_b, scorer)
    rows = [{"side": p.side, "window": p.window, "from_b": p.from_b, **p.columns} for p in points]
    path = save_figure(run.out / "figures" / "bias.png", draw(rows), rows)
    return Part(sections=[WORDS.picture("bias", path, network=scorer.file.name)])


def part_embedded(run: Run) -> Part:
    """Every method on the embedded pairs, by PSNR against the truth, and by the columns of Table 1."""
    pairs = embedded_pairs()
    for pair in pairs:
        report_pair(pair, run.enhanced, run.out / "embedded" / pair.name)
    by_row = with_truth(pairs, _networks(run))
    run.save_numbers("embedded", by_row)
    psnrs = {row: np.array([values["true_psnr"] for values in of_row.values()]) for row, of_row in by_row.items()}
    before = np.max([psnrs[row] for row in ("source A", "source B itself", "average")], axis=0)
    gains = dict(zip(by_row["enhanced"], psnrs["enhanced"] - before, strict=True))
    measured = {f"embedded/{name}": float(gain) for name, gain in gains.items()}
    measured["section_4/average_piqe/enhanced"] = _mean(by_row["enhanced"], "piqe")
    lines = [f"{name:17} {psnr:6.2f} dB fused, {gain:+.2f} over the better source and the average"
             for (name, gain), psnr in zip(gains.items(), psnrs["enhanced"], strict=True)]  # fmt: skip
    best = sorted(psnrs, key=lambda row: -psnrs[row].mean())
    shown = {row: f"{psnrs[row].mean():.2f}" for row in dict.fromkeys(("enhanced", "enhanced, TUNED", *best[:3]))}
    note = ", ".join(f"{row} {text}" for row, text in shown.items())
    return Part(measured, [_against_truth(by_row, psnrs), _means(by_row)], lines=lines, note=note)


def _against_truth(by_row: Mapping[str, Mapping[str, Columns]], psnrs: Mapping[str, np.ndarray]) -> Table:
    table = {row: [*values, values.mean()] for row, values in psnrs.items()}
    most = np.max(list(table.values()), axis=0)
    rows = []
    for row, values in table.items():
        cells = [Bold(f"{x:.2f}") if x == top else f"{x:.2f}" for x, top in zip(values, most, strict=True)]
        rows.append([row, *cells, f"{_mean(by_row[row], 'map'):.3f}"])
    return WORDS.table("embedded", rows, header=[*next(iter(by_row.values())), "mean", "map"])


def _means(by_row: Mapping[str, Mapping[str, Columns]]) -> Table:
    digits = {"true_psnr": 2, "true_ssim": 4, "piqe": 2, "psnr": 2, "ssim": 4, "entropy": 3}
    rows = [[row, *(f"{_mean(of_row, key):.{n}f}" for key, n in digits.items())] for row, of_row in by_row.items()]
    return WORDS.table("with_truth", rows)


def _mean(of_row: Mapping[str, Columns], key: str) -> float:
    return float(np.mean([values[key] for values in of_row.values()]))


def _networks(run: Run) -> dict[str, CachedNetwork]:
    """The networks of the rows whose weights are available."""
    return {row.network: network for row in ROWS if (network := run.network(row.network))}
