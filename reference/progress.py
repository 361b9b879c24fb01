"""A progress bar over the steps of one fusion, on stderr."""

from __future__ import annotations

from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from reference.step_files import step_number
from reference.stepping import Trace, no_trace
from reference.steps import STEPS

__all__ = ["StepProgress"]


class StepProgress:
    """A trace that moves a bar and names the step under way; it passes every value on to another trace.

    nested  the bar stands under another one, and is shown on a terminal only
    """

    def __init__(self, title: str, trace: Trace = no_trace, nested: bool = False) -> None:
        self.trace = trace
        self.bar = tqdm(total=STEPS[-1].number, desc=title, unit="step", leave=False, disable=None if nested else False)

    def __call__(self, name: str, value: NDArray[np.generic]) -> None:
        self.trace(name, value)
        self.bar.update(step_number(name) - self.bar.n)
        under_way = next((step.name for step in STEPS if step.number > self.bar.n), "done")
        self.bar.set_postfix_str(under_way)

    def tiles(self, done: int, of: int) -> None:
        """So many tiles of so many were worked on, in place of steps of the whole."""
        self.bar.total, self.bar.unit = of, "tile"
        self.bar.update(done - self.bar.n)

    def __enter__(self) -> StepProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.close()
