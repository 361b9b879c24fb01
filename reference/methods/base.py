"""What fuses a pair: the pipeline with a network, or GFDF, whose focus measure needs none; with its parameters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from reference.methods.gfdf import GUIDED, SHARE, WINDOW, gfdf
from reference.methods.gfdf import decide as decide_by_gfdf
from reference.methods.gfdf import segment as segment_by_gfdf
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import Doing, Fused, Trace, at_once, decide, fuse, no_trace, segment
from reference.steps.arrays import PATCH, BinaryMap, Gray, Image

if TYPE_CHECKING:  # with torch, which GFDF does not wait for
    from reference.network.scoring import ScoringNetwork

__all__ = ["GFDF", "ByGfdf", "ByNetwork", "Fusing", "network_record", "run_record"]

# As its authors have it (Qiu et al. 2019); GFDF has no other parameters of the steps.
GFDF = FusionParameters(small_region_ratio=SHARE, guide_radius=GUIDED[0], guide_eps=GUIDED[1])


class Fusing(Protocol):
    """Fuses two images, and says for a manifest by what.

    decide   the cleaned map of two gray images, true where A is in focus
    segment  the same before it is cleaned: a pixel of it depends on no pixel of the images further away than `reach`,
             and is the same in a part of them that begins on a multiple of `grid`
    """

    def __call__(self, image_a: Image, image_b: Image, trace: Trace = ..., do: Doing = ...) -> Fused: ...

    def decide(self, gray_a: Gray, gray_b: Gray) -> BinaryMap: ...

    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap: ...

    @property
    def reach(self) -> int: ...

    @property
    def grid(self) -> int: ...

    @property
    def parameters(self) -> FusionParameters: ...

    def record(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class ByNetwork:
    """The paper's steps, with a network that scores focus."""

    network: ScoringNetwork
    parameters: FusionParameters = PAPER

    def __call__(self, image_a: Image, image_b: Image, trace: Trace = no_trace, do: Doing = at_once) -> Fused:
        return fuse(image_a, image_b, self.parameters, self.network, trace, do)

    def decide(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """Steps 2 to 7."""
        return decide(gray_a, gray_b, self.parameters, self.network)

    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """Steps 2 to 6."""
        return segment(gray_a, gray_b, self.parameters, self.network)

    @property
    def reach(self) -> int:
        """Pixels: of the network, of the patches over a pixel, of their pooling."""
        return self.network.reach + PATCH - 1 + self.parameters.pool_window // 2

    @property
    def grid(self) -> int:
        """Pixels: from the scores that share one of the coarsest level to the next."""
        return int(2**self.network.levels)

    def record(self) -> dict[str, Any]:
        return {"network": network_record(self.network), **run_record(self.network.reference, self.parameters)}


@dataclass(frozen=True)
class ByGfdf:
    """GFDF; of the parameters, area, radius and eps of the last steps."""

    parameters: FusionParameters = GFDF

    def __call__(self, image_a: Image, image_b: Image, trace: Trace = no_trace, do: Doing = at_once) -> Fused:
        blend = self.parameters.guide_radius, self.parameters.guide_eps
        area = self.parameters.area(image_a.shape)
        return gfdf(image_a, image_b, blend=blend, area=area, trace=trace, do=do)

    def decide(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """The map M of `methods.gfdf`."""
        return decide_by_gfdf(gray_a, gray_b, self.parameters.area(gray_a.shape))

    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """The same with its small regions."""
        return segment_by_gfdf(gray_a, gray_b)

    @property
    def reach(self) -> int:
        """Pixels: of the mean, and of the guided filter's two."""
        return WINDOW // 2 + 2 * GUIDED[0]

    grid = 1

    def record(self) -> dict[str, Any]:
        used = ("small_region_ratio", "small_region_area", "guide_radius", "guide_eps")
        parameters = {name: getattr(self.parameters, name) for name in used}
        return {"method": "gfdf", "arithmetic": {"mode": "double"}, "parameters": parameters}


def network_record(network: ScoringNetwork) -> dict[str, Any]:
    """The network and its weights."""
    file = network.file
    return {"name": file.name, "weights": file.path.name, "sha256": file.sha256}


def run_record(reference: bool, parameters: FusionParameters) -> dict[str, Any]:
    """How the network computed, and every parameter of the steps."""
    import torch

    mode = "reference" if reference else "fast"
    threads = 1 if reference else torch.get_num_threads()
    return {
        "arithmetic": {
            "mode": mode,
            "threads": threads,
            "onednn": not reference and torch.backends.mkldnn.is_available(),  # type: ignore[no-untyped-call]
        },
        "parameters": asdict(parameters),
    }
