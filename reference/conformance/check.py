"""The check of a port: every array by its limit and by what came in, and a verdict that names the first wrong step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from reference.conformance.cases import Array, Case, Entry, Flag, Limit, Vectors
from reference.conformance.compare import Difference, compare, holds, no_ties, pattern_of, ties_of
from reference.conformance.ports import Answer, Port, ask, read_answer
from reference.errors import WrongUsage

AGREES, DIVERGES, ABSENT, MALFORMED = "agrees", "diverges", "absent", "malformed"  # of an array of a port
UNJUDGED = "not judged"  # off in a row by no more than its inputs explain
STATUSES = (AGREES, DIVERGES, ABSENT, MALFORMED, UNJUDGED)
Progress = Callable[[Iterable[Case]], Iterable[Case]]
GROWTH = 10.0  # factor by which a step may increase rounding errors, relative to the limits of its inputs
TOO_FAR = "in a row it is farther off than what comes in explains: what the port goes on with is not what it writes"


@dataclass(frozen=True)
class Judged:
    """A judged array."""

    entry: Entry
    limit: Limit
    status: str
    in_row: bool  # whether computed from arrays of the port, not from golden ones alone
    rounding: float  # by which what follows may differ: 0 if golden, infinite after a mistake
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


@dataclass(frozen=True)
class CheckedCase:
    """A case with its judged arrays."""

    case: Case
    judged: list[Judged]
    message: str = ""  # why the port gave no answer


@dataclass(frozen=True)
class Result:
    """The result of a check; see `verdict`."""

    vectors: Vectors
    profile: str
    checked: list[CheckedCase]
    known: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def count(self) -> dict[str, int]:
        """Number of arrays by status."""
        statuses = Counter(judged.status for checked in self.checked for judged in checked.judged)
        return {status: statuses[status] for status in STATUSES}

    @property
    def verdict(self) -> str:
        """Malformed if nothing usable was written; else diverges or agrees, by the steps."""
        wrong = [judged.status for _, judged in self.wrong]
        answered = self.count[AGREES] + self.count[DIVERGES]
        if MALFORMED in wrong or any(checked.message for checked in self.checked) or not answered:
            return MALFORMED
        return AGREES if not wrong and self.count[AGREES] else DIVERGES

    @property
    def wrong(self) -> list[tuple[Case, Judged]]:
        """Wrong arrays without known failures, by step and then by case: from golden inputs first, then in a row."""
        judged_outputs = [
            (checked.case, judged) for checked in self.checked for judged in checked.judged
            if judged.wrong and (checked.case.name, judged.entry.step) not in self.known
        ]  # fmt: skip
        order = {step: number for number, step in enumerate(self.vectors.steps)}
        return sorted(judged_outputs, key=lambda item: (item[1].in_row, order[item[1].entry.step]))

    @property
    def looks_like(self) -> list[str]:
        """Bugs of the first wrong step whose arrays the port produces, that with most cases first."""
        if not self.wrong:
            return []
        step = self.wrong[0][1].entry.step
        matches: Counter[str] = Counter()
        for checked in self.checked:
            by_name = {judged.entry.name: judged for judged in checked.judged}
            for flag in checked.case.flags:
                if flag.step == step and flag.array in by_name and by_name[flag.array].actual is not None:
                    matches[flag.name] += 1 if shows(by_name[flag.array], flag) else -1
        return [name for name, number in matches.most_common() if number > 0]

    @property
    def stale(self) -> list[str]:
        """Known failures that agree now, or that match nothing."""
        wrong = ((checked.case.name, judged) for checked in self.checked for judged in checked.judged if judged.wrong)
        failing = {(name, judged.entry.step) for name, judged in wrong}
        unseen = self.vectors.names - {checked.case.name for checked in self.checked}
        return [f"{case}::{step}" for case, step in sorted(self.known - failing) if case not in unseen]

    def shown_by(self, bug: str) -> tuple[Case, Flag]:
        """The first case in which the port produces the array of a bug."""
        return next(
            (checked.case, flag) for checked in self.checked for flag in checked.case.flags for judged in checked.judged
            if flag.name == bug and judged.entry.name == flag.array and shows(judged, flag)
        )  # fmt: skip


def check_port(
    vectors: Vectors, port: Port, profile: str, known: frozenset[tuple[str, str]], progress: Progress
) -> Result:
    """Run a port on every case, once."""
    checked = [_checked(case, *ask(port, case), profile) for case in progress(vectors.cases)]
    return Result(vectors, profile, checked, known)


def check_folder(vectors: Vectors, results: Path, profile: str, known: frozenset[tuple[str, str]]) -> Result:
    """Judge stored arrays, such as RESULTS/micro/corner_touch/consistency.npy, of which none can be computed again."""
    if not results.is_dir():
        raise WrongUsage(f"--outputs {results} is not a folder")
    for path in sorted(results.rglob("*.npy")):
        if (name := path.parent.relative_to(results).as_posix()) not in vectors.names:
            raise WrongUsage(f"{path} belongs to no case: there is no {name}")
    checked = [_checked(case, read_answer(case, results / case.name), "", profile) for case in vectors.cases]
    return Result(vectors, profile, checked, known)


def _checked(case: Case, answer: Answer, failed: str, profile: str) -> CheckedCase:
    unexpected = f"it wrote {', '.join(answer.unexpected)}, which the case does not have" if answer.unexpected else ""
    return CheckedCase(case, judge(case, answer, profile), failed or unexpected)


def shows(judged: Judged, flag: Flag) -> bool:
    """Whether the port's array is the one that the bug produces."""
    actual = judged.actual
    if actual is None or actual.shape != flag.value.shape:
        return False
    return holds(compare(flag.value, actual, no_ties(flag.value)), judged.limit)


def known_failures(text: str) -> frozenset[tuple[str, str]]:
    """The lines CASE::STEP of a file; a reason may follow after #.

    >>> sorted(known_failures("micro/x::gray  # 8-bit port"))
    [('micro/x', 'gray')]
    """
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    pairs = (line.partition("::") for line in lines if line)
    return frozenset((case.strip(), step.strip()) for case, _, step in pairs)
