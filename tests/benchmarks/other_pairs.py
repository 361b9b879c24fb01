"""Pairs with truth made another way than those of training: by many pinholes, by bright spots on dark ground.

The generator blurs layers by discs, one after the other. Here a lens is as many pinholes as fill its aperture: each
sees the scene shifted by depth, near before far, and their light is added. Nothing is fetched: the photographs and the
measured depth are of scikit-image. Seeds were fixed before any method was run on a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage import data

__all__ = ["SETS", "Made"]

FloatArray = NDArray[np.float64]
PINHOLES, SLICES = 61, 20


class Made(NamedTuple):
    """A pair in 8 bits, the scene sharp everywhere, and the pixels by which it is judged (all where None)."""

    name: str
    image_a: NDArray[np.uint8]
    image_b: NDArray[np.uint8]
    truth: NDArray[np.uint8]
    judged: NDArray[np.bool_] | None = None


def linear(image: NDArray[np.uint8]) -> FloatArray:
    """sRGB of 8 bits to light."""
    x = image / 255.0
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def developed(light: FloatArray, noise: float = 0.0, rng: np.random.Generator | None = None) -> NDArray[np.uint8]:
    """Light to sRGB of 8 bits, cut off at white, with noise that grows with the root of the light."""
    if noise and rng:
        light = light + noise * np.sqrt(0.1 + 0.9 * np.clip(light, 0, 1)) * rng.standard_normal(light.shape)
    x = np.clip(light, 0, 1)
    return np.round(255 * np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)).astype(np.uint8)


def disc() -> FloatArray:
    """Points that fill a disc of radius 1 evenly (Vogel's spiral)."""
    k = np.arange(PINHOLES)
    radius, angle = np.sqrt((k + 0.5) / PINHOLES), k * np.pi * (3 - np.sqrt(5))
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)


def hexagon() -> FloatArray:
    """Points that fill a hexagon, the aperture of six blades."""
    rows, columns = np.mgrid[-4:5, -4:5]
    inside = np.abs(rows + columns) <= 4
    return np.stack([rows[inside] * 0.866, columns[inside] + rows[inside] / 2], axis=1) / 4.2


def through(light: FloatArray, depth: FloatArray, focus: float, radius: float, aperture: FloatArray) -> FloatArray:
    """What the lens casts: the mean over its pinholes, each with near things before far ones.

    depth   (H, W), inverse depth in [0, 1], 1 is near; a point at depth d moves by radius (d - focus) times the
            pinhole's place in the aperture
    """
    edges = np.linspace(0, 1, SLICES + 1)[1:-1]
    number = np.digitize(depth, edges)
    total = np.zeros_like(light)
    slices = [(number == k).astype(float) for k in range(SLICES)]
    for place in aperture:
        seen, covered = np.zeros_like(light), np.zeros(depth.shape)
        for k in reversed(range(SLICES)):  # near to far: what is nearer hides what is behind
            if not slices[k].any():
                continue
            move = radius * ((k + 0.5) / SLICES - focus) * place
            mask = ndimage.shift(slices[k], move, order=1, mode="nearest")
            colour = ndimage.shift(light * slices[k][..., None], (*move, 0), order=1, mode="nearest")
            free = (1 - covered)[..., None]
            seen += free * colour
            covered = covered + (1 - covered) * mask
        hole = 1 - np.minimum(covered, 1)
        total += seen + hole[..., None] * light  # behind a near thing nothing is known: what stands there goes on
    return total / len(aperture)


def motorcycle() -> Iterator[Made]:
    """Ten windows of a photograph whose depth was measured, focused on the nearer and on the farther part of each."""
    photograph, _, disparity = data.stereo_motorcycle()
    known = np.isfinite(disparity)
    disparity = disparity[tuple(ndimage.distance_transform_edt(~known, return_indices=True)[1])]
    rng = np.random.default_rng(20261127)
    for number in range(10):
        top, left = (int(rng.integers(0, side - 256)) for side in disparity.shape)
        window = np.s_[top : top + 256, left : left + 256]
        depth = disparity[window]
        depth = (depth - depth.min()) / max(np.ptp(depth), 1e-6)
        ends = rng.permutation(np.quantile(depth, (0.15, 0.85)))
        yield lens_pair(
            f"motorcycle_{number:02d}", photograph[window], depth, ends, rng.uniform(3, 9), disc(), 0.0, rng
        )


