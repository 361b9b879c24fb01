"""Exposure and place: what two photographs of one scene should agree in is measured, told, and evened where asked."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.cli import main
from reference.datasets.generator.thin_lens import disc_blur
from reference.datasets.pairs import embedded_pairs
from reference.images.files import ImageFile, read_image, write_image
from reference.jobs.agreement import exposure_gains, moved_by, reduced

PAIRS = {pair.name: pair for pair in embedded_pairs()}


def photographs(name):
    return (read_image(path) for path in (PAIRS[name].image_a, PAIRS[name].image_b))


def told(capsys):
    return capsys.readouterr().err


@pytest.mark.parametrize("name", PAIRS)
def test_of_pairs_that_agree_nothing_is_told(name):
    a, b = (reduced(file) for file in photographs(name))
    assert np.abs(exposure_gains(a, b) - 1).max() < 0.01
    assert moved_by(a, b) < 0.5


@given(st.floats(0.6, 1.5), st.integers(0, 100))
def test_a_gain_is_found_though_another_part_is_in_focus(gain, seed):
    rng = np.random.default_rng(seed)
    scene = 0.2 + 0.3 * rng.random((96, 128))
    blurred = np.clip(disc_blur(scene, 3), 0, 1)
    left = np.arange(128) < 64
    a, b = np.where(left, scene, blurred), np.where(left, blurred, scene) * gain
    assert exposure_gains(a, b) == pytest.approx([1 / gain], rel=0.01)


def test_channels_have_gains_of_their_own(rng):
    a = 0.2 + 0.5 * rng.random((64, 64, 3))
    assert exposure_gains(a, a * [0.9, 1, 1.1]) == pytest.approx([1 / 0.9, 1, 1 / 1.1])


def test_what_is_black_or_white_tells_nothing():
    a = np.zeros((64, 64))
    a[:30] = 1
    assert exposure_gains(a, a / 2).tolist() == [1]


@pytest.mark.parametrize("name", ["cat_coffee", "coffee_gravel"])
@pytest.mark.parametrize("shift", [(0, 6), (-9, 0), (5, 12)])
def test_a_shift_is_found_though_another_part_is_in_focus(name, shift):
    a, b = photographs(name)
    small_a, small_b = reduced(a), reduced(ImageFile(np.roll(b.raw, shift, (0, 1)), b.stored))
    assert moved_by(small_a, small_b) * max(a.shape) / max(small_a.shape) == pytest.approx(np.hypot(*shift), abs=1.2)


def test_photographs_of_different_scenes_are_not_told_to_be_moved(rng):
    assert moved_by(rng.random((200, 256)), rng.random((200, 256))) == 0


@pytest.mark.parametrize("shape", [(16, 16), (257, 20), (600, 431, 3)])
def test_what_is_reduced_keeps_its_mean(shape, rng):
    levels = rng.integers(0, 65536, shape).astype(np.uint16)
    small = reduced(ImageFile(levels, levels.dtype))
    assert max(small.shape[:2]) <= 256
    assert small.mean() == pytest.approx(levels.mean() / 65535, rel=0.02)


@pytest.fixture
def flicker(tmp_path):
    """Two photographs, the first 15 % darker."""
    a, b = (file.pixels[100:300, 100:340] for file in photographs("cat_coffee"))
    write_image(tmp_path / "a.png", 0.85 * a)
    write_image(tmp_path / "b.png", b)
    return tmp_path


def fuse(folder, *options):
    names = [str(folder / name) for name in ("a.png", "b.png")]
    assert main(["fuse", *names, "-o", str(folder / "f.png"), "--method", "gfdf", *options]) == 0
    return json.loads((folder / "f.png.json").read_text()), read_image(folder / "f.png").pixels


def test_another_exposure_is_told_and_evened_where_asked(flicker, capsys):
    a, b = (read_image(flicker / name).pixels for name in ("a.png", "b.png"))
    manifest, fused = fuse(flicker)
    assert "b.png is 17.6% brighter than" in (says := told(capsys))
    assert "--match-exposure makes it as bright" in says
    assert "exposure_gains" not in manifest
    manifest, evened = fuse(flicker, "--match-exposure")
    assert "it is made as bright" in told(capsys)
    assert manifest["exposure_gains"] == pytest.approx([0.85] * 3, abs=0.005)
    assert np.abs(evened - 0.85 * b).mean() < np.abs(fused - 0.85 * b).mean() / 2
    assert evened.mean() == pytest.approx(a.mean(), rel=0.01)


def test_a_stack_is_evened_onto_the_first(flicker, capsys):
    names = [str(flicker / name) for name in ("a.png", "b.png")]
    command = ["stack", *names, "-o", str(flicker / "s.png"), "--method", "gfdf"]
    assert main([*command, "--match-exposure"]) == 0
    _, evened = fuse(flicker, "--match-exposure")
    assert np.array_equal(read_image(flicker / "s.png").pixels, evened)
    gains = json.loads((flicker / "s.png.json").read_text())["exposure_gains"]
    assert gains[0] == [1.0]
    assert gains[1] == pytest.approx([0.85] * 3, abs=0.005)


def test_what_was_aligned_is_not_told_to_be_moved(tmp_path, capsys):
    """What is left of a motion is told by the alignment, in figures."""
    a, b = (file.pixels for file in photographs("cat_coffee"))
    for name, image in (("a.png", a), ("b.png", np.roll(b, 8, axis=1))):
        write_image(tmp_path / name, image)
    fuse(tmp_path, "--align", "scale")
    assert "moved by" not in told(capsys)


def test_a_camera_that_moved_is_told(flicker, capsys):
    b = read_image(flicker / "b.png").pixels
    write_image(flicker / "b.png", np.roll(b, 8, axis=1))
    fuse(flicker, "--match-exposure")
    assert "b.png seems moved by 8 pixels against" in told(capsys)


@pytest.mark.parametrize(("width", "code"), [(201, 0), (204, 3)])
def test_a_shape_may_differ_by_a_hundredth(width, code, tmp_path, capsys, rng):
    paths = [str(tmp_path / name) for name in ("a.png", "b.png", "f.png")]
    for path, columns in zip(paths, (200, width), strict=False):
        write_image(path, rng.random((200, columns)))
    assert main(["fuse", *paths[:2], "-o", paths[2], "--method", "gfdf"]) == code
    assert ("of another shape by 2%" in capsys.readouterr().err) is bool(code)
