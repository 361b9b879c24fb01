"""The visitor's choice of method and parameters, the ranges of the sliders, and the equivalent command line."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from reference.errors import BadInput
from reference.methods.gfdf import GFDF
from reference.network import AUTHORS, NETWORK_NAMES
from reference.parameters import PAPER, TUNED, FusionParameters

# The quickest network first.
METHODS = ("small", *(name for name in NETWORK_NAMES if name not in ("small", AUTHORS)), "gfdf", "pixel")


@dataclass(frozen=True)
class Choice:
    """The method and the value of every slider; eps by its power of ten."""

    method: str
    pool_window: int
    pool_p: float
    pool_side: Literal["a", "b"]
    area: int
    radius: int
    eps_exponent: float

    @property
    def options(self) -> tuple[str, ...]:
        """The parameters that the method uses, as options of `parfocal fuse`."""
        blending = ("area", "radius", "eps")
        return {"gfdf": blending, "pixel": ()}.get(self.method, ("pool-window", "pool-p", "pool-side", *blending))

    @property
    def eps(self) -> float:
        """The value of eps to one digit: 1, 0.3, 0.1, 0.03, ...

        >>> Choice("gfdf", 1, 0.5, "a", 0, 8, -0.5).eps
        0.3
        """
        return float(f"{10**self.eps_exponent:.1g}")

    @property
    def parameters(self) -> FusionParameters:
        """The parameters of the steps after the network; for GFDF without pooling."""
        blend = FusionParameters(small_region_area=self.area, guide_radius=self.radius, guide_eps=self.eps)
        if self.method == "gfdf":
            return blend
        return replace(blend, pool_window=self.pool_window, pool_p=self.pool_p, pool_side=self.pool_side)

    def command(self, sources: Sequence[str], output: str) -> str:
        """The command line that writes the same result, without default values.

        >>> Choice("small", 1, 0.5, "a", 2704, 8, -1.0).command(["a.jpg", "b.jpg"], "fused.png")
        'parfocal fuse a.jpg b.jpg -o fused.png --network small --area 2704'
        """
        words = ["parfocal", "fuse", *(f"./{name}" if name.startswith("-") else name for name in sources), "-o", output]
        preset = GFDF if self.method == "gfdf" else PAPER
        if self.method == "pixel":
            return shlex.join([*words, "--method", "pixel"])
        if self.method == "gfdf":
            words += ["--method", "gfdf"]
        else:
            words += ["--network", self.method]
            if self.pool_window != preset.pool_window:
                words += ["--pool-window", f"{self.pool_window}", "--pool-p", f"{self.pool_p!r}"]
                words += ["--pool-side", self.pool_side]
        words += ["--area", f"{self.area}"]
        words += ["--radius", f"{self.radius}"] if self.radius != preset.guide_radius else []
        words += ["--eps", f"{self.eps:g}"] if self.eps != preset.guide_eps else []
        return shlex.join(words)


def default(method: str, preset: str, shape: tuple[int, ...]) -> Choice:
    """The initial parameters of a method: the paper's, those tuned for ground truth, or GFDF's own.

    >>> default("enhanced", "paper", (520, 520)).area
    2704
    """
    p = {"gfdf": GFDF, "pixel": PAPER}.get(method, TUNED if preset == "tuned" else PAPER)
    exponent = round(2 * math.log10(p.guide_eps)) / 2
    return Choice(method, p.pool_window, p.pool_p, p.pool_side, p.area(shape), p.guide_radius, exponent)


def slider_ranges(shape: tuple[int, ...]) -> dict[str, tuple[float, float, float]]:
    """The least and the greatest value of each slider, and its increment, by its option of `parfocal fuse`.

    >>> slider_ranges((520, 520))["area"]
    (0, 13520, 1)
    """
    return {
        "pool-window": (1, 65, 2),
        "pool-p": (0, 1, 0.05),
        "area": (0, shape[0] * shape[1] // 20, 1),
        "radius": (0, 60, 1),
        "eps": (-6, 0, 0.5),
    }


def checked_choice(method: str, values: Mapping[str, Any], shape: tuple[int, ...]) -> Choice:
    """The choice with these values; BadInput for a value outside the range of its slider.

    >>> values = {"pool-window": 1, "pool-p": 1, "area": 9, "radius": 99, "eps": -1, "pool-side": "a"}
    >>> checked_choice("gfdf", values, (99, 99))
    Traceback (most recent call last):
        ...
    reference.errors.BadInput: radius is 99, but it goes from 0 to 60 here
    """
    for option, (low, high, step) in slider_ranges(shape).items():
        value = values[option]
        if not isinstance(value, (int, float)):  # an empty box is None
            raise BadInput(f"{option} has no value")
        if not low <= value <= high:
            raise BadInput(f"{option} is {value:g}, but it goes from {low:g} to {high:g} here")
        if isinstance(step, int) and value != int(value):
            raise BadInput(f"{option} is {value:g}, but it is a whole number")
    window, area, radius = (int(values[option]) for option in ("pool-window", "area", "radius"))
    return Choice(method, window, float(values["pool-p"]), values["pool-side"], area, radius, float(values["eps"]))
