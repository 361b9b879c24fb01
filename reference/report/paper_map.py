"""The paper in the code: where each section and equation is, and D1 to D14, where the paper is unclear."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reference.experiments.baseline import recorded_evaluation
from reference.jobs.page import Table
from reference.report.run import WORDS, Part, Run
from reference.steps.table import STEPS


class Entry(NamedTuple):
    """A place in the paper as the function's docstring names it, what stands there, the function, and a test of it."""

    place: str
    what: str
    function: str  # module.name
    test: str  # name of a test in tests/


ROWS = tomllib.loads(Path(__file__).with_name("paper_map.toml").read_text("utf-8"))
OF_STEPS = [Entry(step.place, step.short, f"{step.function.__module__}.{step.name}", step.test) for step in STEPS]
BEFORE, AFTER = ([Entry(*row) for row in ROWS[part]] for part in ("before_the_steps", "after_them"))
PAPER_MAP = (*BEFORE, *OF_STEPS, *AFTER)
PAGE = Path(__file__).parents[1] / "DECISIONS.md"


def deviations(recorded: Mapping[str, Any]) -> Table:
    """The table of DECISIONS.md, with the effect that the recorded evaluation has measured."""
    lines = [line.strip("|\n ") for line in PAGE.read_text().splitlines() if re.match(r"\| D\d", line)]
    rows = [[cell.strip().replace("`", "") for cell in line.split("|")] for line in lines]
    found = [[*row[:4], _effect(row[0], recorded)] for row in rows]
    return WORDS.table("deviations" if "ablation" in recorded else "deviations_unmeasured", found)


def part_map(run: Run) -> Part:
    """The map from sections and equations to the code."""
    return Part(sections=[WORDS.table("map", [list(entry) for entry in PAPER_MAP])])


def part_deviations(run: Run) -> Part:
    """Decisions D1 to D14, where the paper is silent or unclear."""
    return Part(sections=[deviations(recorded_evaluation())])


def _effect(decision: str, recorded: Mapping[str, Any]) -> str:
    """One phrase for each alternative that was measured.

    >>> _effect("D9", {"ablation": {"D9: x": {"difference": [-0.1, -0.2, 0.0]}}})
    'x: -0.10 [-0.20, +0.00]'
    """
    found = _noise(recorded) if decision == "D11" else []
    for change, row in recorded.get("ablation", {}).items():
        name = change.removeprefix("small, ").removesuffix(", PAPER")
        if name.startswith(f"{decision}: ") and not change.endswith(", TUNED"):
            found.append("{}: {:+.2f} [{:+.2f}, {:+.2f}]".format(name.partition(": ")[2], *row["difference"]))
    return "; ".join(found)


def _noise(recorded: Mapping[str, Any]) -> list[str]:
    """What fusing noisy sources gives, beside what taking each pixel from the nearer source and what averaging give."""
    conditions = recorded.get("truth", {}).get("conditions", {})
    found = []
    for condition in ("noise_5", "noise_10"):
        if condition in conditions:
            ours, oracle, mean = (conditions[condition][name]["psnr"] for name in ("enhanced", "true map", "average"))
            sigma = condition.removeprefix("noise_")
            found.append(f"noise {sigma} of 255: {ours:.2f} dB, cut at the true map {oracle:.2f}, averaged {mean:.2f}")
    return found
