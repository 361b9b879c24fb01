"""A claim: what is expected, what was measured, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Claim", "Expectation", "judged", "moved", "shown", "summary", "wanted"]

Status = Literal["reproduced", "differs", "not reproducible", "not checked"]


@dataclass(frozen=True)
class Expectation:
    """A number that somebody printed or that we promise.

    id         where it is found again, as table_1/liu/psnr
    place      in the paper, or "here" for what only this project says
    statement  what it is
    command    that measures it
    expected   as it is printed
    rule       "as printed": the measured value rounded alike is the same; "at least"; "at most"; "within": of
               `tolerance`
    because    why it cannot be reproduced, if that is known: it then counts as such and not as differing
    recorded   the status it had when the project was last looked over; a claim that moves fails the run
    """

    id: str
    place: str
    statement: str
    command: str
    expected: str
    rule: Literal["as printed", "at least", "at most", "within"] = "as printed"
    tolerance: float = 0.0
    because: str = ""
    recorded: Status = "reproduced"


@dataclass(frozen=True)
class Claim:
    """An expectation, judged.

    measured  None where it could not be
    why       where it does not hold or was not checked
    """

    expectation: Expectation
    measured: float | None
    status: Status
    why: str = ""

    @property
    def moved(self) -> bool:
        """Whether it has another status than the recorded one; what was not checked has not moved."""
        return self.status not in (self.expectation.recorded, "not checked")


def judged(expectation: Expectation, measured: float | None, missing: str = "") -> Claim:
    """Hold a measured value against what is expected.

    missing  the reason where there is no value

    >>> judged(Expectation("x", "Table 1", "PSNR", "reproduce", "29.61"), 29.593).why
    '29.59 is not 29.61'
    """
    if measured is None:
        return Claim(expectation, None, "not checked", missing)
    if _holds(expectation, measured):
        return Claim(expectation, measured, "reproduced")
    why = f"{shown(measured, expectation.expected)} is not {wanted(expectation)}"
    if expectation.because:
        return Claim(expectation, measured, "not reproducible", f"{why}: {expectation.because}")
    return Claim(expectation, measured, "differs", why)


def shown(value: float, printed: str) -> str:
    """A value with as many decimals as the printed one.

    >>> shown(29.593, "29.61"), shown(7.5386, "7.5")
    ('29.59', '7.5')
    """
    return f"{value:.{len(printed.partition('.')[2])}f}"


def _holds(expectation: Expectation, measured: float) -> bool:
    expected = float(expectation.expected)
    return {
        "as printed": shown(measured, expectation.expected) == expectation.expected,
        "at least": measured >= expected,
        "at most": measured <= expected,
        "within": abs(measured - expected) <= expectation.tolerance,
    }[expectation.rule]


def wanted(expectation: Expectation) -> str:
    """The expected value in words.

    >>> wanted(Expectation("x", "here", "gain", "reproduce", "3.0", "at least"))
    'at least 3.0'
    """
    if expectation.rule == "within":
        return f"{expectation.expected} +- {expectation.tolerance:g}"
    return expectation.expected if expectation.rule == "as printed" else f"{expectation.rule} {expectation.expected}"


def moved(claims: Iterable[Claim]) -> list[Claim]:
    """Those whose status is not the recorded one."""
    return [claim for claim in claims if claim.moved]


def summary(claims: Iterable[Claim]) -> dict[str, Any]:
    """The content of claims.json, a count first."""
    listed = list(claims)
    statuses = ("reproduced", "differs", "not reproducible", "not checked")
    count = {status: sum(claim.status == status for claim in listed) for status in statuses}
    rows = [{**vars(c.expectation), "measured": c.measured, "status": c.status, "why": c.why} for c in listed]
    return {"count": count, "claims": rows}
