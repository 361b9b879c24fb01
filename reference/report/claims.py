"""Claims: what is expected, what was measured, and whether the two agree."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

__all__ = [
    "KINDS", "STATUSES", "Claim", "Expectation", "as_printed", "expectations", "expected_text", "judge", "summary",
]  # fmt: skip

Status = Literal["reproduced", "differs", "not reproducible", "not checked"]
Kind = Literal["paper", "as printed", "regression"]
FILE = tomllib.loads(Path(__file__).with_name("claims.toml").read_text("utf-8"))
STATUSES: dict[str, tuple[str, str]] = {name: (sign, says) for name, (sign, says) in FILE["statuses"].items()}
KINDS: dict[str, str] = FILE["kinds"]


@dataclass(frozen=True)
class Expectation:
    """A number that the paper prints, a limit that a statement of it is held to, or a record of this project.

    id         unique, such as table_1/liu/psnr
    kind       of KINDS
    place      in the paper, or "here" for a statement of this project
    statement  what the number is
    command    that measures it
    expected   the number as printed
    rule       "as printed": equal when rounded to the printed digits; "at least" and "at most" a limit of ours;
               "within": `tolerance`
    source     whether the value is measured in this run, or recorded by an earlier `parfocal evaluate`
    because    the reason why it cannot be reproduced, if known; it then counts as "not reproducible"
    recorded   the status at the last review; a claim whose status changes fails the run
    """

    id: str
    place: str
    statement: str
    expected: str
    kind: Kind = "regression"
    command: str = "parfocal reproduce"
    rule: Literal["as printed", "at least", "at most", "within"] = "as printed"
    tolerance: float = 0.0
    source: Literal["measured", "recorded"] = "measured"
    because: str = ""
    recorded: Status = "reproduced"


def expectations() -> list[Expectation]:
    """Every number that the paper prints or this project promises, from claims.toml; the paper's first."""
    return [Expectation(**row) for row in FILE["claim"]]


@dataclass(frozen=True)
class Claim:
    """An expectation, judged.

    measured  None if it could not be measured
    why       the reason if it is not reproduced or was not checked
    """

    expectation: Expectation
    measured: float | None
    status: Status
    why: str = ""

    @property
    def changed(self) -> bool:
        """Whether the status differs from the recorded one; a claim that was not checked has not changed."""
        return self.status not in (self.expectation.recorded, "not checked")


def judge(expectation: Expectation, measured: float | None, missing: str = "") -> Claim:
    """Compare a measured value with the expected one.

    missing  the reason if there is no value

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
