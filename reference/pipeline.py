"""How the steps of a method are done one after the other: who looks on, and who may do one in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, ParamSpec, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from reference.parameters import FusionParameters
from reference.steps import (
    FocusNetwork,
    consistency,
    focus_map,
    fusion,
    gray,
    guide,
    guided_filter,
    mixed_pooling,
    pyramid,
    score_map,
    segmentation,
)
from reference.steps.arrays import BinaryMap, Gray, Image, Map
from reference.steps.checks import check_pair

__all__ = ["AT_ONCE", "Doing", "Fused", "Stepping", "Trace", "at_once", "decide", "fuse", "no_trace", "segment"]

P = ParamSpec("P")
T = TypeVar("T")
Trace = Callable[[str, NDArray[np.generic]], None]


class Doing(Protocol):
    """Does a step: calls its function, or gives what that gave before for the same arguments."""

    def __call__(self, name: str, function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T: ...


def no_trace(name: str, value: NDArray[np.generic]) -> None:
    """Record nothing."""


def at_once(name: str, function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
    """Call the function.

    >>> at_once("gray", abs, -1)
    1
    """
    return function(*arguments, **keywords)


@dataclass(frozen=True)
class Stepping:
    """Does each step and shows its value to the trace; the levels of a pyramid are shown as name_0, name_1, ...

    >>> step = Stepping(lambda name, value: print(name, value))
    >>> step("gray", abs, -1)
    gray 1
    1
    """

    trace: Trace = no_trace
    do: Doing = at_once

    def __call__(self, name: str, function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
        value = self.do(name, function, *arguments, **keywords)
        if isinstance(value, tuple):
            for level, image in enumerate(value):
                self.trace(f"{name}_{level}", image)
        else:
            self.trace(name, value)  # type: ignore[arg-type]
        return value


AT_ONCE = Stepping()  # no one looks on


class Fused(NamedTuple):
    """The fused image, (H, W) or (H, W, 3) before the cast, and the decision map, (H, W), 1 = A."""

    image: Image
    decision_map: Map


def fuse(
    image_a: Image,
    image_b: Image,
    parameters: FusionParameters,
    network: FocusNetwork,
    trace: Trace = no_trace,
    do: Doing = at_once,
) -> Fused:
    """Fuse two photographs of one scene, each sharp somewhere else, into one that is sharp everywhere.

    The steps of figure 2 of the paper, in its order.

    image_a     (H, W) or (H, W, 3) in [0, 1], sides of 16 pixels or more
    image_b     the same shape
    parameters  PAPER or others
    network     scores focus: `network.loading.load_network("enhanced")`, or any rule of that form
    trace       called with the name and value of every step as it is done (names as in `reference.steps.table`)
    do          does the steps: `stepping.at_once`, or something that remembers
    returns     fused image and decision map
    raises      ValueError or TypeError, in one sentence, from the step that cannot use what it is given

    >>> class Left:  # a rule in place of a network: A is in focus on the left
    ...     levels = 1
    ...     def __call__(self, pyramid_a, pyramid_b):
    ...         scores = np.zeros(score_shape(pyramid_a[0].shape))
    ...         scores[:, : scores.shape[1] // 2] = 1
    ...         return scores
    >>> from reference.parameters import PAPER
    >>> from reference.steps.arrays import score_shape
    >>> fused = fuse(np.ones((32, 64)), np.zeros((32, 64)), PAPER, Left())
    >>> fused.image.shape, bool(fused.image[16, 2] > 0.99), bool(fused.image[16, 61] < 0.01)
    ((32, 64), True, True)
    """
    check_pair(image_a, image_b)
    step = Stepping(trace, do)

    gray_a = step("gray_a", gray, image_a)
    gray_b = step("gray_b", gray, image_b)
    consistent = decide(gray_a, gray_b, parameters, network, step)
    first_fused = step("guide", guide, gray_a, gray_b, consistent)
    decision_map = step(
        "guided_filter", guided_filter, first_fused, consistent, parameters.guide_radius, parameters.guide_eps
    )
    image = step("fusion", fusion, image_a, image_b, decision_map)
    return Fused(image, decision_map)


def decide(
    gray_a: Gray, gray_b: Gray, parameters: FusionParameters, network: FocusNetwork, step: Stepping = AT_ONCE
) -> BinaryMap:
    """Steps 2 to 7: from the gray images to the cleaned map, true where A is in focus.

    gray_a, gray_b  (H, W) in [0, 1], sides of 16 pixels or more
    step            does the steps
    returns         (H, W) bool
    """
    segmented = segment(gray_a, gray_b, parameters, network, step)
    return step("consistency", consistency, segmented, parameters.area(segmented.shape))


def segment(
    gray_a: Gray, gray_b: Gray, parameters: FusionParameters, network: FocusNetwork, step: Stepping = AT_ONCE
) -> BinaryMap:
    """Steps 2 to 6: what `decide` does before it cleans the map, which alone needs the whole of it."""
    pyramid_a = step("pyramid_a", pyramid, gray_a, network.levels)
    pyramid_b = step("pyramid_b", pyramid, gray_b, network.levels)
    scores = step("score_map", score_map, pyramid_a, pyramid_b, network)
    focus = step("focus_map", focus_map, scores, gray_a.shape)
    pooled = step(
        "mixed_pooling", mixed_pooling, focus, parameters.pool_window, parameters.pool_p, parameters.pool_side
    )
    return step("segmentation", segmentation, pooled, parameters.focus_threshold)
