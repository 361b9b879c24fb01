"""The check of a port on all cases, and its verdict: the first wrong step, where, and what the error looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from reference.conformance.cases import AGREES, DIVERGES, MALFORMED, STATUSES, Case, Flag, Vectors
from reference.conformance.compare import compare, holds, no_ties
from reference.conformance.judge import Judged, judge
from reference.conformance.ports import Answer, Port, ask, read_answer
from reference.errors import WrongUsage

Progress = Callable[[Iterable[Case]], Iterable[Case]]


@dataclass(frozen=True)
class CheckedCase:
    """A case with its judged arrays.

    message  why the port gave no answer
    """

    case: Case
    judged: list[Judged]
    message: str = ""


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
    """Judge stored arrays, such as RESULTS/micro/corner_touch/consistency.npy, of which none can be computed again.

    raises   WrongUsage if the folder does not exist, or has arrays for unknown cases
    """
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
