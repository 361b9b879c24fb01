"""A case judged: every array as the port computed it in a row, then from golden inputs where that diverges."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from reference.conformance.arrays import Array
from reference.conformance.ask import write_partial_case
from reference.conformance.cases import Case, Entry, Limit
from reference.conformance.compare import Difference, compare, holds, no_ties, pattern_of, ties_of
from reference.conformance.ports import Answer, Port, read_answer

__all__ = ["Judged", "attribute_errors", "judge", "judge_alone"]

AGREES, DIVERGES, ABSENT, MALFORMED = "agrees", "diverges", "absent", "malformed"
UNJUDGED = "not judged"  # off in a row as much as what comes in explains, and never tried from golden inputs


@dataclass(frozen=True)
class Judged:
    """An array, judged.

    status    of the array as the port computed it from the sources of the case
    isolated  of the array as the port computes it from golden inputs; empty where that was not tried
    inherits  the first array before it that differs, where only the chain diverges
    """

    entry: Entry
    limit: Limit
    status: str
    isolated: str = ""
    inherits: str = ""
    difference: Difference | None = None
    found: Array | None = None
    pattern: str = ""
    message: str = ""

    @property
    def verdict(self) -> str:
        """Of the step: from golden inputs if that was tried."""
        return self.isolated or self.status

    @property
    def wrong(self) -> bool:
        """Whether the step itself is wrong."""
        return self.verdict in (DIVERGES, MALFORMED)


def judge(case: Case, answer: Answer, profile: str) -> list[Judged]:
    """Every output of a case, in the order of the steps."""
    return [_judged(entry, answer, case.entries, profile) for entry in case.outputs]


def judge_alone(case: Case, judged: Judged, port: Port, profile: str) -> Judged:
    """The same array from golden inputs, by a case that ends with this step; no tie is an excuse there."""
    with tempfile.TemporaryDirectory(prefix="parfocal-") as folder:
        given, outputs = Path(folder, "case"), Path(folder, "outputs")
        outputs.mkdir()
        write_partial_case(case, judged.entry.inputs, [judged.entry.name], given)
        failed = port(given, outputs)
        answer = read_answer(case, outputs)
    if failed:
        return replace(judged, isolated=MALFORMED, message=failed)
    alone = _judged(judged.entry, answer, {}, profile)
    if alone.status == ABSENT:  # a port that cannot start in the middle is judged by its chain
        return judged
    if alone.status == AGREES:
        return replace(judged, isolated=AGREES, message="")
    return replace(alone, status=judged.status, isolated=alone.status)


def _judged(entry: Entry, answer: Answer, entries: Mapping[str, Entry], profile: str) -> Judged:
    """An array held against its limit.

    entries  of the case, for ties; none where there is no excuse
    """
    limit = entry.limits[profile]
    if entry.name in answer.malformed:
        return Judged(entry, limit, MALFORMED, message=answer.malformed[entry.name])
    if entry.name not in answer.arrays:
        return Judged(entry, limit, ABSENT)
    found = answer.arrays[entry.name]
    difference = compare(entry.value, found, ties_of(entry, entries, profile) if entries else no_ties(entry.value))
    if holds(difference, limit):
        return Judged(entry, limit, AGREES, difference=difference, found=found)
    return Judged(entry, limit, DIVERGES, "", "", difference, found, pattern_of(entry, found))


GROWTH = 10.0  # times the limits of what comes in: what a step may make of rounding errors
WRITTEN = "what the port goes on with is not what it writes"
HANDED_ON = f"in a row it is wrong, though nothing that comes in differs: {WRITTEN}"
TOO_FAR = f"in a row it is farther off than what comes in explains: {WRITTEN}"


def attribute_errors(found: list[Judged]) -> list[Judged]:
    """Say of every array that diverges in the chain alone which one before it was the first to differ.

    It stays wrong where nothing that comes in differs, or where that is off by rounding and it by more.
    """
    done: dict[str, Judged] = {}
    rounding: dict[str, float] = {}  # what rounding may have made of an array, by its limit and those before it
    for judged in found:
        name, incoming = judged.entry.name, [one for one in _incoming(judged, done) if _may_differ(one)]
        own = judged.limit.peak or judged.limit.relative or 0.0
        rounding[name] = max([own, *(rounding[one.entry.name] for one in incoming)])
        explained = _explained(judged, incoming, GROWTH * rounding[name])
        chained = judged.status == DIVERGES and judged.isolated in ("", AGREES)
        done[name] = _excused(judged, incoming, explained, done) if chained else judged
        if (judged.status == DIVERGES and not explained) or (judged.difference and judged.difference.ties):
            rounding[name] = np.inf  # after a mistake, or a pixel that a tie decided, anything may follow
    return list(done.values())


def _excused(judged: Judged, incoming: list[Judged], explained: bool, done: dict[str, Judged]) -> Judged:
    if not incoming:
        return replace(judged, isolated="", message=HANDED_ON if judged.isolated else judged.message)
    if not explained:
        return replace(judged, isolated="", message=TOO_FAR)
    first = next(one for one in done.values() if one in incoming or _leads_to(one, incoming, done))
    return replace(judged, isolated=judged.isolated or UNJUDGED, inherits=first.entry.name)


def _incoming(judged: Judged, done: dict[str, Judged]) -> Iterator[Judged]:
    """The arrays that a step takes; where one is not written, also those that it comes from."""
    for name in judged.entry.inputs:
        if name in done:
            yield done[name]
            if done[name].status == ABSENT:
                yield from _incoming(done[name], done)


def _leads_to(one: Judged, incoming: list[Judged], done: dict[str, Judged]) -> bool:
    """Whether an array that differs is among those that the incoming ones come from."""
    before = [done[name] for late in incoming for name in late.entry.inputs if name in done]
    return _differs(one) and bool(before) and (one in before or _leads_to(one, before, done))


def _explained(judged: Judged, incoming: list[Judged], allowed: float) -> bool:
    """Whether what comes in, and rounding, can have grown to this difference."""
    difference, found = judged.difference, judged.found
    if not incoming or difference is None or found is None:
        return False
    if judged.entry.dtype != "|u1" or np.isinf(allowed):
        return difference.peak <= allowed
    if judged.entry.kind == "levels":
        return difference.peak <= max(1.0, float(np.ceil(255 * allowed)))
    ties, source = judged.entry.ties, incoming[0].entry.value
    decided = np.abs(source[found != judged.entry.value] - ties["at"]) if ties and "at" in ties else np.array([np.inf])
    return bool(np.all(decided <= allowed))


def _may_differ(one: Judged) -> bool:
    return one.status == ABSENT or _differs(one)


def _differs(one: Judged) -> bool:
    return bool(one.difference and one.difference.differing + one.difference.ties)
