"""What a reader of the report sees first: the verdict on Table 1, its cells, and the paper sentence by sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from reference.jobs.page import Table, templates
from reference.report.claims import STATUSES, Claim, as_printed
from reference.report.run import WORDS

__all__ = ["cells", "first_screen", "glossary", "statements", "verdict"]

HERE = Path(__file__).parent
ROWS = {"Yu Liu et al.": "liu", "Enhance model": "enhanced"}
SAID = tomllib.loads((HERE / "statements.toml").read_text("utf-8"))["statement"]
COLUMNS = {"PIQE": "piqe", "PSNR": "psnr", "SSIM": "ssim", "entropy": "entropy"}


class Cell(NamedTuple):
    """A cell of Table 1."""

    printed: str
    measured: str
    status: str
    sign: str


def cells(claims: Sequence[Claim]) -> dict[str, list[Cell]]:
    """The cells of Table 1 by row, in the order of COLUMNS."""
    by_id = {claim.expectation.id: claim for claim in claims}
    return {
        name: [_cell(by_id[f"table_1/{row}/{column}"]) for column in COLUMNS.values()] for name, row in ROWS.items()
    }


def _cell(claim: Claim) -> Cell:
    printed = claim.expectation.expected
    measured = "-" if claim.measured is None else as_printed(claim.measured, printed)
    return Cell(printed, measured, claim.status, STATUSES[claim.status][0])


def verdict(claims: Sequence[Claim]) -> list[str]:
    """Whether Table 1 holds, and why, in two sentences."""
    of_table = [cell for row in cells(claims).values() for cell in row]
    reproduced = sum(cell.status == "reproduced" for cell in of_table)
    which = "unchecked" if all(cell.status == "not checked" for cell in of_table) else "checked"
    return [text.format(reproduced=reproduced, all=len(of_table)) for text in WORDS.sections["verdict"][which]]


def first_screen(claims: Sequence[Claim], embedded: str) -> str:
    """Verdict, cells and what the statuses mean, as HTML; `embedded` is a sentence on what was measured instead."""
    page = templates(HERE).get_template("first_screen.html")
    return str(page.render(
        verdict=verdict(claims), rows=cells(claims), columns=list(COLUMNS), statuses=STATUSES, embedded=embedded,
    ))  # fmt: skip


def statements(claims: Sequence[Claim]) -> Table:
    """The paper, sentence by sentence; where a claim answers, by its status in this run."""
    by_id = {claim.expectation.id: claim for claim in claims}
    rows = [[one["place"], one["says"], one["done"], one.get("answer") or _answer(by_id[one["claim"]])] for one in SAID]
    return WORDS.table("statements", rows)


def _answer(claim: Claim) -> str:
    one = claim.expectation
    value = "" if claim.measured is None else f": {claim.measured:.4g}{', recorded' * (one.source == 'recorded')}"
    return f"{STATUSES[claim.status][0]} {claim.status}{value}" + f" ({claim.why})" * bool(claim.why)


def glossary() -> Table:
    """What PAPER, TUNED and D1 to D14 are."""
    words: Mapping[str, Any] = tomllib.loads((HERE / "glossary.toml").read_text("utf-8"))["words"]
    return WORDS.table("glossary", [[word, meaning] for word, meaning in words.items()])
