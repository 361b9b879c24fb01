"""Where the paper is silent: a section for each decision, its measured effects, and which of them a step rests on."""

from __future__ import annotations

import inspect
import re
from functools import cache

from building.links import entry_of
from reference.experiments.baseline import recorded_evaluation
from reference.methods.settings import OVERRIDES
from reference.report.paper_map import PAGE, deviations
from reference.steps.table import STEPS, StepText

__all__ = ["decisions_of", "decisions_page"]


def decisions_page() -> str:
    """What the paper says, what was decided, what is kept, where it is, and what another decision does."""
    table = deviations(recorded_evaluation())
    about = "Each decision has an id that the code uses; what is kept as a parameter can be had today."
    effects = {row[0]: row[-1] for row in table.rows}
    sections = [line for row in _rows() for line in _section(row, effects[row[0]])]
    return "\n".join([f"# {table.title}", "", about, "", table.text, *sections]) + "\n"


def _section(row: list[str], effect: str) -> list[str]:
    name, paper, decided, kept, where = row
    measured = [f"- {one}" for one in effect.split("; ") if one]
    return [
        "", f"## {name}", "", f"**The paper:** {paper}", "", f"**Decided:** {decided}", "",
        *([f"**Kept as:** {kept}", ""] if kept != "-" else []),
        *([f"**Where:** {re.sub('`([^`]+)`', _linked, where)}", ""] if where != "-" else []),
        *(["**Measured effect:**", "", *measured] if measured else []),
    ]  # fmt: skip


def _linked(match: re.Match[str]) -> str:
    entry = entry_of(f"reference/{match[1]}.py")
    return f"{{py:obj}}`{match[1]} <{entry}>`" if entry else match[0]


@cache
def _rows() -> list[list[str]]:
    """The rows of DECISIONS.md: id, the paper, decided, kept, where."""
    lines = [line for line in PAGE.read_text().splitlines() if re.match(r"\| D\d", line)]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def decisions_of(text: StepText) -> list[str]:
    """The ids that a step rests on: where they are, what its docstrings name, and its parameters."""
    steps = [step for step in STEPS if step.number == text.number]
    named = {name for step in steps for name in _ids(inspect.getdoc(step.function) or "")}
    places = {step.name for step in steps} | {OVERRIDES[option.replace("-", "_")] for option in text.parameters}
    places |= {"network"} if text.number == 3 else set()
    return [row[0] for row in _rows() if row[0] in named or places & _words(f"{row[3]} {row[4]}")]


def _ids(text: str) -> set[str]:
    """The ids in a text, those of a range too.

    >>> sorted(_ids("eq. 1-2; D4-D6, D9"))
    ['D4', 'D5', 'D6', 'D9']
    """
    found = [(int(low), int(high or low)) for low, high in re.findall(r"\bD(\d+)(?:-D(\d+))?", text)]
    return {f"D{number}" for low, high in found for number in range(low, high + 1)}


def _words(text: str) -> set[str]:
    """Names in a cell; a step's file without its number."""
    return set(re.findall(r"\w+", re.sub(r"step_\d_", "", text)))
