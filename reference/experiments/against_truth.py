"""Methods on pairs with ground truth: the conditions of photographing, measures of the fused image, and their means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.datasets.generator.boundaries import FocusPair
from reference.datasets.ground_truth import AnyScene, make_pair
from reference.experiments.cache import ResultCache, measure_all
from reference.experiments.methods import Method
from reference.experiments.scores import Scores, by_pair, mean
from reference.metrics.truth import psnr, ssim
from reference.pipeline import Fusion
from reference.steps.arrays import PATCH, Image


@dataclass(frozen=True)
class Condition:
    """Standard deviation of the noise of both photographs in gray levels of 255, and magnification of B over A."""

    noise: float = 0.0
    magnification: float = 1.0


CONDITIONS = {
    "clean": Condition(),
    "noise_5": Condition(noise=5.0),
    "noise_10": Condition(noise=10.0),
    "breathing": Condition(magnification=1.01),  # refocusing changes the scale of a lens a little
}


def cast(pair: FocusPair, condition: Condition) -> FocusPair:
    """A pair as the lens projects it on the sensor: B is magnified; truth and focus are A's."""
    return pair._replace(image_b=magnified(pair.image_b, condition.magnification))


def photographed(pair: FocusPair, condition: Condition, seed: int) -> tuple[Image, Image]:
    """A and B of a pair from `cast`, with independent noise, in 8 bits as doubles in [0, 1].

    >>> flat = FocusPair(*[np.full((4, 4), 0.25)] * 4)
    >>> a, b = photographed(flat, Condition(), seed=0)
    >>> float(a[0, 0] * 255)
    64.0
    """
    rng = np.random.default_rng([seed, 1])  # another stream than that of the scene's outline
    return _sensor(pair.image_a, condition.noise, rng), _sensor(pair.image_b, condition.noise, rng)


def magnified(image: Image, factor: float) -> Image:
    """An image enlarged about its centre and cropped to its size, by cubic splines with the border replicated.

    >>> bool(np.array_equal(magnified(np.eye(5), 1.0), np.eye(5)))
    True
    """
    from scipy import ndimage

    if factor == 1:
        return image
    scale = np.array([1 / factor, 1 / factor, 1.0][: image.ndim])
    middle = (np.array(image.shape) - 1) / 2
    return ndimage.affine_transform(image, scale, middle - scale * middle, order=3, mode="nearest")  # type: ignore[no-any-return]


def _sensor(image: Image, noise: float, rng: np.random.Generator) -> NDArray[np.float64]:
    noisy = image + noise / 255 * rng.standard_normal(image.shape) if noise else image
    return np.round(255 * np.clip(noisy, 0, 1)) / 255


MEASURES = ("psnr", "ssim", "wrong", "wrong_near", "wrong_far", "loss_near")  # what they say: sections.toml


def quality(fused: Fusion, pair: FocusPair, differ: NDArray[np.bool_]) -> dict[str, float]:
    """Measure a result in 8 bits against ground truth, and its decisions (D > 1/2) against the depth map.

    fused    image and decision map; the decisions of a map that is 1/2 everywhere are not measured
    differ   where A and B do: elsewhere, as in highlights clipped in both, no decision is wrong, and rounding makes it
    """
    stored, truth = im2uint8(fused.image), im2uint8(pair.truth)
    near = near_boundary(pair.focus)
    squared = (stored.astype(np.float64) - truth) ** 2
    squared = squared if squared.ndim == 2 else squared.sum(axis=-1)
    values = {"psnr": psnr(stored, truth), "ssim": ssim(stored, truth)}
    values["loss_near"] = 100 * float(squared[near].sum() / squared.sum()) if squared.any() else 0.0
    if not np.all(fused.decision_map == 0.5):
        wrong = (fused.decision_map > 0.5) != (pair.focus > 0.5)
        regions = {"wrong": wrong[differ], "wrong_near": wrong[differ & near], "wrong_far": wrong[differ & ~near]}
        values |= {name: 100 * float(part.mean()) for name, part in regions.items() if part.size}
    return values


def near_boundary(focus: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The pixels within a patch of the other side of the boundary.

    >>> near_boundary(np.arange(64).reshape(1, 64) >= 32.0).sum()
    np.int64(32)
    """
    from scipy.ndimage import distance_transform_edt

    inside = focus > 0.5
    if inside.all() or not inside.any():
        return np.zeros(inside.shape, dtype=bool)
    return np.maximum(distance_transform_edt(inside), distance_transform_edt(~inside)) <= PATCH  # type: ignore[no-any-return]


def against_truth(
    methods: Sequence[Method],
    result_cache: ResultCache,
    data: Path | None,
    scenes: Sequence[AnyScene],
    conditions: Iterable[str] = tuple(CONDITIONS),
) -> Scores:
    """Measure methods on the pairs of scenes; each gets A and B as photographed, and the true pair.

    returns  `quality` by method and by `pair_name` of scene and condition
    """

    def photograph(taken: tuple[AnyScene, str]) -> tuple[Image, Image, FocusPair]:
        scene, condition = taken[0], CONDITIONS[taken[1]]
        pair = cast(make_pair(scene, data), condition)
        return (*photographed(pair, condition, scene.seed), pair)

    def measure(method: Method, photographs: tuple[Image, Image, FocusPair]) -> dict[str, float]:
        assert method.fuse is not None
        a, b, pair = photographs
        return quality(method.fuse(a, b, pair), pair, (a != b).any(axis=-1))

    return measure_all(
        methods,
        {pair_name(scene, condition): (scene, condition) for scene in scenes for condition in conditions},
        photograph,
        measure,
        lambda method, taken: ["truth", asdict(taken[0]), taken[1], method.name, method.key],
        result_cache,
        "ground truth",
    )


def pair_name(scene: AnyScene, condition: str) -> str:
    """The name of a scene under a condition."""
    return f"{scene.name}/{condition}"


def means(scores: Scores, scenes: Iterable[AnyScene], condition: str) -> dict[str, dict[str, float]]:
    """Means over scenes under a condition, by method and measure."""
    pairs = [pair_name(scene, condition) for scene in scenes]
    by_name: dict[str, dict[str, float]] = {name: {} for name in scores["method"]}
    for measure in MEASURES:
        for name, values in by_pair(scores, measure, pairs).iterrows():
            if (present := values.dropna().to_numpy()).size:
                by_name[name][measure] = float(present.mean())
    return by_name


def difference(scores: Scores, name: str, other: str, scenes: Sequence[AnyScene], condition: str) -> list[float]:
    """PSNR of one method less that of another: mean, and the ends of its paired 95 % interval (Student's t).

    The two pairs of a photograph count as one, since they are not independent.
    """
    psnrs = by_pair(scores, "psnr", [pair_name(scene, condition) for scene in scenes])
    by_photograph: dict[str, list[float]] = {}
    for scene, value in zip(scenes, psnrs.loc[name] - psnrs.loc[other], strict=True):
        by_photograph.setdefault(scene.photograph, []).append(value)
    result = mean(np.array([np.mean(values) for values in by_photograph.values()]))
    return [result.value, result.low, result.high]
