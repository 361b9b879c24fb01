"""Every step of a run as files, and a progress bar over them."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from reference.files import replacing
from reference.images.files import write_image
from reference.pipeline import Trace, no_trace
from reference.steps.arrays import Image
from reference.steps.table import STEPS

__all__ = ["StepFiles", "StepProgress", "step_file", "step_number", "step_picture"]

OTHER_STEPS = {"focus_measure": 4}  # of other methods, at the place of the paper's
BRIGHTER = {"focus_measure": 5.0}  # distances from a local mean hardly reach 0.2


class StepFiles:
    """A trace that writes each step to a folder as NN_name.npy and NN_name.png, NN being the paper's step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, value: NDArray[np.generic]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)  # only now: sources that are refused leave no folder behind
        with replacing(self.folder / f"{step_file(name)}.npy") as temporary:
            np.save(temporary, value)
        write_image(self.folder / f"{step_file(name)}.png", step_picture(name, value))


def step_file(name: str) -> str:
    """What the files of a traced value are called.

    >>> step_file("pyramid_a_1")
    '02_pyramid_a_1'
    """
    return f"{step_number(name):02d}_{name}"


def step_number(name: str) -> int:
    """The paper's number of a traced value: "pyramid_a_1" belongs to step 2; KeyError for what is no step.

    >>> step_number("pyramid_a_1"), step_number("guide")
    (2, 8)
    """
    numbers = {step.name: step.number for step in STEPS} | OTHER_STEPS
    return numbers.get(name) or numbers[_without_source(name)]


def step_picture(name: str, value: NDArray[np.generic]) -> Image:
    """A traced value as an image in [0, 1]."""
    return np.clip(value.astype(np.float64) * BRIGHTER.get(_without_source(name), 1.0), 0.0, 1.0)


def _without_source(name: str) -> str:
    return re.sub(r"_[ab](_\d+)?$", "", name)


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
