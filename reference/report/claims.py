"""Claims: what is expected, what was measured, whether the two agree, and what a reader sees of that first."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reference.jobs.page import Bold, Table, templates
from reference.report.run import WORDS

HERE = Path(__file__).parent
Status = Literal["reproduced", "differs", "not reproducible", "not checked"]
Kind = Literal["paper", "as printed", "regression"]
FILE = tomllib.loads((HERE / "claims.toml").read_text("utf-8"))
STATUSES: dict[str, tuple[str, str]] = {name: (sign, says) for name, (sign, says) in FILE["statuses"].items()}
KINDS: dict[str, str] = FILE["kinds"]


@dataclass(frozen=True)
class Expectation:
    """A number that the paper prints, a limit that a statement of it is held to, or a record of this project."""

    id: str  # unique, such as table_1/liu/psnr
    place: str  # in the paper, or "here" for a statement of this project
    statement: str
    expected: str  # as printed
    kind: Kind = "regression"
    command: str = "parfocal reproduce"  # that measures it
    # Equal when rounded to the printed digits; a limit of ours; within `tolerance`.
    rule: Literal["as printed", "at least", "at most", "within"] = "as printed"
    tolerance: float = 0.0
    source: Literal["measured", "recorded"] = "measured"  # in this run, or by `parfocal evaluate` before
    because: str = ""  # the reason why it cannot be reproduced, if known; it then counts as "not reproducible"
    recorded: Status = "reproduced"  # at the last review; a claim whose status changes fails the run


def expectations() -> list[Expectation]:
    """Every number that the paper prints or this project promises, from claims.toml; the paper's first."""
    return [Expectation(**row) for row in FILE["claim"]]


@dataclass(frozen=True)
class Claim:
    """An expectation, judged."""

    expectation: Expectation
    measured: float | None  # None if it could not be measured
    status: Status
    why: str = ""  # the reason if it is not reproduced or was not checked

    @property
    def changed(self) -> bool:
        """Whether the status differs from the recorded one; a claim that was not checked has not changed."""
        return self.status not in (self.expectation.recorded, "not checked")


def judge(expectation: Expectation, measured: float | None, missing: str = "") -> Claim:
    """Compare a measured value with the expected one; `missing` is the reason if there is none.

    >>> judge(Expectation("x", "Table 1", "PSNR", "29.61"), 29.593).why
    '29.59 is not 29.61'
    """
    if measured is None:
        return Claim(expectation, None, "not checked", missing)
    if _holds(expectation, measured):
        return Claim(expectation, measured, "reproduced")
    why = f"{as_printed(measured, expectation.expected)} is not {expected_text(expectation)}"
    if expectation.because:
        return Claim(expectation, measured, "not reproducible", f"{why}: {expectation.because}")
    return Claim(expectation, measured, "differs", why)


def as_printed(value: float, printed: str) -> str:
    """A value with as many decimals as the printed one.

    >>> as_printed(29.593, "29.61"), as_printed(7.5386, "7.5")
    ('29.59', '7.5')
    """
    return f"{value:.{len(printed.partition('.')[2])}f}"


def _holds(expectation: Expectation, measured: float) -> bool:
    expected = float(expectation.expected)
    return {
        "as printed": as_printed(measured, expectation.expected) == expectation.expected,
        "at least": measured >= expected,
        "at most": measured <= expected,
        "within": abs(measured - expected) <= expectation.tolerance,
    }[expectation.rule]


def expected_text(expectation: Expectation) -> str:
    """The expected value in words.

    >>> expected_text(Expectation("x", "here", "gain", "3.0", rule="at least"))
    'at least 3.0'
    """
    if expectation.rule == "within":
        return f"{expectation.expected} +- {expectation.tolerance:g}"
    return expectation.expected if expectation.rule == "as printed" else f"{expectation.rule} {expectation.expected}"


def summary(claims: Iterable[Claim]) -> dict[str, Any]:
    """The content of claims.json: counts, in all and by kind, then all claims."""
    all_claims = list(claims)

    def count(kind: str | None) -> dict[str, int]:
        of_kind = [claim.status for claim in all_claims if kind in (None, claim.expectation.kind)]
        return {status: of_kind.count(status) for status in STATUSES}  # type: ignore[arg-type]

    rows = [{**vars(c.expectation), "measured": c.measured, "status": c.status, "why": c.why} for c in all_claims]
    return {"count": count(None), "by_kind": {kind: count(kind) for kind in KINDS}, "claims": rows}


ROWS = {"Yu Liu et al.": "liu", "Enhance model": "enhanced"}  # of Table 1, by the ids of claims
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
    by_row: dict[str, list[Cell]] = {name: [] for name in ROWS}
    for name, row in ROWS.items():
        for claim in (by_id[f"table_1/{row}/{column}"] for column in COLUMNS.values()):
            printed = claim.expectation.expected
            measured = "-" if claim.measured is None else as_printed(claim.measured, printed)
            by_row[name].append(Cell(printed, measured, claim.status, STATUSES[claim.status][0]))
    return by_row


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
    rows = []
    for said in SAID:
        answer = said.get("answer")
        if not answer:
            claim = by_id[said["claim"]]
            recorded = ", recorded" * (claim.expectation.source == "recorded")
            value = "" if claim.measured is None else f": {claim.measured:.4g}{recorded}"
            answer = f"{STATUSES[claim.status][0]} {claim.status}{value}" + f" ({claim.why})" * bool(claim.why)
        rows.append([said["place"], said["says"], said["done"], answer])
    return WORDS.table("statements", rows)


def claim_tables(claims: Sequence[Claim]) -> list[Table]:
    """Three tables: the paper by `statements`; every claim; and what PAPER, TUNED and D1 to D14 are."""
    by_kind = []
    for kind, count in summary(claims)["by_kind"].items():
        by_kind.append(f"{kind}: " + ", ".join(f"{number} {status}" for status, number in count.items() if number))
    explained = {kind.replace(" ", "_"): meaning for kind, meaning in KINDS.items()}
    every = WORDS.table("claims", [_row(claim) for claim in claims], counts="; ".join(by_kind), **explained)
    words = tomllib.loads((HERE / "glossary.toml").read_text("utf-8"))["words"]
    return [statements(claims), every, WORDS.table("glossary", [[*row] for row in words.items()])]


def _row(claim: Claim) -> list[str]:
    one = claim.expectation
    of_paper = one.rule == "as printed" and one.kind != "regression"
    limits = (one.expected, "") if of_paper else ("", expected_text(one))
    measured = "" if claim.measured is None else f"{claim.measured:.6g}{' (recorded)' * (one.source == 'recorded')}"
    status = Bold(f"{claim.status}, was {one.recorded}") if claim.changed else claim.status
    return [one.kind, one.place, one.statement, *limits, measured, status, claim.why, one.command, one.id]
