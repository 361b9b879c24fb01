"""All cases judged, and the verdict: the first step that is wrong, where, and what it looks like."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reference.conformance.compare import compare, holds, no_ties
from reference.conformance.given import write_given
from reference.conformance.judge import ABSENT, AGREES, DIVERGES, MALFORMED, Judged, inherited, judge, judge_alone
from reference.conformance.ports import Answer, Port, read_answer
from reference.conformance.vectors import Case, Flag, Vectors

__all__ = ["Checked", "Result", "by_step", "check_folder", "check_port", "known_failures"]

Progress = Callable[[Iterable[Case]], Iterable[Case]]


@dataclass(frozen=True)
class Checked:
    """A case and its arrays, judged.

    message  why the port gave no answer at all
    """

    case: Case
    judged: list[Judged]
    message: str = ""


@dataclass(frozen=True)
class Result:
    """What a check found; see `verdict`."""

    vectors: Vectors
    profile: str
    checked: list[Checked]
    known: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def count(self) -> dict[str, int]:
        """Arrays by status; from golden inputs where that was tried."""
        found = Counter(judged.isolated or judged.status for one in self.checked for judged in one.judged)
        return {status: found[status] for status in (AGREES, DIVERGES, ABSENT, MALFORMED)}

    @property
    def verdict(self) -> str:
        """Malformed if nothing was written, or something that is no array of the case; else by the steps."""
        wrong = [judged.isolated or judged.status for _, judged in self.wrong]
        answered = self.count[AGREES] + self.count[DIVERGES]
        if MALFORMED in wrong or any(one.message for one in self.checked) or not answered:
            return MALFORMED
        return DIVERGES if wrong else AGREES

    @property
    def wrong(self) -> list[tuple[Case, Judged]]:
        """Arrays whose step is wrong, known failures left out: the earliest step first, then as the cases stand."""
        found = [
            (one.case, judged) for one in self.checked for judged in one.judged
            if judged.wrong and (one.case.name, judged.entry.step) not in self.known
        ]  # fmt: skip
        order = {step: number for number, step in enumerate(self.vectors.steps)}
        return sorted(found, key=lambda item: order[item[1].entry.step])

    @property
    def looks_like(self) -> list[str]:
        """Bugs of the first wrong step whose arrays the port gives, the one that most cases show first."""
        if not self.wrong:
            return []
        step = self.wrong[0][1].entry.step
        matches: Counter[str] = Counter()
        for one in self.checked:
            by_name = {judged.entry.name: judged for judged in one.judged}
            for flag in one.case.flags:
                if flag.step == step and flag.array in by_name and by_name[flag.array].found is not None:
                    matches[flag.name] += 1 if _gives(by_name[flag.array], flag) else -1
        return [name for name, number in matches.most_common() if number > 0]

    @property
    def stale(self) -> list[str]:
        """Known failures that agree now, or that match nothing."""
        failing = {(one.case.name, judged.entry.step) for one in self.checked for judged in one.judged if judged.wrong}
        return [f"{case}::{step}" for case, step in sorted(self.known - failing)]


def check_port(
    vectors: Vectors, port: Port, profile: str, known: frozenset[tuple[str, str]], progress: Progress
) -> Result:
    """Give a port every case, and the steps whose arrays diverge a second time, from golden inputs."""
    checked = []
    steps: set[str] = set()  # that the port has: micro cases, which come first, show every step by itself
    for case in progress(vectors.cases):
        answer, failed = _asked(case, port, steps)
        steps |= {case.entries[name].step for name in (*answer.arrays, *answer.malformed)}
        found = judge(case, answer, profile)
        alone = [judge_alone(case, one, port, profile) if one.status == DIVERGES else one for one in found]
        checked.append(Checked(case, inherited(alone), failed))
    return Result(vectors, profile, checked, known)


def _asked(case: Case, port: Port, steps: set[str]) -> tuple[Answer, str]:
    """What a port computes of a case; where it lacks a step in the middle, it goes on from that step's golden array."""
    with tempfile.TemporaryDirectory(prefix="parfocal-") as folder:
        whole, given, rest = Path(folder, "whole"), Path(folder, "given"), Path(folder, "rest")
        for outputs in (whole, rest):
            outputs.mkdir()
        failed = port(case.folder, whole)
        answer = read_answer(case, whole)
        absent = [entry for entry in case.outputs if entry.name not in {*answer.arrays, *answer.malformed}]
        wanted = {entry.name for entry in absent if entry.step in steps}
        if failed:
            return Answer(answer.arrays, {entry.name: failed for entry in absent} | answer.malformed), failed
        if not wanted:
            return answer, failed
        inputs = [name for name in case.entries if name not in {*wanted, *answer.malformed}]
        write_given(case, inputs, wanted, given)
        failed = port(given, rest)
        more = read_answer(case, rest)
    return Answer({**answer.arrays, **more.arrays}, {**answer.malformed, **more.malformed}), failed


def check_folder(
    vectors: Vectors, place: Callable[[Case], Path], profile: str, known: frozenset[tuple[str, str]]
) -> Result:
    """Judge arrays that lie in folders; nothing can be tried from golden inputs then."""
    checked = [Checked(case, judge(case, _answer(case, place(case)), profile)) for case in vectors.cases]
    return Result(vectors, profile, checked, known)


def _answer(case: Case, folder: Path) -> Answer:
    return read_answer(case, folder) if folder.is_dir() else Answer({}, {})


def _gives(judged: Judged, flag: Flag) -> bool:
    """Whether the port's array is the one that comes out of the bug."""
    found = judged.found
    if found is None or found.shape != flag.value.shape:
        return False
    return holds(compare(flag.value, found, no_ties(flag.value)), judged.limit)


def known_failures(text: str) -> frozenset[tuple[str, str]]:
    """The lines CASE::STEP of a file, with a reason behind a #.

    >>> sorted(known_failures("micro/x::gray  # 8-bit port"))
    [('micro/x', 'gray')]
    """
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    pairs = (line.partition("::") for line in lines if line)
    return frozenset((case.strip(), step.strip()) for case, _, step in pairs)


def by_step(result: Result) -> Mapping[str, Counter[str]]:
    """Status of the arrays of every step, in order."""
    found: dict[str, Counter[str]] = {step: Counter() for step in result.vectors.steps}
    for one in result.checked:
        for judged in one.judged:
            found[judged.entry.step][judged.isolated or judged.status] += 1
    return found
