"""A case judged: every array as the port computed it in a row, then from golden inputs where that diverges."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reference.conformance.arrays import Array
from reference.conformance.cases import Case, Entry, Limit
from reference.conformance.compare import Difference, compare, holds, no_ties, pattern_of, ties_of
from reference.conformance.given import write_given
from reference.conformance.ports import Answer, Port, read_answer

__all__ = ["Judged", "judge", "judge_alone"]

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
        write_given(case, judged.entry.inputs, [judged.entry.name], given)
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
