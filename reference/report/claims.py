"""A claim: what is expected, what was measured, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["Claim", "at_least", "not_checked", "summary"]

Status = Literal["holds", "fails", "not checked"]


@dataclass(frozen=True)
class Claim:
    """One line of claims.json.

    name       what it is about
    statement  in words
    expected   the figure it names
    measured   ours, None if it could not be measured
    status     holds, fails, or not checked
    why        where it is not checked or fails: the reason
    """

    name: str
    statement: str
    expected: float
    measured: float | None
    status: Status
    why: str = ""


def at_least(name: str, statement: str, expected: float, measured: float) -> Claim:
    """A claim that holds if the figure is reached.

    >>> at_least("gain", "gains 3 dB", 3.0, 2.5).status
    'fails'
    """
    holds = measured >= expected
    why = "" if holds else f"{measured:.4g} is below {expected:g}"
    return Claim(name, statement, expected, measured, "holds" if holds else "fails", why)


def not_checked(name: str, statement: str, expected: float, why: str) -> Claim:
    """A claim whose data is not here."""
    return Claim(name, statement, expected, None, "not checked", why)


def summary(claims: Sequence[Claim]) -> dict[str, Any]:
    """The content of claims.json, a count first."""
    statuses = ("holds", "fails", "not checked")
    count = {status: sum(claim.status == status for claim in claims) for status in statuses}
    return {"count": count, "claims": [asdict(claim) for claim in claims]}
