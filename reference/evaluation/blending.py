"""The pipeline in two parts: up to the map that decides, and from there on, which can be tried many times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reference.arrays import BinaryMap, Image
from reference.fusion import fusion
from reference.gray import gray
from reference.guide import guide
from reference.guided_filter import guided_filter
from reference.parameters import FusionParameters
from reference.pipeline import Fused, fuse
from reference.score_map import FocusNetwork

__all__ = ["Blend", "blend_of", "blended", "consistent_map"]


class Blend(NamedTuple):
    """Radius in pixels and eps of the guided filter that makes a decision map of a map; radius 0 leaves it hard."""

    radius: int
    eps: float


def blend_of(parameters: FusionParameters) -> Blend:
    """The guided filter of some parameters."""
    return Blend(parameters.guide_radius, parameters.guide_eps)


def consistent_map(image_a: Image, image_b: Image, parameters: FusionParameters, network: FocusNetwork) -> BinaryMap:
    """Steps 1 to 7 of the pipeline: the map after consistency verification."""
    values: dict[str, np.ndarray] = {}
    fuse(image_a, image_b, parameters, network, trace=values.__setitem__)
    return values["consistency"]


def blended(image_a: Image, image_b: Image, consistent: BinaryMap, blend: Blend) -> Fused:
    """Steps 8 and 9 of the pipeline: guide, guided filter, fusion; with radius 0 fusion alone.

    >>> fused = blended(np.ones((4, 4)), np.zeros((4, 4)), np.eye(4) > 0, Blend(0, 0.1))
    >>> bool(np.array_equal(fused.image, np.eye(4)))
    True
    """
    if blend.radius == 0:
        decision_map = consistent.astype(np.float64)
    else:
        first_fused = guide(gray(image_a), gray(image_b), consistent)
        decision_map = guided_filter(first_fused, consistent, blend.radius, blend.eps)
    return Fused(fusion(image_a, image_b, decision_map), decision_map)
