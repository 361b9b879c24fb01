"""The one table of steps: what each takes and gives, its place in the paper, its MATLAB, and its words to a reader.

Everything that lists the steps reads it: figures, explorer, documentation, the map of the paper, files of steps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from reference import steps


class StepText(NamedTuple):
    """What one of the paper's nine steps says to a reader.

    formula     LaTeX, without delimiters, one formula a line
    matlab      what one would type there
    parameters  option of `parfocal fuse` without dashes: what more of it does
    """

    number: int
    title: str
    sentence: str
    formula: str
    matlab: str
    parameters: dict[str, str]


@dataclass(frozen=True)
class Step:
    """One row of the table.

    number   of the step in the paper's order; two halves share a number
    inputs   names of steps or sources whose values it takes; a step marked "each" runs for A and B, and its values are
             called name_a and name_b (levels of a pyramid name_a_0, name_a_1, ...)
    kind     "exact": equal digits can be promised; "rounded": last digits depend on the machine; "single": network
    range    of the values
    paper    sections, equations and figures; `place` is the one that the docstring names
    test     that holds it, in tests/
    panel    title of its picture; `short` where there is less room
    """

    function: Callable[..., Any]
    number: int
    inputs: tuple[str, ...]
    each: bool
    dtype: str
    kind: str
    range: str
    paper: str
    place: str
    matlab: str
    test: str
    panel: str
    short: str

    @property
    def name(self) -> str:
        """Of the step, its function, and its value in `Fusion.steps`."""
        return self.function.__name__

    @property
    def values(self) -> dict[str, str]:
        """The names of its values, and the titles of their pictures."""
        if not self.each:
            return {self.name: self.panel}
        return {f"{self.name}_{side}": f"{self.panel} of {side.upper()}" for side in "ab"}


TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))
STEPS = tuple(
    Step(getattr(steps, name), **{**row, "inputs": tuple(row["inputs"])}) for name, row in TEXTS["step"].items()
)
STEP_TEXTS = tuple(StepText(**text) for text in TEXTS["paper"].values())


def _own_texts(method: str) -> dict[int, StepText | None]:
    texts = dict(TEXTS[method])
    own: dict[int, StepText | None] = dict.fromkeys(texts.pop("lacks"))
    return dict(sorted((own | {text["number"]: StepText(**text) for text in texts.values()}).items()))


# What other methods do otherwise than the paper's nine steps, for a reader, by number; steps that one lacks are None.
OWN_TEXTS = {method: _own_texts(method) for method in ("gfdf", "pixel")}
