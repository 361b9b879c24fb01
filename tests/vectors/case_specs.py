"""Specifications of cases: inputs, the step or steps, outputs, and the bugs that the case reveals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.conformance.cases import Array
from tests.vectors.functions import STEPS


class Link(NamedTuple):
    """An output of a step, and the arrays that the step takes, in order."""

    name: str
    step: str
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """Several steps, each on outputs of earlier ones.

    name     of the case in its suite: natural/, full/ or micro/
    outputs  of the reference, in order
    bugs     names of mutants whose result on golden inputs differs
    """

    name: str
    purpose: str
    inputs: Mapping[str, Array]
    outputs: Mapping[Link, Array]
    parameters: Mapping[str, Any]
    suite: str = "natural"
    bugs: tuple[str, ...] = ()
    origin: str = "reference"


@dataclass(frozen=True)
class CaseSpec:
    """One step on inputs small enough to draw.

    name      of the case in micro/
    inputs    by name, in the order in which the step takes them
    bugs      names of mutants whose result differs
    expected  derived by hand; None for the result of the reference, which its own oracles check
    """

    name: str
    step: str
    purpose: str
    inputs: Mapping[str, Array]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    bugs: tuple[str, ...] = ()
    expected: Array | None = None

    suite = "micro"

    @property
    def origin(self) -> str:
        """Whether the output was derived by hand or computed by the reference."""
        return "reference" if self.expected is None else "analytic"

    @property
    def outputs(self) -> Mapping[Link, Array]:
        """The output, as expected."""
        output = self.output if self.expected is None else np.asarray(self.expected).astype(self.output.dtype)
        return {Link(self.step, self.step, tuple(self.inputs)): output}

    @property
    def output(self) -> Array:
        """The output of the reference."""
        return STEPS[self.step](list(self.inputs.values()), self.parameters)


def noise(rows: int, columns: int, seed: int, channels: int = 0) -> NDArray[np.uint8]:
    """Uniform noise in 8 bits."""
    shape = (rows, columns, channels) if channels else (rows, columns)
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def grays(rows: int, columns: int, seed: int) -> NDArray[np.float64]:
    """Uniform noise as doubles in [0, 1], multiples of 1/4096."""
    return np.random.default_rng(seed).integers(0, 4097, (rows, columns)) / 4096


def photograph(name: str, picture: str, rows: int, columns: int, top: int = 96, left: int = 128) -> NDArray[np.uint8]:
    """A crop of a picture (a, b, truth) of an embedded pair, in 8 bits."""
    from matlab_compat import im2uint8
    from reference.datasets.registry import data_root
    from reference.images.files import read_image

    pixels = read_image(data_root() / "samples" / name / f"{picture}.png").pixels
    return im2uint8(pixels)[top : top + rows, left : left + columns]