def blades() -> Iterator[Made]:
    """Twelve other photographs on tilted planes with blocks in front, by six blades, half of them with noise."""
    rng = np.random.default_rng(20261128)
    photographs = [data.coffee(), data.chelsea(), data.astronaut(), data.rocket(), data.immunohistochemistry(),
                   data.hubble_deep_field()]  # fmt: skip
    for number in range(12):
        photograph = photographs[number % len(photographs)]
        top, left = (int(rng.integers(0, side - 256)) for side in photograph.shape[:2])
        rows, columns = np.mgrid[0:256, 0:256] / 255
        angle = rng.uniform(0, 2 * np.pi)
        depth = 0.3 + 0.3 * (np.sin(angle) * (rows - 0.5) + np.cos(angle) * (columns - 0.5))
        for _ in range(3):  # ellipses that stand in front, each at a depth of its own
            (y, x), (h, w) = rng.uniform(0.1, 0.9, 2), rng.uniform(0.05, 0.25, 2)
            depth[((rows - y) / h) ** 2 + ((columns - x) / w) ** 2 < 1] = rng.uniform(0.6, 1.0)
        window, noise = photograph[top : top + 256, left : left + 256], 0.02 * (number % 2)
        ends = rng.permutation(np.quantile(depth, (0.2, 0.9)))
        yield lens_pair(f"blades_{number:02d}", window, depth, ends, rng.uniform(3, 9), hexagon(), noise, rng)


def lens_pair(
    name: str, photograph: NDArray[np.uint8], depth: FloatArray, ends: FloatArray, radius: float, aperture: FloatArray,
    noise: float, rng: np.random.Generator,
) -> Made:  # fmt: skip
    """A and B of a scene, focused at two depths."""
    light = linear(photograph)
    a, b = (developed(through(light, depth, end, radius, aperture), noise, rng) for end in ends)
    return Made(name, a, b, photograph)


def halos() -> Iterator[Made]:
    """Sixteen dark scenes with lamps behind and thin bright things before them, judged within 16 pixels of these."""
    rng = np.random.default_rng(20261129)
    grounds = [data.grass(), data.brick(), data.gravel(), data.camera()]
    for number in range(16):
        ground = grounds[number % len(grounds)]
        top, left = (int(rng.integers(0, side - 256)) for side in ground.shape)
        tint = rng.uniform(0.5, 1, 3)
        far = linear(ground[top : top + 256, left : left + 256])[..., None] * tint * rng.uniform(0.03, 0.2)
        lamps = np.zeros((256, 256))
        for _ in range(int(rng.integers(6, 16))):
            y, x = rng.integers(8, 248, 2)
            lamps[y, x] = np.exp(rng.uniform(np.log(20), np.log(300)))
        far = far + ndimage.gaussian_filter(lamps, rng.uniform(0.7, 1.6))[..., None] * rng.uniform(0.6, 1, 3)
        cover, near = wires(rng), np.exp(rng.uniform(np.log(0.3), np.log(2.0))) * rng.uniform(0.6, 1, 3)
        radius = rng.uniform(3, 10)
        truth = cover[..., None] * near + (1 - cover[..., None]) * far
        blurred = blur(cover, radius)[..., None]  # the near things out of focus
        on_far = blurred * near + (1 - blurred) * far
        on_near = cover[..., None] * near + (1 - cover[..., None]) * np.stack(
            [blur(far[..., channel], radius) for channel in range(3)], axis=-1
        )
        pair = [developed(light) for light in (on_far, on_near)]
        a, b = pair if number % 2 else pair[::-1]
        sharp = developed(truth)
        judged = ndimage.distance_transform_edt(sharp.max(axis=2) < 200) <= 16
        yield Made(f"halos_{number:02d}", a, b, sharp, judged)


def wires(rng: np.random.Generator) -> FloatArray:
    """Coverage of three to six lines, 1 to 4 pixels wide, across the picture."""
    rows, columns = np.mgrid[0:256, 0:256]
    cover = np.zeros((256, 256))
    for _ in range(int(rng.integers(3, 7))):
        angle, offset, width = rng.uniform(0, np.pi), rng.uniform(-100, 100), rng.uniform(1, 4)
        away = np.abs((rows - 128) * np.sin(angle) + (columns - 128) * np.cos(angle) - offset)
        cover = np.maximum(cover, np.clip(width / 2 + 0.5 - away, 0, 1))
    return cover


def blur(plane: FloatArray, radius: float) -> FloatArray:
    """A disc, by its points."""
    moved = (ndimage.shift(plane, radius * place, order=1, mode="nearest") for place in disc())
    return sum(moved, np.zeros_like(plane)) / PINHOLES


SETS: dict[str, Callable[[], Iterator[Made]]] = {"motorcycle": motorcycle, "blades": blades, "halos": halos}
