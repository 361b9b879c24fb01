"""What a visitor has chosen: how to fuse, the parameters, and the command line that does the same."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from reference.fusing import GFDF, ByGfdf, ByNetwork, Fusing
from reference.network import AUTHORS, NETWORK_NAMES
from reference.network.loading import load_network
from reference.network.scoring import ScoringNetwork
from reference.parameters import BEST, PAPER, FusionParameters

__all__ = ["METHODS", "Choice", "default"]

METHODS = (*(name for name in NETWORK_NAMES if name != AUTHORS), "gfdf")


@dataclass(frozen=True)
class Choice:
    """The method and every slider; eps as its exponent of ten."""

    method: str
    pool_window: int
    pool_p: float
    pool_side: Literal["a", "b"]
    area: int
    radius: int
    eps_exponent: float

    @property
    def eps(self) -> float:
        """One digit of it: 1, 0.3, 0.1, 0.03, ...

        >>> Choice("gfdf", 1, 0.5, "a", 0, 8, -0.5).eps
        0.3
        """
        return float(f"{10**self.eps_exponent:.1g}")

    def fusing(self) -> Fusing:
        """What fuses so."""
        if self.method == "gfdf":
            blend = FusionParameters(small_region_area=self.area, guide_radius=self.radius, guide_eps=self.eps)
            return ByGfdf(blend)
        parameters = FusionParameters(
            pool_window=self.pool_window,
            pool_p=self.pool_p,
            pool_side=self.pool_side,
            small_region_area=self.area,
            guide_radius=self.radius,
            guide_eps=self.eps,
        )
        return ByNetwork(_network(self.method), parameters)

    def command(self, sources: Sequence[str], output: str) -> str:
        """The command line that writes the same result; values that are the default are not named.

        >>> Choice("small", 1, 0.5, "a", 2704, 8, -1.0).command(["a.jpg", "b.jpg"], "fused.png")
        'parfocal fuse a.jpg b.jpg -o fused.png --network small --area 2704'
        """
        words = ["parfocal", "fuse", *(f"./{name}" if name.startswith("-") else name for name in sources), "-o", output]
        preset = GFDF if self.method == "gfdf" else PAPER
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
    """The parameters that a method begins with: the paper's, those chosen for ground truth, or GFDF's own.

    >>> default("enhanced", "paper", (520, 520)).area
    2704
    """
    parameters = GFDF if method == "gfdf" else BEST if preset == "best" else PAPER
    return Choice(
        method,
        parameters.pool_window,
        parameters.pool_p,
        parameters.pool_side,
        parameters.area(shape),
        parameters.guide_radius,
        round(2 * math.log10(parameters.guide_eps)) / 2,
    )


@cache
def _network(name: str) -> ScoringNetwork:
    """Loaded once, and for all visitors the same: what was scored is known by it."""
    return load_network(name)
