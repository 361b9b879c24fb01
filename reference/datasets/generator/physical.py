"""Pairs as a camera takes them: light is blurred, not gray levels, and layers in front cover those behind.

Photographs are taken to linear light and their highlights made brighter than white; a lens casts planes, objects and
thin things on the sensor twice; the sensor adds noise and cuts off at white; then sRGB, eight bits, JPEG.
Source: the optics of thin_lens.py; IEC 61966-2-1 (sRGB); ranges by decision D13, as the paper says nothing of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from PIL import Image, ImageDraw
from scipy import fft, ndimage

from reference.datasets.generator.boundaries import FocusPair, nearer_to_the_scene
from reference.datasets.generator.scenes import smooth_shape
from reference.datasets.generator.thin_lens import FloatArray, disc_kernel
from reference.images.files import through_jpeg

Kind = Literal["plane", "layers", "thin"]
KINDS: tuple[Kind, ...] = ("plane", "layers", "thin")


@dataclass(frozen=True)
class Capture:
    """How a pair is taken; `draw_capture` has the ranges. Lengths in pixels, light as a part of white."""

    kind: Kind  # a slanted plane alone; one or two objects before one; thin things before those
    radius: float  # of the disc that the nearest point becomes with the lens focused on the farthest
    threshold: float  # light above it belongs to highlights
    highlight: float  # times brighter than white the brightest of them is
    exposure: float  # times the light
    shift: float  # of B over A, in a random direction
    breathing: float  # magnification of B over A, less 1
    noise: float  # standard deviation at white
    quality: int  # of JPEG; 0 for none


def draw_capture(rng: np.random.Generator, radius_most: float = 12.0) -> Capture:
    """A capture within the ranges that training sees; small radii and weak noise are commoner than large and strong."""
    moved, noisy, compressed = (int(rng.random() < share) for share in (0.25, 0.5, 0.4))
    return Capture(
        kind=KINDS[int(rng.choice(3, p=[0.2, 0.45, 0.35]))],
        radius=float(np.exp(rng.uniform(0, np.log(radius_most)))),
        threshold=rng.uniform(0.4, 0.95),
        highlight=float(np.exp(rng.uniform(0, np.log(8)))),
        exposure=rng.uniform(0.6, 1.3),
        shift=rng.uniform(0, 0.5) * moved,
        breathing=rng.uniform(-0.004, 0.004) * moved,
        noise=0.06 * rng.random() ** 2 * noisy,
        quality=int(rng.integers(60, 97)) * compressed,
    )


class Surface(NamedTuple):
    """Light (H, W, C), coverage (H, W) in [0, 1], and inverse depth (H, W): 0 is far, 1 is near."""

    light: FloatArray
    coverage: FloatArray
    depth: FloatArray


def physical_pair(photographs: Sequence[FloatArray], capture: Capture, rng: np.random.Generator) -> FocusPair:
    """Both photographs in 8 bits, the scene sharp everywhere without noise as A sees it, and which of them is nearer.

    photographs  far, then near; (H, W) or (H, W, 3) in [0, 1], sRGB, of one shape
    returns      doubles in [0, 1]; focus is 1 where A is nearer to the truth, before B moved and without noise

    >>> rng = np.random.default_rng(0)
    >>> pair = physical_pair(list(rng.random((2, 24, 30))), draw_capture(rng), rng)
    >>> pair.image_a.shape, sorted(set(pair.focus.ravel().tolist()))
    ((24, 30), [0.0, 1.0])
    """
    light = cast_light(photographs, capture, rng)
    still, (a, b) = developed(light), taken(light, capture, rng)
    return FocusPair(a, b, still.truth, nearer_to_the_scene(still))


def cast_light(photographs: Sequence[FloatArray], capture: Capture, rng: np.random.Generator) -> FocusPair:
    """The light that the lens casts, focused far in one of A and B and near in the other, and with a pinhole.

    image_k = blur(c_k I_k) + (1 - blur(c_k)) image_(k-1),  far to near;  radius = R |1 / depth - 1 / focus|

    returns  (H, W) or (H, W, 3), linear, may exceed 1; focus is 1 where A's blur is the smaller one by depth
    """
    surfaces = _surfaces([_light(each, capture) for each in photographs], capture.kind, rng)
    far, *near = (float(surface.depth.mean()) for surface in surfaces)
    ends = [far, rng.choice(near)] if near else [far - 0.3, far + 0.3]  # of a plane, a far and a near line
    on_a, on_b = np.clip(rng.permutation(ends) + rng.normal(0, 0.02, 2), 0, 1)  # no lens is set exactly
    lens = ((on_a, capture.radius), (on_b, capture.radius), (0.0, 0.0))
    a, b, truth = (_through_lens(surfaces, *each).reshape(photographs[0].shape) for each in lens)
    seen = surfaces[0].depth
    for surface in surfaces[1:]:
        seen = np.where(surface.coverage > 0.5, surface.depth, seen)
    return FocusPair(a, b, truth, (np.abs(seen - on_a) < np.abs(seen - on_b)).astype(np.float64))


def developed(light: FocusPair) -> FocusPair:
    """What a sensor without noise makes of the light: cut off at white, then sRGB."""
    a, b, truth = (_to_srgb(np.clip(x, 0.0, 1.0)) for x in light[:3])
    return FocusPair(a, b, truth, light.focus)


def taken(light: FocusPair, capture: Capture, rng: np.random.Generator) -> list[FloatArray]:
    """A and B as the camera stores them: B moved, noise, white, sRGB, 8 bits, JPEG.

    variance = noise^2 (0.1 + 0.9 light): read and shot noise
    """
    return [_stored(each, capture, rng) for each in (light.image_a, _moved(light.image_b, capture, rng))]


def _light(photograph: FloatArray, capture: Capture) -> FloatArray:
    """(H, W) or (H, W, 3) in sRGB -> (H, W, C) linear, its highlights stretched: white becomes `highlight`."""
    x = np.atleast_3d(np.asarray(photograph, dtype=np.float64))
    linear = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    above = np.clip((linear.max(axis=2, keepdims=True) - capture.threshold) / (1 - capture.threshold), 0.0, 1.0)
    return capture.exposure * linear * (1 + (capture.highlight - 1) * above)  # type: ignore[no-any-return]


def _to_srgb(linear: FloatArray) -> FloatArray:
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def _surfaces(lights: Sequence[FloatArray], kind: Kind, rng: np.random.Generator) -> list[Surface]:
    """A background, at times objects with smooth outlines, at times thin things; far to near."""
    shape = (lights[0].shape[0], lights[0].shape[1])
    if kind == "plane":
        return [Surface(lights[0], np.ones(shape), _plane(shape, 0.5, rng.uniform(0.6, 1.4), rng))]
    surfaces = [Surface(lights[0], np.ones(shape), _plane(shape, rng.uniform(0, 0.2), rng.uniform(0, 0.3), rng))]
    objects = int(rng.integers(1, 3)) if kind == "layers" else int(rng.integers(0, 2))
    for number in range(count := objects + (kind == "thin")):
        light = lights[(1 + number) % len(lights)][:: (-1) ** number]  # of two photographs, the far one turned over
        if number < objects:
            coverage = smooth_shape(shape, min(shape) * rng.uniform(0.08, 0.25), rng.uniform(0.2, 0.7), rng)
        else:
            coverage, light = _thin_things(shape, rng), light * np.exp(rng.uniform(np.log(0.1), np.log(1.5)))
        middle = 0.6 + 0.4 * (number + rng.uniform(0.5, 1.0)) / count
        surfaces.append(Surface(light, coverage, _plane(shape, middle, rng.uniform(0, 0.2), rng)))
    return surfaces


def _plane(shape: tuple[int, int], middle: float, slant: float, rng: np.random.Generator) -> FloatArray:
    """Inverse depth of a plane, which is linear in the image, within [0, 1]; `slant` from one side to the other."""
    angle, (rows, columns) = rng.uniform(0, 2 * np.pi), (np.linspace(-0.5, 0.5, side) for side in shape)
    return np.clip(middle + slant * (np.sin(angle) * rows[:, None] + np.cos(angle) * columns), 0.0, 1.0)  # type: ignore[no-any-return]


def _thin_things(shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Coverage of up to twelve hairs, wires (even width of 0.6 to 4 pixels) and leaves (pointed, up to 16) on arcs."""
    fine = 4  # lines are drawn on so many pixels to one
    canvas = Image.new("L", (fine * shape[1], fine * shape[0]))
    t = np.linspace(0, 1, 24)[:, None]
    for _ in range(int(rng.integers(2, 13))):
        p, q, r = rng.uniform(-0.2, 1.2, (3, 2)) * (shape[1], shape[0])
        width = np.exp(rng.uniform(np.log(0.6), np.log(4.0)))
        if rng.random() < 0.4:
            q, r = p + rng.normal(0, 24, 2), p + rng.normal(0, 40, 2)
            width = rng.uniform(4, 16) * np.sin(np.pi * t)
        arc = (1 - t) ** 2 * p + 2 * t * (1 - t) * q + t**2 * r
        along = np.gradient(arc, axis=0)
        aside = along[:, ::-1] * (-0.5, 0.5) / np.maximum(np.hypot(*along.T)[:, None], 1e-9) * width
        outline = fine * np.concatenate([arc + aside, (arc - aside)[::-1]])
        ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in outline], fill=255)
    return np.asarray(canvas.reduce(fine)) / 255.0


