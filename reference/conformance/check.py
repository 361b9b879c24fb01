"""All cases judged, and the verdict: the first step that is wrong, where, and what it looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reference.conformance.ask import PortProbe
from reference.conformance.cases import Case, Flag, Vectors
from reference.conformance.compare import compare, holds, no_ties
from reference.conformance.judge import (
    ABSENT,
    AGREES,
    DIVERGES,
    MALFORMED,
    UNJUDGED,
    Judged,
    attribute_errors,
    judge,
    judge_alone,
)
from reference.conformance.ports import Answer, Port, read_answer
from reference.errors import WrongUsage

__all__ = ["STATUSES", "Checked", "Result", "by_step", "check_folder", "check_port", "known_failures"]

STATUSES = (AGREES, DIVERGES, ABSENT, MALFORMED, UNJUDGED)
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
        found = Counter(judged.verdict for one in self.checked for judged in one.judged)
        return {status: found[status] for status in STATUSES}

    @property
    def verdict(self) -> str:
        """Malformed if nothing was written, or something that is no array of the case; else by the steps."""
        wrong = [judged.verdict for _, judged in self.wrong]
        answered = self.count[AGREES] + self.count[DIVERGES]
        if MALFORMED in wrong or any(one.message for one in self.checked) or not answered:
            return MALFORMED
        return AGREES if not wrong and self.count[AGREES] else DIVERGES

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
                    matches[flag.name] += 1 if gives(by_name[flag.array], flag) else -1
        return [name for name, number in matches.most_common() if number > 0]

    @property
    def stale(self) -> list[str]:
        """Known failures that agree now, or that match nothing."""
        failing = {(one.case.name, judged.entry.step) for one in self.checked for judged in one.judged if judged.wrong}
        unseen = self.vectors.names - {one.case.name for one in self.checked}
        return [f"{case}::{step}" for case, step in sorted(self.known - failing) if case not in unseen]

    def shown_by(self, bug: str) -> tuple[Case, Flag]:
        """The first case in which the port gives the wrong array of a bug."""
        return next(
            (one.case, flag) for one in self.checked for flag in one.case.flags for judged in one.judged
            if flag.name == bug and judged.entry.name == flag.array and gives(judged, flag)
        )  # fmt: skip


def check_port(
    vectors: Vectors, port: Port, profile: str, known: frozenset[tuple[str, str]], progress: Progress
) -> Result:
    """Give a port every case, and the steps whose arrays diverge a second time, from golden inputs."""
    checked, asked = [], PortProbe(port)
    for case in progress(vectors.cases):
        answer, failed = asked(case)
        found = judge(case, answer, profile)
        alone = [judge_alone(case, one, port, profile) if one.status == DIVERGES else one for one in found]
        checked.append(Checked(case, attribute_errors(alone), failed or _strange(answer)))
    return Result(vectors, profile, checked, known)


def check_folder(vectors: Vectors, results: Path, profile: str, known: frozenset[tuple[str, str]]) -> Result:
    """Judge arrays that lie in folders, RESULTS/micro/corner_touch/consistency.npy; nothing can be tried again then.

    raises   WrongUsage if there is no such folder, or if it has arrays for cases that there are not
    """
    if not results.is_dir():
        raise WrongUsage(f"--outputs {results} is not a folder")
    for path in sorted(results.rglob("*.npy")):
        if (name := path.parent.relative_to(results).as_posix()) not in vectors.names:
            raise WrongUsage(f"{path} belongs to no case: there is no {name}")
    checked = []
    for case in vectors.cases:
        answer = read_answer(case, results / case.name)
        checked.append(Checked(case, attribute_errors(judge(case, answer, profile)), _strange(answer)))
    return Result(vectors, profile, checked, known)


def _strange(answer: Answer) -> str:
    return f"it wrote {', '.join(answer.strange)}, which the case does not have" if answer.strange else ""


def gives(judged: Judged, flag: Flag) -> bool:
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
            found[judged.entry.step][judged.verdict] += 1
    return found
