"""The numbers of the steps after the network, in the paper's order, each with its place there and in Liu's MATLAB.

Patch size and distance stand in `steps.arrays`; the depth of the pyramid (D2) and the widths in `network.enhanced`,
since the weights depend on them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from reference.steps.checks import check_window


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
        check_window("pool_window", self.pool_window)
        for name in ("pool_p", "focus_threshold", "small_region_ratio"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}, but it lies in [0, 1]")
        if self.pool_side not in ("a", "b"):
            raise ValueError(f"pool_side is {self.pool_side!r}, but the map of 'a' or of 'b' can be pooled")
        if self.small_region_area is not None and self.small_region_area < 0:
            raise ValueError(f"small_region_area is {self.small_region_area}, but an area is 0 or more pixels")
        if self.guide_radius < 0 or not self.guide_eps > 0:
            raise ValueError(
                f"guide_radius is {self.guide_radius} and guide_eps is {self.guide_eps}, but they must be at least 0 "
                "and above 0"
            )

    def area(self, shape: tuple[int, ...]) -> int:
        """The area below which a region is small: ceil(0.01 H W) pixels (sec. 3.1.3, D8), or the one set.

        >>> PAPER.area((520, 520))
        2704
        """
        if self.small_region_area is not None:
            return self.small_region_area
        return math.ceil(self.small_region_ratio * shape[0] * shape[1])


PAPER = FusionParameters()  # the numbers of the paper, and of Liu where it has none
# Not the paper's: what `reference.experiments.choose` gave for the enhanced network and ground truth, on the pairs kept
# for choosing (docs/networks.md): no region is dropped, and the filter only softens the edge.
TUNED = FusionParameters(small_region_ratio=0.0, guide_radius=1, guide_eps=0.01)
PRESETS = {"paper": PAPER, "tuned": TUNED, "best": TUNED}  # best: as it was called in 0.1.0
