"""What fuses a pair, with its parameters: the paper's pipeline with a network, or GFDF, which needs none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from reference.methods.gfdf import GFDF, GUIDED, WINDOW, gfdf
from reference.methods.gfdf import segment as segment_by_gfdf
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import Fusion, fuse, segment
from reference.steps import consistency
from reference.steps.arrays import PATCH, BinaryMap, Gray, Image

if TYPE_CHECKING:  # with torch, which GFDF does not wait for
    from reference.network.scoring import ScoringNetwork

__all__ = ["GFDF", "FusionMethod", "GfdfMethod", "NetworkMethod", "network_record"]


class FusionMethod(ABC):
    """Fuses two images, and says of itself what a manifest, tiles, and an estimate of memory need.

    reach   pixels around one that its segmentation depends on
    grid    pixels: the segmentation of a part is that of the whole if the part begins on a multiple of it
    memory  bytes a pixel that segmentation takes (measured: docs/real_photographs.md)
    loaded  bytes of what must be loaded first: torch and weights, or nothing
    """

    parameters: FusionParameters
    grid: int
    memory: int
    loaded: ClassVar[float]

    @abstractmethod
    def __call__(self, image_a: Image, image_b: Image) -> Fusion:
        """Fuse two images."""

    @abstractmethod
    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """Steps 2 to 6: true where A is taken to be in focus."""

    def with_progress(self, progress: Callable[[int, int], None]) -> FusionMethod:
        """The same method, which tells how many parts of how many it has done, where that takes long."""
        return self

    @property
    @abstractmethod
    def reach(self) -> int: ...

    @abstractmethod
    def record(self) -> dict[str, Any]:
        """By what it fuses, for a manifest."""

    def decide(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """Steps 2 to 7: the cleaned map."""
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
    def reach(self) -> int:
        """Pixels: of the network, of the patches over a pixel, of their pooling."""
        return self.network.reach + PATCH - 1 + self.parameters.pool_window // 2

    @property
    def grid(self) -> int:  # type: ignore[override]
        """Pixels: from the scores that share one of the coarsest level to the next."""
        return int(2**self.network.levels)

    @property
    def memory(self) -> int:  # type: ignore[override]
        return {"enhanced": 450, "small": 290}.get(self.network.file.name, 1200)

    def record(self) -> dict[str, Any]:
        return {
            "network": network_record(self.network),
            "arithmetic": _arithmetic(self.network.deterministic),
            "parameters": asdict(self.parameters),
        }


@dataclass(frozen=True)
class GfdfMethod(FusionMethod):
    """GFDF; of the parameters, area, radius and eps of the last steps."""

    parameters: FusionParameters = GFDF
    grid = 1
    memory = 160
    loaded = 0.0

    def __call__(self, image_a: Image, image_b: Image) -> Fusion:
        return gfdf(image_a, image_b, self.parameters)

    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        return segment_by_gfdf(gray_a, gray_b)

    @property
    def reach(self) -> int:
        """Pixels: of the mean, and of the guided filter's two."""
        return WINDOW // 2 + 2 * GUIDED[0]

    def record(self) -> dict[str, Any]:
        used = ("small_region_ratio", "small_region_area", "guide_radius", "guide_eps")
        parameters = {name: getattr(self.parameters, name) for name in used}
        return {"method": "gfdf", "arithmetic": {"mode": "double"}, "parameters": parameters}


def network_record(network: ScoringNetwork) -> dict[str, Any]:
    """The network and its weights, for a manifest."""
    file = network.file
    return {"name": file.name, "weights": file.path.name, "sha256": file.sha256}


def _arithmetic(deterministic: bool) -> dict[str, Any]:
    """How the network computed."""
    import torch

    return {
        "mode": "reference" if deterministic else "fast",
        "threads": 1 if deterministic else torch.get_num_threads(),
        "onednn": not deterministic and torch.backends.mkldnn.is_available(),  # type: ignore[no-untyped-call]
    }
