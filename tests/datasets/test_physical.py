"""The physical mode of the generator: light by hand, the lens against its simpler twin, the camera's noise and cuts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reference.datasets import ground_truth
from reference.datasets.generator import physical
from reference.datasets.generator.physical import (
    KINDS,
    Capture,
    Surface,
    cast_light,
    developed,
    draw_capture,
    physical_pair,
    taken,
)  # fmt: skip
from reference.datasets.generator.scenes import smooth_shape
from reference.datasets.generator.thin_lens import Layer, disc_blur, disc_kernel, photograph
from reference.datasets.ground_truth import make_pair, photographs_of, physical_scenes, scenes

STILL = Capture("layers", 6.0, 0.5, 1.0, 1.0, 0.0, 0.0, 0.0, 0)  # neither highlights nor motion, noise, JPEG


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def fresh():
    return np.random.default_rng(5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels", [(), (3,)])
def test_a_pair_is_determined_and_of_eight_bits(kind, channels, rng):
    photographs = list(rng.random((2, 40, 50, *channels)))
    capture = replace(STILL, kind=kind, shift=0.4, breathing=0.003, noise=0.05, quality=80)
    pair, again = (physical_pair(photographs, capture, fresh()) for _ in range(2))
    for x, y in zip(pair, again, strict=True):
        np.testing.assert_array_equal(x, y)
    assert pair.image_a.shape == pair.image_b.shape == pair.truth.shape == (40, 50, *channels)
    assert set(np.unique(pair.focus)) == {0.0, 1.0}
    for image in pair[:2]:
        np.testing.assert_allclose(image * 255, np.round(image * 255), atol=1e-9)
    for image in pair[:3]:
        assert 0 <= image.min() <= image.max() <= 1


def test_truth_and_focus_know_nothing_of_the_camera(rng):
    photographs = list(rng.random((2, 40, 50)))
    still = physical_pair(photographs, STILL, fresh())
    shaken = physical_pair(photographs, replace(STILL, shift=0.5, breathing=0.004, noise=0.06, quality=60), fresh())
    np.testing.assert_array_equal(still.truth, shaken.truth)
    np.testing.assert_array_equal(still.focus, shaken.focus)
    assert np.abs(still.image_b - shaken.image_b).max() > 0.05


def test_without_an_aperture_both_are_the_truth(rng):
    light = cast_light(list(rng.random((3, 30, 40))), replace(STILL, kind="thin", radius=0.0), rng)
    np.testing.assert_array_equal(light.image_a, light.truth)
    np.testing.assert_array_equal(light.image_b, light.truth)


@pytest.mark.parametrize("kind", KINDS)
def test_the_source_that_is_taken_is_the_sharper_one(kind, rng):
    pair = physical_pair(list(rng.random((2, 60, 60))), replace(STILL, kind=kind), rng)
    inside = pair.focus > 0.5
    errors = [(image - pair.truth) ** 2 for image in pair[:2]]
    assert errors[0][inside].mean() < errors[1][inside].mean()
    assert errors[1][~inside].mean() < errors[0][~inside].mean()


def test_gray_levels_come_back_from_light(rng):
    gray = rng.random((20, 20))
    np.testing.assert_allclose(physical._to_srgb(physical._light(gray, STILL))[..., 0], gray, atol=1e-15)
    assert abs(float(physical._light(np.full((1, 1), 0.5), STILL)[0, 0, 0]) - 0.21404) < 1e-5  # IEC 61966-2-1


def test_highlights_are_stretched_above_their_threshold_alone():
    levels = physical._to_srgb(np.array([[0.3, 0.5, 0.75, 1.0]]))
    light = physical._light(levels, replace(STILL, threshold=0.5, highlight=5.0, exposure=0.8))[..., 0]
    np.testing.assert_allclose(light, 0.8 * np.array([[0.3, 0.5, 0.75 * 3, 5.0]]))


def test_a_highlight_becomes_a_disc_that_is_cut_off_after_the_blur():
    """A point of 100 times white spreads over the 78 pixels of a disc of radius 5: still white, and even."""
    point = np.zeros((41, 41, 1))
    point[20, 20] = 100
    cast = physical._defocus(point, np.full((41, 41), 5.0))
    np.testing.assert_allclose(cast[15:26, 15:26, 0], 100 * disc_kernel(5.0), atol=1e-12)
    seen = developed(physical.FocusPair(cast, cast, cast, cast)).image_a
    assert seen.max() <= 1
    assert 60 <= np.sum(seen > 1 - 1e-9) <= 80


def test_every_pixel_is_blurred_by_its_own_disc(rng):
    image, radii = rng.random((24, 30, 2)), np.full((24, 30), 4.0)
    radii[:, :10] = 1.0
    found = physical._defocus(image, radii)
    np.testing.assert_allclose(found[:, :10], disc_blur(image, 1.0)[:, :10], atol=1e-12)
    np.testing.assert_allclose(found[:, 10:], disc_blur(image, 4.0)[:, 10:], atol=1e-12)
    between = physical._defocus(image, np.where(radii == 1.0, 1.0, 3.5))[:, 10:]  # 3.5 is one of the discs drawn
    assert np.abs(between - disc_blur(image, 3.5)[:, 10:]).max() < 1e-12


def test_flat_layers_are_seen_as_the_thin_lens_sees_them(rng):
    coverage = smooth_shape((30, 40), 5.0, 0.5, rng)
    far, near = rng.random((2, 30, 40, 3))
    layers = [Layer(far, np.ones((30, 40)), 4.0), Layer(near, coverage, 1.25)]
    surfaces = [Surface(each.colour, each.coverage, np.full((30, 40), 1 / each.depth)) for each in layers]
    for focus in (4.0, 1.25):
        expected = photograph(layers, focus, strength=8.0)
        np.testing.assert_allclose(physical._through_lens(surfaces, 1 / focus, 8.0), expected, atol=1e-12)


def test_noise_is_read_and_shot_noise():
    for level in (0.1, 0.8):
        light = physical.FocusPair(*[np.full((200, 200), level)] * 4)
        a, b = taken(light, replace(STILL, noise=0.04), fresh())
        linear = physical._light(a, STILL)[..., 0]
        assert abs(linear.std() / (0.04 * np.sqrt(0.1 + 0.9 * level)) - 1) < 0.03
        assert not np.array_equal(a, b)


def test_b_moves_and_a_stays():
    spot = np.zeros((61, 61))
    spot[28:33, 48:53] = 0.5
    light = physical.FocusPair(*[spot] * 4)
    a, b = taken(light, replace(STILL, shift=0.5), fresh())
    np.testing.assert_allclose(a, np.round(developed(light).image_a * 255) / 255, atol=1e-12)
    moved = [np.sum(np.indices(x.shape) * x, axis=(1, 2)) / x.sum() for x in (spot, physical._light(b, STILL)[..., 0])]
    assert abs(np.hypot(*(moved[1] - moved[0])) - 0.5) < 0.05
    _, wider = taken(light, replace(STILL, breathing=0.05), fresh())
    moved[1] = np.sum(np.indices((61, 61)) * (x := physical._light(wider, STILL)[..., 0]), axis=(1, 2)) / x.sum()
    np.testing.assert_allclose(moved[1] - moved[0], [0, 0.05 * 20], atol=0.1)


def test_thin_things_are_thin():
    for seed in range(20):
        coverage = physical._thin_things((120, 120), np.random.default_rng(seed))
        assert coverage.shape == (120, 120)
        assert 0 <= coverage.min() <= coverage.max() <= 1
        assert coverage.mean() < 0.4
        core = disc_blur((coverage > 0.5).astype(float), 12.0)
        assert core.max() < 0.95  # no disc of radius 12 is filled


def test_a_capture_of_wider_blur_is_else_the_same():
    one, wide = (draw_capture(np.random.default_rng(5), *most) for most in ((), (144.0,)))
    assert wide.radius == pytest.approx(one.radius**2)
    assert replace(wide, radius=one.radius) == one


def test_captures_stay_within_what_is_written():
    drawn = [draw_capture(np.random.default_rng(seed)) for seed in range(400)]
    assert {capture.kind for capture in drawn} == set(KINDS)
    limits = {
        "radius": (1, 12), "threshold": (0.4, 0.95), "highlight": (1, 8), "exposure": (0.6, 1.3), "shift": (0, 0.5),
        "breathing": (-0.004, 0.004), "noise": (0, 0.06),
    }  # fmt: skip
    for name, (least, most) in limits.items():
        values = np.array([getattr(capture, name) for capture in drawn])
        assert least <= values.min() <= least + 0.1 * (most - least), name
        assert most - 0.1 * (most - least) <= values.max() <= most, name
    assert {capture.quality for capture in drawn} <= {0, *range(60, 97)}
    still = np.mean([capture.shift == capture.breathing == 0 for capture in drawn])
    assert abs(still - 0.75) < 0.06


# -- the table of physical pairs


def test_the_table_keeps_photographs_and_seeds_apart():
    choose, test = physical_scenes("choose"), physical_scenes("test")
    assert len(choose) == len(test) == 40
    for role, part in (("choose", choose), ("test", test)):
        assert {name for s in part for name in (s.photograph, s.front) if name} == photographs_of(role)
        assert [s.photograph for s in part] == [s.photograph for s in scenes(role)]  # two pairs of each
        assert all((s.front == "") == (s.capture.kind == "plane") for s in part)
        assert all(s.front != s.photograph for s in part)
        kinds = [s.capture.kind for s in part]
        assert {kind: kinds.count(kind) for kind in KINDS} == {"plane": 6, "layers": 20, "thin": 14}
        for name, count in (("shift", 8), ("noise", 10), ("quality", 14)):
            assert sum(bool(getattr(s.capture, name)) for s in part) == count
    assert len({s.seed for s in choose + test}) == len({s.name for s in choose + test}) == 80


def test_a_physical_pair_is_made_from_its_row(monkeypatch, rng):
    images = {name: rng.random((40, 50, 3)) for name in photographs_of("choose")}
    monkeypatch.setattr(ground_truth, "_photograph", lambda name, data: images[name])
    for scene in physical_scenes("choose")[:6]:
        pair = make_pair(scene)
        sources = [images[name] for name in (scene.photograph, scene.front) if name]
        expected = physical_pair(sources, scene.capture, np.random.default_rng(scene.seed))
        for x, y in zip(pair, expected, strict=True):
            np.testing.assert_array_equal(x, y)


def test_photographs_make_pairs(shared_data):
    pair = make_pair(physical_scenes("choose")[0], shared_data)
    assert pair.image_a.shape == pair.truth.shape == (512, 512, 3)
    assert 0.02 < pair.focus.mean() < 0.98
