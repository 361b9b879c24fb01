"""Every step of a run as files: the values as .npy, and a picture of them as .png."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reference.files import replacing
from reference.image_io import write_image
from reference.steps import STEPS

__all__ = ["StepFiles", "step_number"]


class StepFiles:
    """A trace that writes each step to a folder as NN_name.npy and NN_name.png, NN being the paper's step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, value: NDArray[np.generic]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)  # only now: sources that are refused leave no folder behind
        stem = f"{step_number(name):02d}_{name}"
        with replacing(self.folder / f"{stem}.npy") as temporary:
            np.save(temporary, value)
        write_image(self.folder / f"{stem}.png", np.clip(value.astype(np.float64), 0.0, 1.0))


def step_number(name: str) -> int:
    """The paper's number of a traced value: "pyramid_a_1" belongs to step 2.

    >>> step_number("pyramid_a_1"), step_number("guide")
    (2, 8)
    """
    return next(step.number for step in STEPS if name == step.name or (step.each and name.startswith(f"{step.name}_")))
