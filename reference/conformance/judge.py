"""Judging a case: every array as the port computed it in the chain, then from golden inputs where it diverges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from reference.conformance.arrays import Array
from reference.conformance.cases import ABSENT, AGREES, DIVERGES, MALFORMED, UNJUDGED, Case, Entry, Limit
from reference.conformance.compare import Difference, compare, holds, no_ties, pattern_of, ties_of
from reference.conformance.ports import Answer, Port
from reference.conformance.probe import run_partial_case

__all__ = ["Judged", "attribute_errors", "judge", "judge_alone"]


@dataclass(frozen=True)
class Judged:
    """A judged array.

    status    of the array as computed from the sources of the case
    isolated  of the array as computed from golden inputs; empty if not tried
    inherits  the first earlier array that differs, where only the chain diverges
    """

    entry: Entry
    limit: Limit
    status: str
    isolated: str = ""
    inherits: str = ""
    difference: Difference | None = None
    actual: Array | None = None
    pattern: str = ""
    message: str = ""

    @property
    def verdict(self) -> str:
        """Verdict on the step, from golden inputs if these were tried."""
        return self.isolated or self.status

    @property
    def wrong(self) -> bool:
        """Whether the step itself is wrong."""
        return self.verdict in (DIVERGES, MALFORMED)


def judge(case: Case, answer: Answer, profile: str) -> list[Judged]:
    """Judge every output of a case, in the order of the steps."""
    return [_judge(entry, answer, case.entries, profile) for entry in case.outputs]


def judge_alone(case: Case, judged: Judged, port: Port, profile: str) -> Judged:
    """Judge the same array from golden inputs, by a case that consists of this step; ties are not excused there."""
    answer, failed = run_partial_case(port, case, judged.entry.inputs, [judged.entry.name])
    if failed:
        return replace(judged, isolated=MALFORMED, message=failed)
    alone = _judge(judged.entry, answer, {}, profile)
    if alone.status == ABSENT:  # a port that cannot start in the middle is judged by its chain
        return judged
    if alone.status == AGREES:
        return replace(judged, isolated=AGREES, message="")
    return replace(alone, status=judged.status, isolated=alone.status)


def _judge(entry: Entry, answer: Answer, entries: Mapping[str, Entry], profile: str) -> Judged:
    """Compare an array with its limit.

    entries  of the case, for ties; empty where ties are not excused
    """
    limit = entry.limits[profile]
    if entry.name in answer.malformed:
        return Judged(entry, limit, MALFORMED, message=answer.malformed[entry.name])
    if entry.name not in answer.arrays:
        return Judged(entry, limit, ABSENT)
    actual = answer.arrays[entry.name]
    difference = compare(entry.value, actual, ties_of(entry, entries, profile) if entries else no_ties(entry.value))
    if holds(difference, limit):
        return Judged(entry, limit, AGREES, difference=difference, actual=actual)
    return Judged(entry, limit, DIVERGES, "", "", difference, actual, pattern_of(entry, actual))


GROWTH = 10.0  # factor by which a step may increase rounding errors, relative to the limits of its inputs
WRITTEN = "what the port goes on with is not what it writes"
HANDED_ON = f"in a row it is wrong, though nothing that comes in differs: {WRITTEN}"
TOO_FAR = f"in a row it is farther off than what comes in explains: {WRITTEN}"


def attribute_errors(judged_arrays: list[Judged]) -> list[Judged]:
    """Attribute every array that diverges only in the chain to the first array before it that differs.

    It remains wrong where none of its inputs differs, or where these differ by rounding only and it by more.
    """
    attributed: dict[str, Judged] = {}
    rounding: dict[str, float] = {}  # possible rounding error of an array, by its limit and those before it
    for judged in judged_arrays:
        name, incoming = judged.entry.name, [other for other in _incoming(judged, attributed) if _may_differ(other)]
        own = judged.limit.peak or judged.limit.relative or 0.0
        rounding[name] = max([own, *(rounding[other.entry.name] for other in incoming)])
        explained = _explained(judged, incoming, GROWTH * rounding[name])
        chained = judged.status == DIVERGES and judged.isolated in ("", AGREES)
        attributed[name] = _attributed(judged, incoming, explained, attributed) if chained else judged
        if (judged.status == DIVERGES and not explained) or (judged.difference and judged.difference.ties):
            rounding[name] = np.inf  # after a mistake or a tie any difference may follow
    return list(attributed.values())


def _attributed(judged: Judged, incoming: list[Judged], explained: bool, attributed: dict[str, Judged]) -> Judged:
    if not incoming:
        return replace(judged, isolated="", message=HANDED_ON if judged.isolated else judged.message)
    if not explained:
        return replace(judged, isolated="", message=TOO_FAR)
    first = next(other for other in attributed.values() if other in incoming or _leads_to(other, incoming, attributed))
    return replace(judged, isolated=judged.isolated or UNJUDGED, inherits=first.entry.name)


def _incoming(judged: Judged, attributed: dict[str, Judged]) -> Iterator[Judged]:
    """The inputs of a step; where one is absent, also those from which it is computed."""
    for name in judged.entry.inputs:
        if name in attributed:
            yield attributed[name]
            if attributed[name].status == ABSENT:
                yield from _incoming(attributed[name], attributed)


def _leads_to(array: Judged, incoming: list[Judged], attributed: dict[str, Judged]) -> bool:
    """Whether an array differs and the incoming ones depend on it."""
    sources = [attributed[name] for later in incoming for name in later.entry.inputs if name in attributed]
    return _differs(array) and bool(sources) and (array in sources or _leads_to(array, sources, attributed))


def _explained(judged: Judged, incoming: list[Judged], allowed: float) -> bool:
    """Whether differences of the inputs, or rounding, can explain this difference."""
    difference, actual = judged.difference, judged.actual
    if not incoming or difference is None or actual is None:
        return False
    if judged.entry.dtype != "|u1" or np.isinf(allowed):
        return difference.peak <= allowed
    if judged.entry.kind == "levels":
        return difference.peak <= max(1.0, float(np.ceil(255 * allowed)))
    ties, source = judged.entry.ties, incoming[0].entry.value
    decided = np.abs(source[actual != judged.entry.value] - ties["at"]) if ties and "at" in ties else np.array([np.inf])
    return bool(np.all(decided <= allowed))


def _may_differ(array: Judged) -> bool:
    return array.status == ABSENT or _differs(array)


def _differs(array: Judged) -> bool:
    return bool(array.difference and array.difference.differing + array.difference.ties)
