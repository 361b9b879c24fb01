"""Every step of a run as files: the values as .npy, and a picture of them as .png."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reference.arrays import Image
from reference.files import replacing
from reference.image_io import write_image
from reference.steps import STEPS

__all__ = ["StepFiles", "step_file", "step_number", "step_picture"]

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
