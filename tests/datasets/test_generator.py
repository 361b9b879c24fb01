"""The made-up pairs: optics by hand, and the embedded files as the generator makes them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from matlab_compat import im2uint8, psnr
from reference.datasets.generator.scenes import SCENES, make_scene, smooth_shape
from reference.datasets.generator.thin_lens import Layer, blur_radius, disc_blur, disc_kernel, photograph
from reference.datasets.registry import data_root
from tests.support.strategies import fields


def stored(scene, name):
    with Image.open(data_root() / "samples" / scene.name / f"{name}.png") as image:
        return np.asarray(image)


@given(st.floats(0, 12))
def test_disc_has_unit_sum_and_its_area(radius):
    kernel = disc_kernel(radius)
    assert abs(kernel.sum() - 1) < 1e-12
    np.testing.assert_allclose(kernel, kernel.T)
    if radius > 1:
        assert abs(1 / kernel.max() - np.pi * radius**2) < 0.15 * np.pi * radius**2


@given(fields(least=3), st.sampled_from([0.0, 1.0, 2.5]))
def test_blur_keeps_the_range_and_constants(image, radius):
    blurred = disc_blur(image, radius)
    assert blurred.shape == image.shape
    assert image.min() - 1e-12 <= blurred.min() <= blurred.max() <= image.max() + 1e-12


def test_blur_radius_by_hand():
    assert blur_radius(depth=2.0, focus=1.0, strength=10.0) == 5.0
    assert blur_radius(depth=1.0, focus=2.0, strength=10.0) == 5.0
    assert blur_radius(depth=3.0, focus=3.0, strength=10.0) == 0.0


@pytest.mark.parametrize("call", [lambda: blur_radius(0, 1, 1), lambda: blur_radius(1, -1, 1), lambda: disc_kernel(-1)])
def test_impossible_optics_are_refused(call):
    with pytest.raises(ValueError, match=r"but a (distance|disc)"):
        call()


def test_light_goes_round_a_blurred_near_layer_and_not_round_a_sharp_one():
    """White before black, an edge at column 20: focused far, white light spreads over the black; focused near, it
    ends at the edge, and what is blurred behind it stays black up to the edge."""
    shape = (40, 40)
    coverage = np.zeros(shape)
    coverage[:, 20:] = 1
    layers = [Layer(np.zeros(shape), np.ones(shape), 2.0), Layer(np.ones(shape), coverage, 1.0)]
    on_far, on_near = (photograph(layers, focus, strength=8.0) for focus in (2.0, 1.0))
    row = on_far[20]
    assert 0.3 < row[19] < 0.5 < row[20] < 0.7
    assert row[16] > 0
    assert row[15] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(on_near, coverage, atol=1e-12)


def test_blurred_far_layer_is_covered_not_mixed():
    """The far layer's blur is computed from all of it, also from what the near layer hides."""
    shape = (40, 40)
    coverage = np.zeros(shape)
    coverage[:, 20:] = 1
    far = np.zeros(shape)
    far[:, 18:] = 1  # bright, mostly behind the dark near layer
    layers = [Layer(far, np.ones(shape), 2.0), Layer(np.zeros(shape), coverage, 1.0)]
    on_near = photograph(layers, 1.0, strength=8.0)
    np.testing.assert_allclose(on_near[:, :20], disc_blur(far, 4.0)[:, :20], atol=1e-12)
    np.testing.assert_allclose(on_near[:, 20:], 0, atol=1e-12)


def test_everything_sharp_is_the_composite():
    rng = np.random.default_rng(0)
    coverage = smooth_shape((30, 40), 5.0, 0.5, rng)
    near, far = rng.random((2, 30, 40, 3))
    layers = [Layer(far, np.ones((30, 40)), 2.0), Layer(near, coverage, 1.0)]
    expected = coverage[..., None] * near + (1 - coverage[..., None]) * far
    np.testing.assert_allclose(photograph(layers, 1.0, 0.0), expected, atol=1e-15)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_embedded_pairs_are_what_the_generator_makes(scene):
    """Within one grey level on one pixel in a thousand: Fourier transforms differ in the last digit by machine."""
    pair = make_scene(scene)
    images = {"a": pair.image_a, "b": pair.image_b, "truth": pair.truth, "focus": pair.focus}
    for name, image in images.items():
        difference = np.abs(im2uint8(image).astype(int) - stored(scene, name))
        assert difference.max() <= 1, name
        assert np.mean(difference > 0) < 1e-3, name


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_embedded_pairs_keep_what_they_promise(scene):
    assert 2 <= scene.blur <= 6
    focus = stored(scene, "focus") > 127
    assert 0.35 <= focus.mean() <= 0.65
    truth, a, b = (stored(scene, name) for name in ("truth", "a", "b"))
    inner = {True: a, False: b}
    for chosen, image in inner.items():  # well inside its region each source is the truth itself
        region = disc_blur((focus == chosen).astype(float), 2 * scene.blur + 2) > 1 - 1e-9
        assert region.any()
        assert np.abs(image[region].astype(int) - truth[region]).max() <= 1
    perfect = np.where(focus if a.ndim == 2 else focus[..., None], a, b)
    assert psnr(perfect, truth) > max(psnr(a, truth), psnr(b, truth)) + 3


def test_depth_map_is_near_where_the_near_layer_is():
    pair = make_scene(SCENES[0], (40, 50))
    assert set(np.unique(pair.depth)) == {1.0, 2.0}
    assert np.all((pair.depth == 1.0) == (pair.focus > 0.5))  # A is focused on the near layer


def test_the_generator_command_writes_the_samples(tmp_path, monkeypatch):
    from reference.datasets.generator import __main__ as command
    from reference.datasets.generator.scenes import make_scene as make

    monkeypatch.setattr(command, "SCENES", SCENES[4:5])
    monkeypatch.setattr(command, "make_scene", lambda scene: make(scene, (40, 50)))
    command.main(tmp_path)
    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.png"))
    assert names == [f"camera_grass/{name}.png" for name in ("a", "b", "focus", "truth")]
    assert len((tmp_path / "SHA256SUMS").read_text().splitlines()) == 4
