"""What an audit has found, as tables, and as a page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from reference.audit.printed import Cell, Row
from reference.audit.search import BY_CHANCE, Fit, Found
from reference.experiments.scores import harmless
from reference.files import atomic_write, write_json, write_text
from reference.jobs.manifest import versions
from reference.jobs.page import Bold, Table, Words, as_html
from reference.metrics.catalogue import METRICS

WORDS = Words(Path(__file__).with_name("sections.toml"))
SYMBOLS = {entry.name: entry.symbol for entry in METRICS} | {"mse": "MSE", "rmse": "RMSE"}
OTHERS = 8  # rows of other protocols for each column


def audit_tables(found: Sequence[Found], missing: Iterable[Row] = ()) -> list[Table]:
    """The verdicts, what else fits, rows without images, and every printed number."""
    verdicts, others, cells = [], [], []
    for one in found:
        printed = {cell.row: cell for cell in one.cells}
        if not one.fits:  # the images allow no protocol of this column: they are too small
            verdicts.append([one.column, one.says, *[""] * 7])
        for best in one.fits[:1]:
            met = f"{best.met} of {len(one.cells)}"
            off = max(abs(value - printed[row].value) / printed[row].unit for row, value in best.values.items())
            cells += [_cell(cell, best) for cell in one.cells]
            shown = [SYMBOLS[best.metric], best.computed, met, f"{off:.2g}", f"{one.by_chance:.2g}", str(one.tried)]
            verdicts.append([one.column, one.says, *shown, "; ".join(best.equal)])
        for fit in one.fits[1 : 1 + OTHERS]:
            row, value = next(iter(fit.values.items()))
            texts = [SYMBOLS[fit.metric], fit.computed, str(fit.met), printed[row].text, f"{value:.7g}"]
            others.append([one.column, *texts])
    tables = [WORDS.table("verdicts", verdicts, tried=sum(one.tried for one in found), limit=BY_CHANCE)]
    tables += [WORDS.table("others", others)] if others else []
    tables += [WORDS.table("missing", lost)] if (lost := [[*row] for row in missing]) else []
    return [*tables, WORDS.table("cells", cells)]


def _cell(cell: Cell, best: Fit) -> list[str]:
    value = best.values.get(cell.row)
    text = "" if value is None else f"{value:.7g}"
    met = value is not None and cell.is_met_by(value)
    return [cell.method, cell.image, cell.column, cell.text, text if met else Bold(text)]


def write_audit(
    found: Sequence[Found], missing: Sequence[Row], title: str, command: Sequence[str], out: Path
) -> list[Table]:
    """Write audit.html, audit.json and audit.csv into a folder, each whole or not at all; returns the tables."""
    import pandas as pd

    tables = audit_tables(found, missing)
    columns = {one.column: _as_json(one) for one in found}
    values = [
        {**vars(cell), "metric": fit.metric, "computed": fit.computed, "value": value, "met": cell.is_met_by(value)}
        for one in found for fit in one.fits for cell in one.cells if (value := fit.values.get(cell.row)) is not None
    ]  # fmt: skip
    record = {"command": command, "versions": versions(), "columns": columns, "missing": missing, "values": values}
    write_json(out / "audit.json", record)
    write_text(out / "audit.html", as_html(title, [], tables))
    names = ["method", "image", "column"]
    frame = pd.DataFrame(values, columns=[*names, "text", "metric", "computed", "value", "met"])
    frame[names] = frame[names].map(harmless)
    with atomic_write(out / "audit.csv") as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")
    return tables


def _as_json(found: Found) -> dict[str, Any]:
    fits = [{"metric": one.metric, "computed": one.computed, "met": one.met, "equal": one.equal} for one in found.fits]
    return {"verdict": found.says, "by_chance": found.by_chance, "tried": found.tried, "fits": fits}