def _through_lens(surfaces: Sequence[Surface], setting: float, radius: float) -> FloatArray:
    image: FloatArray | float = 0.0
    for light, coverage, depth in surfaces:
        c = coverage[..., None]
        blurred = _defocus(np.concatenate([c * light, c], axis=2), radius * np.abs(depth - setting))
        image = blurred[..., :-1] + (1 - blurred[..., -1:]) * image
    return np.maximum(image, 0.0)


def _defocus(planes: FloatArray, radii: FloatArray) -> FloatArray:
    """Blur every pixel of (H, W, C) by a disc of its own radius: interpolated between discs under a pixel apart."""
    least, most = float(radii.min()), float(radii.max())
    if most <= 0.5:
        return planes
    count, reach, (height, width) = int(np.ceil(most - least)) + 1, int(np.ceil(most)), radii.shape
    size = [fft.next_fast_len(side + 2 * reach, real=True) for side in radii.shape]
    spectrum = fft.rfft2(np.pad(planes, [(reach, reach), (reach, reach), (0, 0)], mode="edge"), size, axes=(0, 1))
    blurred: Any = 0.0
    place = (radii - least) * (count - 1) / max(most - least, 1e-9)
    for number, radius in enumerate(np.linspace(least, most, count)):
        kernel = disc_kernel(radius)
        first = reach + len(kernel) // 2  # of the valid part
        whole = fft.irfft2(spectrum * fft.rfft2(kernel, size)[..., None], size, axes=(0, 1))
        tent = np.clip(1 - np.abs(place - number), 0, 1)[..., None]
        blurred = blurred + tent * whole[first : first + height, first : first + width]
    return blurred  # type: ignore[no-any-return]


