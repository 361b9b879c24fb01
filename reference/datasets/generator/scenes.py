"""The embedded pairs: photographs in the public domain as near and far layers of scenes of known depth.

The table was fixed, seeds included, before any network was trained. `make_scene` is deterministic; the files in
data/samples are its output (python -m reference.datasets.generator).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from matlab_compat import im2double, imresize
from reference.datasets.generator.boundaries import FAR, NEAR, occlusion


def smooth_shape(
    shape: tuple[int, int], smoothness: float, share: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """A random shape with smooth outlines: blurred noise above the quantile that gives the desired share.

    smoothness  standard deviation of the blur, pixels; larger values give fewer and rounder parts
    share       of the area inside, in (0, 1)
    returns     `shape`, 1 inside, 0 outside, with an edge about one pixel wide

    >>> inside = smooth_shape((40, 60), 8.0, 0.5, np.random.default_rng(0))
    >>> inside.shape, bool(abs(inside.mean() - 0.5) < 0.01)
    ((40, 60), True)
    """
    noise = ndimage.gaussian_filter(rng.standard_normal(shape), smoothness, mode="wrap")
    inside = (noise > np.quantile(noise, 1 - share)).astype(np.float64)
    return ndimage.gaussian_filter(inside, 0.6)  # type: ignore[no-any-return]


SHAPE = (259, 341)  # odd on purpose: halving leaves a remainder


@dataclass(frozen=True)
class Scene:
    """A near photograph in front of a far one (names of skimage.data), and how the pair is made."""

    name: str
    near: str
    far: str
    blur: float  # radius in pixels of the layer out of focus
    share: float  # of the area that the near layer covers
    a_focus: Literal["near", "far"]
    seed: int


SCENES = (
    Scene("cat_coffee", "chelsea", "coffee", blur=4.0, share=0.50, a_focus="near", seed=1),
    Scene("astronaut_rocket", "astronaut", "rocket", blur=3.0, share=0.45, a_focus="far", seed=2),
    Scene("coffee_gravel", "coffee", "gravel", blur=6.0, share=0.40, a_focus="near", seed=3),
    Scene("astronaut_brick", "astronaut", "brick", blur=5.0, share=0.60, a_focus="far", seed=4),
    Scene("camera_grass", "camera", "grass", blur=2.0, share=0.50, a_focus="near", seed=5),
    Scene("rocket_cat", "rocket", "chelsea", blur=2.5, share=0.55, a_focus="far", seed=6),
)


class ScenePair(NamedTuple):
    """Both photographs, the scene sharp everywhere, a map that is 1 where A is in focus, and the depth in metres."""

    image_a: NDArray[np.float64]
    image_b: NDArray[np.float64]
    truth: NDArray[np.float64]
    focus: NDArray[np.float64]
    depth: NDArray[np.float64]


def make_scene(scene: Scene, shape: tuple[int, int] = SHAPE) -> ScenePair:
    """Place the near photograph before the far one, and photograph both with the focus on A's layer and on B's."""
    from skimage import data

    near, far = (_fill(im2double(getattr(data, name)()), shape) for name in (scene.near, scene.far))
    if near.ndim != far.ndim:
        near, far = (np.stack([x] * 3, axis=-1) if x.ndim == 2 else x for x in (near, far))
    coverage = smooth_shape(shape, min(shape) / 7, scene.share, np.random.default_rng(scene.seed))
    pair = occlusion(near, far, coverage, scene.blur)
    pair = pair if scene.a_focus == "near" else pair.exchanged()
    return ScenePair(*pair, np.where(coverage > 0.5, NEAR, FAR))


def _fill(image: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Shrink an image until it just covers `shape`, and crop its middle."""
    scale = max(side / size for side, size in zip(shape, image.shape, strict=False))
    covering = imresize(image, [int(np.ceil(scale * size - 1e-9)) for size in image.shape[:2]])
    top, left = ((size - side) // 2 for side, size in zip(shape, covering.shape, strict=False))
    return np.clip(covering[top : top + shape[0], left : left + shape[1]], 0.0, 1.0)
