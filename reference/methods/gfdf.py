"""GFDF: guided filtering of the focus measure and of the decision map (Qiu et al. 2019)."""

from __future__ import annotations

import math

import numpy as np

from matlab_compat import fspecial, guidedfilter, imfilter
from reference.pipeline import AT_ONCE, Doing, Fused, Stepping, Trace, at_once, no_trace
from reference.steps import consistency, fusion, gray, guide, guided_filter
from reference.steps.arrays import BinaryMap, Gray, Image, Map
from reference.steps.checks import check_pair

__all__ = ["decide", "focus_measure", "gfdf", "gfdf_segmentation", "segment"]

WINDOW = 7  # pixels, of the mean
GUIDED = (5, 0.3)  # radius in pixels and eps of both guided filters
SHARE = 0.01  # of the image: regions smaller than that are dropped


def gfdf(
    image_a: Image,
    image_b: Image,
    focus: tuple[int, float] = GUIDED,
    blend: tuple[int, float] = GUIDED,
    share: float = SHARE,
    area: int | None = None,
    trace: Trace = no_trace,
    do: Doing = at_once,
) -> Fused:
    """Fuse by the distance from a local mean, made consistent by guided filters.

    f_n = guided(gray_n; |gray_n - mean7(gray_n)|),  M = f_A > f_B without small regions,
    D = guided(M gray_A + (1 - M) gray_B; M),  F = D A + (1 - D) B      (Qiu, Li, Zhang, Yuan 2019, sections 3.1 to 3.3)

    image_a, image_b  (H, W) or (H, W, 3) in [0, 1]
    focus, blend      radius in pixels and eps of the guided filters of the focus measure and of the map M
    share, area       regions smaller than that share of the image, or than so many pixels if given, are dropped
    trace, do         as in `reference.pipeline.fuse`; names as there, with focus_measure_a and _b for f
    returns           fused image, before the cast, and decision map
    raises            ValueError for shapes that differ or values outside [0, 1]

    MATLAB: the authors' GFDF: rgb2gray, imfilter(..., 'replicate'), guidedfilter, bwareaopen, uint8
    Parity: after im2uint8, 14 of 15 published results bit-exact, the other off by 1 in 29 values (V): ties in flat
    areas, decided at 1e-17.

    >>> sharp, flat = np.indices((32, 32)).sum(axis=0) % 2 * 1.0, np.full((32, 32), 0.5)
    >>> bool(np.allclose(gfdf(sharp, flat).image, sharp))
    True
    """
    check_pair(image_a, image_b)
    step = Stepping(trace, do)
    gray_a, gray_b = step("gray_a", gray, image_a), step("gray_b", gray, image_b)
    smallest = math.ceil(share * gray_a.size) if area is None else area
    consistent = decide(gray_a, gray_b, smallest, focus, step)
    first_fused = step("guide", guide, gray_a, gray_b, consistent)
    decision_map = step("guided_filter", guided_filter, first_fused, consistent, *blend)
    return Fused(step("fusion", fusion, image_a, image_b, decision_map), decision_map)


def decide(
    gray_a: Gray, gray_b: Gray, area: int, focus: tuple[int, float] = GUIDED, step: Stepping = AT_ONCE
) -> BinaryMap:
    """The map M of `gfdf`, from the gray images; regions smaller than `area` pixels are dropped.

    gray_a, gray_b  (H, W) in [0, 1]
    returns         (H, W) bool, true where A is in focus
    """
    return step("consistency", consistency, segment(gray_a, gray_b, focus, step), area)


def segment(gray_a: Gray, gray_b: Gray, focus: tuple[int, float] = GUIDED, step: Stepping = AT_ONCE) -> BinaryMap:
    """The map f_A > f_B of `gfdf`, small regions included: true where A is in focus."""
    focus_a = step("focus_measure_a", focus_measure, gray_a, *focus)
    focus_b = step("focus_measure_b", focus_measure, gray_b, *focus)
    return step("segmentation", np.greater, focus_a, focus_b)


def gfdf_segmentation(image_a: Image, image_b: Image, focus: tuple[int, float] = GUIDED) -> BinaryMap:
    """The map f_A > f_B of `gfdf`, small regions included: true where A is in focus."""
    check_pair(image_a, image_b)
    return segment(gray(image_a), gray(image_b), focus)


def focus_measure(gray: Gray, radius: int, eps: float) -> Map:
    """How far each pixel is from the mean of its window, made consistent: f of `gfdf`; the border is replicated."""
    mean: Gray = imfilter(gray, fspecial("average", WINDOW), "replicate")
    measure: Map = guidedfilter(gray, np.abs(gray - mean), radius, eps)
    return measure
