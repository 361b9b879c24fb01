"""A method as the user chooses it: plain values, which can be sent to other processes and are loaded there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reference.errors import WrongUsage
from reference.files import sha256_of
from reference.network.loading import load_engine, load_network, weights_path
from reference.parameters import PRESETS, FusionParameters

if TYPE_CHECKING:
    from reference.methods.base import FusionMethod
    from reference.network.scoring import ScoringNetwork

METHODS = ("network", "gfdf", "pixel")
# The settings that replace a parameter of the preset, and that parameter.
OVERRIDES = {
    "area": "small_region_area", "radius": "guide_radius", "eps": "guide_eps",
    "pool_window": "pool_window", "pool_p": "pool_p", "pool_side": "pool_side",
}  # fmt: skip
# The settings that a method does not have, and those it has.
LACKS = {
    "network": ((), ""),
    "gfdf": (("network", "parameters", "pool_window", "pool_p", "pool_side", "weights"), "--area, --radius and --eps"),
    "pixel": (("network", "parameters", *OVERRIDES), "--weights and --device"),
}


@dataclass(frozen=True)
class MethodSettings:
    """A method, its network and its parameters; None leaves a parameter to the preset."""

    method: Literal["network", "gfdf", "pixel"] = "network"
    network: str | None = None  # None for enhanced
    weights: Path | None = None
    data: Path | None = None
    parameters: str | None = None  # the preset: paper (the default), or tuned
    area: int | None = None
    radius: int | None = None
    eps: float | None = None
    pool_window: int | None = None
    pool_p: float | None = None
    pool_side: Literal["a", "b"] | None = None
    deterministic: bool = False  # one thread of the CPU, oneDNN off, pixels as stored
    device: str = "auto"  # where a network computes: see `network.DEVICES`

    def load(self) -> FusionMethod:
        """The method, ready to fuse; WrongUsage for a setting that the method does not have."""
        from reference.methods.base import GfdfMethod, NetworkMethod

        lacks, takes = LACKS[self.method]
        for name in lacks:
            if getattr(self, name) is not None:
                raise WrongUsage(f"--method {self.method} has no --{name.replace('_', '-')}: it takes {takes}")
        if self.method == "gfdf":
            return GfdfMethod(self.chosen())
        if self.method == "pixel":
            from reference.methods.pixel import PixelMethod

            return PixelMethod(load_engine(self.weights, self.deterministic, self.device))
        name = self.network or "enhanced"
        path = self.weights or weights_path(name, self.data)
        network = _load(name, path, sha256_of(path), self.deterministic, self.device)
        return NetworkMethod(network, self.chosen())

    def chosen(self) -> FusionParameters:
        """The parameters of the method: its preset, with those that are set here in place of its own.

        >>> MethodSettings(radius=3).chosen().guide_radius
        3
        """
        from reference.methods.gfdf import GFDF

        preset = GFDF if self.method == "gfdf" else PRESETS[self.parameters or "paper"]
        given = {parameter: getattr(self, setting) for setting, parameter in OVERRIDES.items()}
        return replace(preset, **{parameter: value for parameter, value in given.items() if value is not None})


@lru_cache(maxsize=2)
def _load(name: str, weights: Path, sha256: str, deterministic: bool, device: str) -> ScoringNetwork:
    """The network, loaded once in each process, and again where the file has changed."""
    return load_network(name, weights, deterministic=deterministic, device=device)
