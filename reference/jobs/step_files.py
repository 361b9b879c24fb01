"""Every step of a fusion as files: its values as .npy, and a picture as .png."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.files import atomic_write
from reference.images.files import write_image
from reference.steps.arrays import Image
from reference.steps.table import STEPS

OTHER_STEPS = {"focus_measure": 4}  # steps of other methods, numbered as the paper's step that they replace
BRIGHTER = {"focus_measure": 5.0, "expected_error": 10.0}  # factors for display: most values hardly reach 0.2


def write_steps(folder: Path, steps: Mapping[str, NDArray[Any]]) -> None:
    """Write the steps of a fusion to a folder as NN_name.npy and NN_name.png, NN being the paper's step."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in steps.items():
        with atomic_write(folder / f"{step_file(name)}.npy") as temporary:
            np.save(temporary, value)
        write_image(folder / f"{step_file(name)}.png", step_picture(name, value))


def step_file(name: str) -> str:
    """The name of a step's files, without suffix; what no step of the paper corresponds to has no number.

    >>> step_file("pyramid_a_1"), step_file("overlay")
    ('02_pyramid_a_1', 'overlay')
    """
    try:
        return f"{step_number(name):02d}_{name}"
    except KeyError:
        return name


def step_number(name: str) -> int:
    """The paper's number of the step to which an array belongs; KeyError for an unknown name.

    >>> step_number("pyramid_a_1"), step_number("guide")
    (2, 8)
    """
    numbers = {step.name: step.number for step in STEPS} | OTHER_STEPS
    return numbers.get(name) or numbers[_without_source(name)]


def step_picture(name: str, value: NDArray[Any]) -> Image:
    """A step's value as an image in [0, 1]."""
    return np.clip(value.astype(np.float64) * BRIGHTER.get(_without_source(name), 1.0), 0.0, 1.0)


def _without_source(name: str) -> str:
    return re.sub(r"_[ab](_\d+)?$", "", name)
