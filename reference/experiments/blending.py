"""The pipeline in two parts: the decision for every pixel, and the steps after it, repeated with many parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from reference.parameters import PAPER, FusionParameters
from reference.pipeline import Fusion, fuse_by_map, segment
from reference.steps import FocusNetwork, consistency, fusion, gray
from reference.steps.arrays import BinaryMap, Image

__all__ = ["Blend", "blend_of", "blended", "parameters_of", "segmented"]


class Blend(NamedTuple):
    """Parameters of steps 7 to 9.

    share   of the image; smaller regions are dropped
    radius  pixels, of the guided filter; 0 for no filter
    eps     squared gray level, of the guided filter
    """

    share: float = PAPER.small_region_ratio
    radius: int = PAPER.guide_radius
    eps: float = PAPER.guide_eps

    @property
    def name(self) -> str:
        """The blend in tables.

        >>> Blend().name, Blend(0.0, radius=0).name
        ('area 0.01, r 8, eps 0.1', 'area 0, no filter')
        """
        return f"area {self.share:g}, " + (f"r {self.radius}, eps {self.eps:g}" if self.radius else "no filter")


def parameters_of(blend: Blend) -> FusionParameters:
    """PAPER with the given blend."""
    return replace(PAPER, small_region_ratio=blend.share, guide_radius=blend.radius, guide_eps=blend.eps)


def blend_of(parameters: FusionParameters) -> Blend:
    """The blend of given parameters.

    >>> blend_of(PAPER)
    Blend(share=0.01, radius=8, eps=0.1)
    """
    return Blend(parameters.small_region_ratio, parameters.guide_radius, parameters.guide_eps)


def segmented(image_a: Image, image_b: Image, network: FocusNetwork) -> BinaryMap:
    """Steps 1 to 6 of the pipeline with PAPER's parameters: true where A is taken to be in focus."""
    return segment(gray(image_a), gray(image_b), network)


def blended(image_a: Image, image_b: Image, segmentation: BinaryMap, blend: Blend) -> Fusion:
    """Steps 7 to 9 of the pipeline, for radius 0 without the filter.

    >>> fused = blended(np.ones((4, 4)), np.zeros((4, 4)), np.eye(4) > 0, Blend(share=0, radius=0))
    >>> bool(np.array_equal(fused.image, np.eye(4)))
    True
    """
    parameters = parameters_of(blend)
    consistent = consistency(segmentation, parameters.area(segmentation.shape))
    if blend.radius:
        return fuse_by_map(image_a, image_b, consistent, parameters)
    return Fusion(fusion(image_a, image_b, consistent.astype(np.float64)), consistent.astype(np.float64))
