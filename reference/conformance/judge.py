"""Judging a case: every array of a port, in the order of the steps, by its limit and by what came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reference.conformance.arrays import Array
from reference.conformance.cases import ABSENT, AGREES, DIVERGES, MALFORMED, UNJUDGED, Case, Entry, Limit
from reference.conformance.compare import Difference, compare, holds, pattern_of, ties_of
from reference.conformance.ports import Answer

GROWTH = 10.0  # factor by which a step may increase rounding errors, relative to the limits of its inputs
TOO_FAR = "in a row it is farther off than what comes in explains: what the port goes on with is not what it writes"


@dataclass(frozen=True)
class Judged:
    """A judged array.

    in_row    whether it was computed from arrays of the port, not from golden ones alone
    rounding  possible difference of what is computed from it: 0 if it is the golden array, infinite after a mistake
    """

    entry: Entry
    limit: Limit
    status: str
    in_row: bool
    rounding: float
    difference: Difference | None = None
    actual: Array | None = None
    pattern: str = ""
    message: str = ""

    @property
    def wrong(self) -> bool:
        """Whether the step is wrong, or its wiring."""
        return self.status in (DIVERGES, MALFORMED)


def judge(case: Case, answer: Answer, profile: str) -> list[Judged]:
    """Judge every output of a case, in the order of the steps."""
    judged: dict[str, Judged] = {}
    for entry in case.outputs:
        judged[entry.name] = _judge(entry, case, answer, profile, judged)
    return list(judged.values())


def _judge(entry: Entry, case: Case, answer: Answer, profile: str, earlier: Mapping[str, Judged]) -> Judged:
    """Judge one array; in a row, a difference that those before it explain is not judged."""
    limit = entry.limits[profile]
    incoming = [earlier[name] for name in entry.inputs if name in earlier]
    growth = max((one.rounding for one in incoming), default=0.0)
    own = max(limit.get("peak", limit.get("relative", 0.0)), growth)
    if entry.name in answer.malformed:
        message = answer.malformed[entry.name]
        return Judged(entry, limit, MALFORMED, bool(incoming), np.inf, message=message)
    if entry.name not in answer.arrays:
        return Judged(entry, limit, ABSENT, bool(incoming), own)
    actual, allowed = answer.arrays[entry.name], GROWTH * own if growth else 0.0
    difference = compare(entry.value, actual, ties_of(entry, case.entries, allowed))
    rounding = np.inf if difference.ties else own if difference.differing else 0.0
    if holds(difference, limit):
        return Judged(entry, limit, AGREES, bool(incoming), rounding, difference, actual)
    if difference.peak <= allowed:
        return Judged(entry, limit, UNJUDGED, True, rounding, difference, actual)
    message, pattern = TOO_FAR if incoming else "", pattern_of(entry, actual)
    return Judged(entry, limit, DIVERGES, bool(incoming), np.inf, difference, actual, pattern, message)
