"""Every number of the method, in the order of the paper, each with its place there and in Liu's MATLAB workflow.

The depth of the pyramid (D2) belongs to the network, whose weights depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["BEST", "PAPER", "PRESETS", "FusionParameters"]


@dataclass(frozen=True)
class FusionParameters:
    """Parameters of the steps after the network; the defaults are the paper's."""

    pool_window: int = 1  # sec. 3.1.2, eq. 1, pixels (D5) ; not in Liu
    pool_p: float = 0.5  # sec. 3.1.2, eq. 1-2, retention probability (D4, D6) ; not in Liu
    pool_side: Literal["a", "b"] = "a"  # sec. 3.1.2, which source pooling favours (D1, D5) ; not in Liu
    focus_threshold: float = 0.5  # sec. 3.1.2, strict ">" ; "initial segmentation"
    small_region_ratio: float = 0.01  # sec. 3.1.3, of H W (D8) ; "consistency verification", ceil(0.01 H W)
    small_region_area: int | None = None  # sec. 3.1.3, pixels, in place of the ratio; 0 switches it off
    guide_radius: int = 8  # sec. 3.1.3, pixels ; third argument of guidedfilter
    guide_eps: float = 0.1  # sec. 3.1.3, squared gray level ; fourth argument of guidedfilter

    def __post_init__(self) -> None:
        if self.small_region_area is not None and self.small_region_area < 0:
            raise ValueError(f"small_region_area is {self.small_region_area}, but an area is 0 or more pixels")
        if not 0 <= self.small_region_ratio <= 1:
            raise ValueError(f"small_region_ratio is {self.small_region_ratio}, but a share lies in [0, 1]")
        if not 0 <= self.focus_threshold <= 1:
            raise ValueError(f"focus_threshold is {self.focus_threshold}, but scores lie in [0, 1]")


PAPER = FusionParameters()
# A tighter window and a smoother map follow boundaries better than the paper's 8 and 0.1; see the CHANGELOG.
BEST = FusionParameters(guide_radius=5, guide_eps=0.3)
PRESETS = {"paper": PAPER, "best": BEST}
