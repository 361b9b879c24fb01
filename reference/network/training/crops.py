"""Training crops (decision D13): scenes made of photographs, each photographed twice, with noise and compression."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from tqdm import tqdm

from reference.datasets.generator.boundaries import FocusPair, cut, nearer_to_the_scene, occlusion, slope
from reference.datasets.generator.physical import cast_light, developed, draw_capture, taken
from reference.datasets.generator.scenes import smooth_shape
from reference.datasets.generator.thin_lens import disc_blur
from reference.errors import BadInput
from reference.images.files import images_in, read_image, through_jpeg
from reference.network.training.recipe import Recipe
from reference.steps import gray


def read_photographs(folder: Path, least_side: int, without: Collection[str] = ()) -> list[NDArray[np.float32]]:
    """Read the images of a folder of at least `least_side` pixels, by the order of their names, as gray in [0, 1]."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder")
    files = [path for path in images_in(folder) if path.name not in without]
    images = (gray(read_image(path).pixels) for path in tqdm(files, desc=f"reading {folder.name}", unit="image"))
    photographs = [image.astype(np.float32) for image in images if min(image.shape) >= least_side]
    if not photographs:
        raise BadInput(f"{folder} holds no PNG, JPEG, TIFF or BMP of at least {least_side} x {least_side} pixels")
    return photographs


FloatArray = NDArray[np.float64]
Photographs = Sequence[NDArray[np.float32]]  # gray in [0, 1]
MARGIN = 12  # pixels around a crop, removed after blurring to avoid border effects; wider blur still meets the border


class Crops(NamedTuple):
    """Two photographs of a small scene, (crop, crop) each, or of many, (batch, crop, crop)."""

    sources: FloatArray  # (2, ...), A and B
    label: FloatArray  # 1 where A is nearer to the scene
    texture: FloatArray  # |A - B| before noise and 8 bits: where it is 0, focus cannot be seen
    truth: FloatArray  # the scene sharp everywhere, without noise


def batch_of_crops(photographs: Photographs, recipe: Recipe, step: int) -> Crops:
    """The crops of one step.

    They depend on (photographs, recipe, step) alone, so that an interrupted run goes on as if it had not been.
    """
    rng = np.random.default_rng([recipe.seed, step])
    made = [crop_pair(photographs, recipe, rng) for _ in range(recipe.batch)]
    return Crops(*(np.stack(parts, axis=-3)[..., MARGIN:-MARGIN, MARGIN:-MARGIN] for parts in zip(*made, strict=True)))


def crop_pair(photographs: Photographs, recipe: Recipe, rng: np.random.Generator) -> Crops:
    """One scene, photographed twice, with its margin."""
    physical = recipe.physical_share and rng.random() < recipe.physical_share
    return (_physical if physical else _simple)(photographs, recipe, rng)


def _physical(photographs: Photographs, recipe: Recipe, rng: np.random.Generator) -> Crops:
    """Light on its way through a camera; either of the two may be the one that moved."""
    capture, side = draw_capture(rng, recipe.physical_radius_most), recipe.crop + 2 * MARGIN
    light = cast_light([_random_square(photographs, side, rng) for _ in range(3)], capture, rng)
    still, (a, b) = developed(light), taken(light, capture, rng)
    label, texture = nearer_to_the_scene(still), np.abs(still.image_a - still.image_b)
    kept = rng.random() < 0.5
    return Crops(np.stack([a, b] if kept else [b, a]), label if kept else 1 - label, texture, still.truth)


def _simple(photographs: Photographs, recipe: Recipe, rng: np.random.Generator) -> Crops:
    """Gray levels blurred on one side of an outline."""
    scene = _scene(photographs, recipe, rng)
    label = nearer_to_the_scene(scene)
    pair = [scene.image_a, scene.image_b]
    if rng.random() < recipe.soft_share:
        pair = [_gaussian_blur(image, 2 * rng.uniform(0.2, 0.8)) for image in pair]
    if rng.random() < 0.5:
        pair, label = pair[::-1], 1 - label
    texture = np.abs(pair[0] - pair[1])
    a, b = _camera(pair, recipe, rng)
    return Crops(np.stack([a, b]), label, texture, scene.truth)


def _scene(photographs: Photographs, recipe: Recipe, rng: np.random.Generator) -> FocusPair:
    """A cut (at times with all in focus on one side), a slope or an occlusion, blurred by a disc or a Gaussian."""
    side = recipe.crop + 2 * MARGIN
    radius = float(np.exp(rng.uniform(np.log(recipe.radius_least), np.log(recipe.radius_most))))
    blur = _gaussian_blur if rng.random() < recipe.gaussian_share else disc_blur
    kind = rng.choice(4, p=[recipe.whole_share, recipe.cut_share, recipe.slope_share, recipe.occlusion_share])
    image = _random_crop(photographs, side, rng)
    if kind == 0:
        return cut(image, np.ones((side, side)), radius, blur)
    inside = smooth_shape((side, side), rng.uniform(10, 30), rng.uniform(0.2, 0.8), rng)
    if kind == 1:
        return cut(image, inside, radius, blur)
    if kind == 2:
        return slope(image, inside, radius, rng.uniform(4, 16), blur)
    return occlusion(image, _random_crop(photographs, side, rng), inside, radius, blur)


def _random_square(photographs: Photographs, side: int, rng: np.random.Generator) -> FloatArray:
    """A square of a random photograph, turned and mirrored."""
    source = photographs[int(rng.integers(len(photographs)))]
    row, column = (int(rng.integers(size - side + 1)) for size in source.shape)
    crop = np.rot90(source[row : row + side, column : column + side], int(rng.integers(4)))
    return np.asarray(crop.T if rng.random() < 0.5 else crop, dtype=np.float64)


def _random_crop(photographs: Photographs, side: int, rng: np.random.Generator) -> FloatArray:
    """The same, its contrast changed at random."""
    crop = _random_square(photographs, side, rng)
    gain, gamma = rng.uniform(0.6, 1.0), np.exp(rng.uniform(-0.4, 0.4))
    offset = rng.uniform(0, 1 - gain)
    return offset + gain * crop**gamma  # type: ignore[no-any-return]


def _gaussian_blur(image: FloatArray, radius: float) -> FloatArray:
    return image if radius == 0 else ndimage.gaussian_filter(image, radius / 2, mode="nearest")


def _camera(pair: list[FloatArray], recipe: Recipe, rng: np.random.Generator) -> list[FloatArray]:
    """Unequal noise, eight bits and JPEG, as a camera would add them; weak noise is commoner than strong."""
    if rng.random() < recipe.noise_share:
        levels = recipe.noise_most * rng.random(len(pair)) ** 2
        pair = [x + level * rng.standard_normal(x.shape) for x, level in zip(pair, levels, strict=True)]
    stored = [np.round(255 * np.clip(image, 0, 1)).astype(np.uint8) for image in pair]
    if rng.random() < recipe.jpeg_share:
        quality = int(rng.integers(60, 96))
        stored = [through_jpeg(image, quality) for image in stored]
    return [image / 255 for image in stored]
