"""The paper in the code: where each section and equation is, and D1 to D14, where the paper is unclear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reference.jobs.page import Table
from reference.steps.table import STEPS

__all__ = ["PAPER_MAP", "Entry", "deviations"]


class Entry(NamedTuple):
    """A place in the paper as the function's docstring names it, what stands there, the function, and a test of it."""

    place: str
    what: str
    function: str  # module.name
    test: str  # name of a test in tests/


# Place; what; function, without "reference."; test.
BEFORE = (
    ("contribution 1", "B of another size", "jobs.sources.same_size", "test_same_size_brings_b_onto_the_grid_of_a"),
    ("section 3, figure 1", "the network", "network.enhanced.EnhancedNetwork", "test_enhanced_equals_plain_loops"),
    ("section 3", "layer sizes", "network.enhanced.EnhancedConfig", "test_enhanced_has_the_papers_sizes_by_default"),
    ("section 3", "softmax pooling", "network.pooling.softmax_pooling", "test_softmax_pooling_by_hand"),
    ("eq. 1", "mixed pooling", "network.pooling.MixedPooling", "test_mixed_pooling_of_odd_sides_cuts_windows_off"),
)
AFTER = (
    ("figure 2", "all steps", "pipeline.fuse", "test_every_step_gets_what_the_table_says"),
    ("Table 1", "its columns", "experiments.lytro.columns", "test_the_published_result_has_the_baseline_row"),
)
OF_STEPS = [Entry(step.place, step.short, f"{step.function.__module__}.{step.name}", step.test) for step in STEPS]
FIRST, LAST = (
    [Entry(place, what, f"reference.{name}", test) for place, what, name, test in rows] for rows in (BEFORE, AFTER)
)
PAPER_MAP = (*FIRST, *OF_STEPS, *LAST)


PAGE = Path(__file__).parents[1] / "DECISIONS.md"


def deviations(recorded: Mapping[str, Any]) -> Table:
    """The table of DECISIONS.md, with the effect that the recorded evaluation has measured.

    recorded  data/weights/evaluation.json
    """
    rows = [_cells(line) for line in PAGE.read_text().splitlines() if re.match(r"\| D\d", line)]
    found = [[*row[:4], _effect(row[0], recorded)] for row in rows]
    text = (
        "Effect: PSNR in dB against ground truth, the alternative less what was decided, over the pairs that choose, "
        "with its 95 % interval; for decisions within the network by small networks trained alike. Of D11: PSNR "
        "itself, over the pairs that test."
    )
    if "ablation" not in recorded:
        text = "The effects of other decisions are not recorded yet."
    header = ["id", "the paper", "decided", "kept as", "measured effect"]
    return Table("Where the paper is silent or unclear", text, header, found)


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("`", "") for cell in line.strip("|\n ").split("|")]


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
