"""A case judged: every array as the port computed it in a row, then from golden inputs where that diverges."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reference.conformance.arrays import Array
from reference.conformance.compare import Difference, compare, holds, pattern_of, ties_of
from reference.conformance.given import write_given
from reference.conformance.ports import Answer, Port, read_answer
from reference.conformance.vectors import Case, Entry, Limit

__all__ = ["Judged", "inherited", "judge", "judge_alone"]

AGREES, DIVERGES, ABSENT, MALFORMED = "agrees", "diverges", "absent", "malformed"
TIED = "a tie before it was decided otherwise: judged from golden inputs only"


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
    def wrong(self) -> bool:
        """Whether the step itself is wrong: from golden inputs if that was tried."""
        return (self.isolated or self.status) in (DIVERGES, MALFORMED)


def judge(case: Case, answer: Answer, profile: str) -> list[Judged]:
    """Every output of a case, in the order of the steps."""
    found = [_judged(entry, answer, case.entries, profile) for entry in case.outputs]
    return _without_ties(found)


def judge_alone(case: Case, judged: Judged, port: Port, profile: str) -> Judged:
    """The same array from golden inputs: the port is given a case that ends with this step."""
    with tempfile.TemporaryDirectory(prefix="parfocal-") as folder:
        given, outputs = Path(folder, "case"), Path(folder, "outputs")
        outputs.mkdir()
        write_given(case, judged.entry.inputs, [judged.entry.name], given)
        failed = port(given, outputs)
        answer = read_answer(case, outputs)
    if failed:
        return replace(judged, isolated=MALFORMED, message=failed)
    alone = _judged(judged.entry, answer, case.entries, profile)
    if alone.status == ABSENT:  # a port that cannot start in the middle is judged by its chain
        return judged
    if alone.status == AGREES:
        return replace(judged, isolated=AGREES, message="")
    return replace(alone, status=judged.status, isolated=alone.status)


def _judged(entry: Entry, answer: Answer, entries: Mapping[str, Entry], profile: str) -> Judged:
    limit = entry.limits[profile]
    if entry.name in answer.malformed:
        return Judged(entry, limit, MALFORMED, message=answer.malformed[entry.name])
    if entry.name not in answer.arrays:
        return Judged(entry, limit, ABSENT)
    found = answer.arrays[entry.name]
    difference = compare(entry.value, found, ties_of(entry, entries, profile))
    if holds(difference, limit):
        return Judged(entry, limit, AGREES, difference=difference, found=found)
    return Judged(entry, limit, DIVERGES, "", "", difference, found, pattern_of(entry.value, found))


def _without_ties(found: list[Judged]) -> list[Judged]:
    """Steps after one that a tie decided otherwise are judged from golden inputs only: a pixel may be a region."""
    decided = False
    kept = []
    for judged in found:
        excused = decided and judged.status == DIVERGES
        kept.append(replace(judged, isolated=AGREES, message=TIED) if excused else judged)
        decided = decided or bool(judged.difference and judged.difference.ties)
    return kept


def inherited(found: list[Judged]) -> list[Judged]:
    """Say of every array that diverges in the chain alone which array before it was the first to differ."""
    by_name = {judged.entry.name: judged for judged in found}

    def before(judged: Judged) -> set[str]:
        direct = {name for name in judged.entry.inputs if name in by_name}
        return direct.union(*(before(by_name[name]) for name in direct))

    def first(judged: Judged) -> str:
        differing = [name for name in by_name if name in before(judged) and _differs(by_name[name])]
        return differing[0] if differing else ""

    alone = [judged.status == DIVERGES and judged.isolated == AGREES for judged in found]
    return [replace(one, inherits=first(one)) if only else one for one, only in zip(found, alone, strict=True)]


def _differs(judged: Judged) -> bool:
    return judged.status == DIVERGES or bool(judged.difference and judged.difference.differing + judged.difference.ties)
