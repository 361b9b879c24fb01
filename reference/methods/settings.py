"""What fuses, as a user asks for it: plain values, which travel to other processes and are loaded there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reference.errors import WrongUsage
from reference.parameters import PRESETS, FusionParameters

if TYPE_CHECKING:
    from reference.methods.base import FusionMethod
    from reference.network.scoring import ScoringNetwork

__all__ = ["METHODS", "MethodSettings"]

METHODS = ("network", "gfdf")
OF_GFDF = ("area", "radius", "eps")
OF_NETWORKS = ("parameters", "pool_window", "pool_p", "pool_side", "weights")


@dataclass(frozen=True)
class MethodSettings:
    """A method, its network and its parameters; None leaves a parameter to the preset.

    parameters     name of the preset: paper (the default), or tuned
    deterministic  one thread, oneDNN off, pixels as stored
    """

    method: Literal["network", "gfdf"] = "network"
    network: str = "enhanced"
    weights: Path | None = None
    data: Path | None = None
    parameters: str | None = None
    area: int | None = None
    radius: int | None = None
    eps: float | None = None
    pool_window: int | None = None
    pool_p: float | None = None
    pool_side: Literal["a", "b"] | None = None
    deterministic: bool = False

    def load(self) -> FusionMethod:
        """The method, ready to fuse.

        raises  WrongUsage for what GFDF has no use for, BadInput or MissingExtra where the weights cannot be had
        """
        from reference.methods.base import GFDF, GfdfMethod, NetworkMethod

        if self.method == "gfdf":
            for name in OF_NETWORKS:
                if getattr(self, name) is not None:
                    option = name.replace("_", "-")
                    raise WrongUsage(f"--method gfdf has no --{option}: it takes --area, --radius and --eps")
            return GfdfMethod(self.with_overrides(GFDF))
        network = _load(self.network, self.weights, self.data, self.deterministic)
        return NetworkMethod(network, self.with_overrides(PRESETS[self.parameters or "paper"]))

    def with_overrides(self, preset: FusionParameters) -> FusionParameters:
        """The preset, with whatever was given explicitly in its place.

        >>> MethodSettings(radius=3).with_overrides(PRESETS["paper"]).guide_radius
        3
        """
        given = {
            "small_region_area": self.area, "guide_radius": self.radius, "guide_eps": self.eps,
            "pool_window": self.pool_window, "pool_p": self.pool_p, "pool_side": self.pool_side,
        }  # fmt: skip
        return replace(preset, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def _load(name: str, weights: Path | None, data: Path | None, deterministic: bool) -> ScoringNetwork:
    """Loaded once in each process."""
    from reference.network.loading import load_network

    return load_network(name, weights, data, deterministic)
