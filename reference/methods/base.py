"""Methods that fuse a pair, with their parameters: the paper's pipeline with a network, or GFDF without one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from reference.methods.gfdf import GFDF, GUIDED, WINDOW, gfdf
from reference.methods.gfdf import segment as segment_by_gfdf
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import Fusion, fuse, segment
from reference.steps import consistency
from reference.steps.arrays import PATCH, BinaryMap, Gray, Image, Map

if TYPE_CHECKING:  # imports PyTorch, which GFDF does not need
    from reference.network.scoring import ScoringNetwork

ERROR = "expected_error"  # a step of methods that know it: the root of the squared error that is left


class FusionMethod(ABC):
    """Fuses two images, and describes itself for manifests, tiles and estimates of memory."""

    parameters: FusionParameters
    reach: int  # pixels up to which the segmentation depends on its neighbourhood
    grid: int  # pixels: a part that begins on a multiple of it has the segmentation of the whole image
    memory: int  # bytes per pixel for segmentation (measured: docs/real_photographs.md)
    loaded: ClassVar[float]  # bytes of the libraries and weights that must be loaded first
    local: ClassVar[bool] = False  # whether no step needs the map of the whole image

    @abstractmethod
    def __call__(self, image_a: Image, image_b: Image) -> Fusion:
        """Fuse two images."""

    @abstractmethod
    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """Steps 2 to 6: true where A is taken to be in focus."""

    def with_progress(self, progress: Callable[[int, int], None]) -> FusionMethod:
        """The same method, reporting its progress where it takes long."""
        return self

    @abstractmethod
    def record(self) -> dict[str, Any]:
        """The method and its parameters, for a manifest."""

    def decide(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """Steps 2 to 7: the map after consistency verification."""
        return consistency(self.segment(gray_a, gray_b), self.parameters.area(gray_a.shape))


@dataclass(frozen=True)
class NetworkMethod(FusionMethod):
    """The paper's steps, with a network that scores focus."""

    network: ScoringNetwork
    parameters: FusionParameters = PAPER
    loaded = 190e6

    def __call__(self, image_a: Image, image_b: Image) -> Fusion:
        return fuse(image_a, image_b, self.network, self.parameters)

    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        return segment(gray_a, gray_b, self.network, self.parameters)

    def with_progress(self, progress: Callable[[int, int], None]) -> NetworkMethod:
        return replace(self, network=self.network.with_progress(progress))

    @property
    def reach(self) -> int:  # type: ignore[override]
        """Pixels: reach of the network, of the patches over a pixel, and of their pooling."""
        return self.network.reach + PATCH - 1 + self.parameters.pool_window // 2

    @property
    def grid(self) -> int:  # type: ignore[override]
        """Pixels between groups of scores that share features of the coarsest level."""
        return int(2**self.network.levels)

    @property
    def memory(self) -> int:  # type: ignore[override]
        return self.network.module.memory

    def record(self) -> dict[str, Any]:
        return {
            "network": self.network.file.record(),
            "arithmetic": self.network.arithmetic_record(),
            "parameters": asdict(self.parameters),
        }


@dataclass(frozen=True)
class GfdfMethod(FusionMethod):
    """GFDF; of the parameters it uses area, radius and eps of the last steps."""

    parameters: FusionParameters = GFDF
    reach = WINDOW // 2 + 2 * GUIDED[0]  # pixels: of the mean, and of the two means of the guided filter
    grid = 1
    memory = 160
    loaded = 0.0

    def __call__(self, image_a: Image, image_b: Image) -> Fusion:
        return gfdf(image_a, image_b, self.parameters)

    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        return segment_by_gfdf(gray_a, gray_b)

    def record(self) -> dict[str, Any]:
        used = ("small_region_ratio", "small_region_area", "guide_radius", "guide_eps")
        parameters = {name: getattr(self.parameters, name) for name in used}
        return {"method": "gfdf", "arithmetic": {"mode": "double"}, "parameters": parameters}


def confidence(error: Map) -> Map:
    """The expected error as a picture in [0, 1]: 1 less ten times the error.

    >>> confidence(np.array([0.0, 0.03, 0.2])).tolist()
    [1.0, 0.7, 0.0]
    """
    return np.clip(1 - 10 * error, 0.0, 1.0)