def _moved(light: FloatArray, capture: Capture, rng: np.random.Generator) -> FloatArray:
    """Magnified about its middle and shifted, as the sensor sees it; cubic splines, the edge pixel goes on."""
    angle = rng.uniform(0, 2 * np.pi)
    if not capture.shift and not capture.breathing:
        return light
    scale = np.full(2, 1 / (1 + capture.breathing))
    shift = capture.shift * np.array([np.sin(angle), np.cos(angle)])
    offset = (1 - scale) * (np.array(light.shape[:2]) - 1) / 2 + shift
    channels = np.moveaxis(np.atleast_3d(np.clip(light, 0.0, 1.0)), 2, 0)
    moved = [ndimage.affine_transform(each, scale, offset, order=3, mode="nearest") for each in channels]
    return np.stack(moved, axis=-1).reshape(light.shape)


def _stored(light: FloatArray, capture: Capture, rng: np.random.Generator) -> FloatArray:
    if capture.noise:
        deviation = capture.noise * np.sqrt(0.1 + 0.9 * np.clip(light, 0.0, 1.0))
        light = light + deviation * rng.standard_normal(light.shape)
    stored = np.round(255 * _to_srgb(np.clip(light, 0.0, 1.0))).astype(np.uint8)
    return (through_jpeg(stored, capture.quality) if capture.quality else stored) / 255.0
