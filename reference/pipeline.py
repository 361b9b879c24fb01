"""The paper's algorithm box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from numpy.typing import NDArray

from reference.parameters import PAPER, FusionParameters
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

Steps = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Fusion:
    """What a method makes of two photographs.

    image         (H, W) or (H, W, 3), the fused image before the cast
    decision_map  (H, W), 1 = A
    steps         every step's array by its name, in the order in which they were computed; read-only
    """

    image: Image
    decision_map: Map
    steps: Steps = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", MappingProxyType(dict(self.steps)))

    def __reduce__(self) -> tuple[Any, ...]:
        """To be pickled, as for another process: a read-only mapping itself cannot be."""
        return Fusion, (self.image, self.decision_map, dict(self.steps))


def fuse(image_a: Image, image_b: Image, network: FocusNetwork, parameters: FusionParameters = PAPER) -> Fusion:
    """Fuse two photographs of one scene, each in focus in a different part, into one that is sharp everywhere.

    The steps of figure 2 of the paper, in its order.

    image_a     (H, W) or (H, W, 3) in [0, 1], sides of 16 pixels or more
    image_b     the same shape
    network     scores focus: `network.loading.load_network("enhanced")`, or any rule of that form
    parameters  PAPER or others
    returns     fused image, decision map, and every step's array (named as in `steps.table`)
    raises      ValueError or TypeError, in one sentence, from the step that cannot use what it is given

    >>> class Left:  # a rule in place of a network: A is in focus on the left
    ...     levels = 1
    ...     def __call__(self, pyramid_a, pyramid_b):
    ...         scores = np.zeros(score_shape(pyramid_a[0].shape))
    ...         scores[:, : scores.shape[1] // 2] = 1
    ...         return scores
    >>> from reference.steps.arrays import score_shape
    >>> fused = fuse(np.ones((32, 64)), np.zeros((32, 64)), Left())
    >>> fused.image.shape, bool(fused.image[16, 2] > 0.99), bool(fused.image[16, 61] < 0.01)
    ((32, 64), True, True)
    """
    check_pair(image_a, image_b)
    p = parameters
    gray_a, gray_b = gray(image_a), gray(image_b)  # 1  sec. 3.1.1
    pyramid_a, pyramid_b = pyramid(gray_a, network.levels), pyramid(gray_b, network.levels)  # 2  sec. 3
    scores = score_map(pyramid_a, pyramid_b, network)  # 3  sec. 3, 3.1.1
    focus = focus_map(scores, gray_a.shape)  # 4  sec. 3.1.1
    pooled = mixed_pooling(focus, p.pool_window, p.pool_p, p.pool_side)  # 5  eq. 1-2
    segmented = segmentation(pooled, p.focus_threshold)  # 6  sec. 3.1.2
    consistent = consistency(segmented, p.area(segmented.shape))  # 7  sec. 3.1.3
    guiding = guide(gray_a, gray_b, consistent)  # 8  sec. 3.1.3
    decision_map = guided_filter(guiding, consistent, p.guide_radius, p.guide_eps)  # 8  sec. 3.1.3
    image = fusion(image_a, image_b, decision_map)  # 9  eq. 3
    return Fusion(image, decision_map, steps_in_order(
        gray_a=gray_a, gray_b=gray_b, pyramid_a=pyramid_a, pyramid_b=pyramid_b, score_map=scores, focus_map=focus,
        mixed_pooling=pooled, segmentation=segmented, consistency=consistent, guide=guiding,
        guided_filter=decision_map, fusion=image,
    ))  # fmt: skip


def segment(gray_a: Gray, gray_b: Gray, network: FocusNetwork, parameters: FusionParameters = PAPER) -> BinaryMap:
    """Steps 2 to 6 alone, which look at a neighbourhood of each pixel: true where A is taken to be in focus.

    gray_a, gray_b  (H, W) in [0, 1], sides of 16 pixels or more
    returns         (H, W) bool
    """
    p = parameters
    scores = score_map(pyramid(gray_a, network.levels), pyramid(gray_b, network.levels), network)
    pooled = mixed_pooling(focus_map(scores, gray_a.shape), p.pool_window, p.pool_p, p.pool_side)
    return segmentation(pooled, p.focus_threshold)


def fuse_by_segmentation(
    image_a: Image,
    image_b: Image,
    segmented: BinaryMap,
    parameters: FusionParameters = PAPER,
    before: Steps | None = None,
) -> Fusion:
    """Steps 7 to 9, which every method that decides pixel by pixel has in common.

    segmented  (H, W) bool, true where A is taken to be in focus
    before     the steps that led there, by name
    returns    the fusion; its steps are those before, and these

    >>> fused = fuse_by_segmentation(np.ones((4, 4)), np.zeros((4, 4)), np.ones((4, 4), dtype=bool))
    >>> bool(np.allclose(fused.image, 1)), list(fused.steps)
    (True, ['segmentation', 'consistency', 'guide', 'guided_filter', 'fusion'])
    """
    consistent = consistency(segmented, parameters.area(segmented.shape))
    steps = {**(before or {}), "segmentation": segmented, "consistency": consistent}
    return fuse_by_map(image_a, image_b, consistent, parameters, steps)


def fuse_by_map(
    image_a: Image,
    image_b: Image,
    consistent: BinaryMap,
    parameters: FusionParameters = PAPER,
    before: Steps | None = None,
) -> Fusion:
    """Steps 8 and 9: what becomes of the cleaned map, in which a pixel depends on those within two radii.

    consistent  (H, W) bool, the map after consistency verification
    """
    known = before or {}
    gray_a = known["gray_a"] if "gray_a" in known else gray(image_a)
    gray_b = known["gray_b"] if "gray_b" in known else gray(image_b)
    guiding = guide(gray_a, gray_b, consistent)
    decision_map = guided_filter(guiding, consistent, parameters.guide_radius, parameters.guide_eps)
    image = fusion(image_a, image_b, decision_map)
    steps = {**known, "guide": guiding, "guided_filter": decision_map, "fusion": image}
    return Fusion(image, decision_map, steps)


def steps_in_order(**values: NDArray[Any] | tuple[NDArray[Any], ...]) -> Steps:
    """Steps by name; the levels of a pyramid one by one.

    >>> list(steps_in_order(pyramid_a=(np.zeros((2, 2)), np.zeros((1, 1))), score_map=np.zeros((1, 1))))
    ['pyramid_a_0', 'pyramid_a_1', 'score_map']
    """
    named: dict[str, NDArray[Any]] = {}
    for name, value in values.items():
        named |= {f"{name}_{k}": level for k, level in enumerate(value)} if isinstance(value, tuple) else {name: value}
    return named
