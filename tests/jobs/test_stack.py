"""Stacks: at two photographs the pair's method to the last digit; order, memory and borders beyond that."""

from __future__ import annotations

import json
import tracemalloc
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.align.placement import place
from reference.cli import main
from reference.datasets.generator.thin_lens import disc_blur
from reference.datasets.pairs import embedded_pairs
from reference.datasets.registry import data_root
from reference.images.files import read_image, write_image
from reference.jobs.stack_fusion import stack
from reference.methods.base import GfdfMethod, NetworkMethod
from reference.methods.pixel import pixel
from reference.network.loading import load_network
from reference.parameters import TUNED, FusionParameters
from tests.support.motions import mean_residual, motion

PAIR = next(pair for pair in embedded_pairs() if pair.name == "astronaut_rocket")
GFDF = GfdfMethod(FusionParameters(small_region_area=0, guide_radius=2, guide_eps=0.1))


def given_as(images):
    return [partial(np.copy, image) for image in images]


def synthetic(truth: np.ndarray, photographs: int) -> list[np.ndarray]:
    """A plane that goes away from left to right, in focus in another strip of each photograph."""
    depth = np.broadcast_to(np.linspace(0, 1, truth.shape[1]), truth.shape[:2])
    blurred = np.stack([np.clip(disc_blur(truth, radius), 0, 1) for radius in range(9)])
    y, x = np.indices(depth.shape)
    focus = [k / (photographs - 1) for k in range(photographs)]
    return [blurred[np.rint(8 * np.abs(depth - f)).astype(int), y, x] for f in focus]


@pytest.mark.parametrize("by", ["gfdf", "small"])
def test_two_photographs_are_fused_as_a_pair(by):
    a, b = (read_image(path).pixels[60:150, 80:190] for path in (PAIR.image_a, PAIR.image_b))
    fusing = GfdfMethod() if by == "gfdf" else NetworkMethod(load_network("small"), TUNED)
    pair, stacked = fusing(a, b), stack(given_as([a, b]), fusing)
    assert np.array_equal(stacked.image, pair.image)
    assert np.array_equal(stacked.depth, np.clip(1 - pair.decision_map, 0, 1))


@given(st.integers(2, 5), st.integers(0, 1000), st.booleans())
def test_weights_sum_to_one_and_equal_photographs_stay(photographs, seed, colour):
    image = np.random.default_rng(seed).random((24, 28, 3) if colour else (24, 28))
    stacked = stack(given_as([image] * photographs), GFDF)
    assert np.abs(stacked.image - image).max() < 1e-12
    assert (stacked.index_map == photographs - 1).all()  # a tie goes to the later one
    assert stacked.depth.min() > 1 - 1e-12


def test_each_strip_comes_from_the_photograph_that_is_sharp_there():
    truth = read_image(PAIR.truth).pixels
    images = synthetic(truth, 5)
    stacked = stack(given_as(images), GfdfMethod())
    middle = [int(np.median(stacked.index_map[:, round(k / 4 * (truth.shape[1] - 1))])) for k in range(5)]
    assert middle == [0, 1, 2, 3, 4]
    error = [np.mean((image - truth) ** 2) for image in [*images, stacked.image]]
    assert error[-1] < min(error[:-1]) / 5
    left, right = stacked.depth[:, :20].mean(), stacked.depth[:, -20:].mean()
    assert left < 0.2 < 0.8 < right


def test_a_seam_is_not_taken_for_detail():
    """The first is sharp on the left, the second, which is brighter, on the right, the third between them, faintly."""
    detail, columns = np.random.default_rng(0).random((48, 96)) - 0.5, np.arange(96)
    left = 0.475 + 0.3 * detail * (columns < 40)
    right = 0.525 + 0.3 * detail * (columns >= 56)
    between = 0.5 + 0.05 * detail * ((columns >= 38) & (columns < 58))
    index = stack(given_as([left, right, between]), GfdfMethod()).index_map
    assert (index[:, 44:52] == 2).mean() > 0.5  # with a hard seam there: none


@pytest.mark.slow
def test_memory_does_not_grow_with_the_photographs():
    image = np.random.default_rng(0).random((200, 200, 3))

    def peak(photographs: int) -> int:
        tracemalloc.start()
        stack([lambda: np.roll(image, 1)] * photographs, GFDF)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(20) < 1.02 * peak(3)


def test_one_photograph_or_another_shape_is_one_sentence():
    image = np.zeros((20, 20))
    with pytest.raises(ValueError, match="1 photograph was given, but a stack has two or more"):
        stack(given_as([image]), GFDF)
    with pytest.raises(ValueError, match=r"photograph 1 is \(20, 21\) but photograph 0 is \(20, 20\)"):
        stack(given_as([image, np.zeros((20, 21))]), GFDF)


@pytest.fixture
def files(tmp_path):
    """Five photographs, the camera moved a little from each to the next; and the motions from the first to each."""
    truth = read_image(PAIR.truth).pixels
    motions, paths = [np.eye(3)], []
    for k, image in enumerate(synthetic(truth, 5)):
        from reference.align.motion import warp

        paths.append(tmp_path / f"{k}.png")
        write_image(paths[-1], warp(image, np.linalg.inv(motions[-1]), image.shape))
        motions.append(motion("scale", image.shape, seed=k, shift=3) @ motions[-1])
    return paths, motions, truth


NAMES = ("img_1", "img_10", "img_2")  # as a shell gives them


@pytest.mark.parametrize(
    ("given", "taken", "told"),
    [
        (NAMES, ("img_1", "img_2", "img_10"), True),
        (("img_1", "img_2", "img_10"), ("img_1", "img_2", "img_10"), False),
        (("img_10", "img_1", "img_2"), ("img_10", "img_1", "img_2"), False),
        (("A10", "a2"), ("a2", "A10"), True),
        (("x/9", "y/1"), ("x/9", "y/1"), False),
        (("9", "10"), ("9", "10"), False),
    ],
)
def test_photographs_are_taken_by_the_numbers_in_their_names(given, taken, told, tmp_path, capsys):
    """Where they were given in the order of characters; any other order is the user's."""
    colours = dict(zip(sorted(given), (0.2, 0.5, 0.8), strict=False))
    for name, level in colours.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write_image(tmp_path / f"{name}.png", np.full((20, 30), level))
    paths = [str(tmp_path / f"{name}.png") for name in given]
    assert main(["stack", *paths, "-o", str(tmp_path / "f.png"), "--method", "gfdf", "--json"]) == 0
    out, err = capsys.readouterr()
    order = [source["file"].removesuffix(".png") for source in json.loads(out)["sources"]]
    assert order == [name.rpartition("/")[2] for name in taken]
    assert ("taken by the numbers in their names" in err) is told


@pytest.mark.slow
def test_a_moved_stack_is_moved_back(files, tmp_path):
    paths, motions, truth = files
    output = tmp_path / "fused.png"
    assert main(["stack", *map(str, paths), "-o", str(output), "--method", "gfdf", "--align", "scale"]) == 0
    record = json.loads((tmp_path / "fused.png.json").read_text())
    for k in range(1, 5):
        found = np.array(record["moved"][k]["alignment"]["matrix"])
        assert mean_residual(found, motions[k], truth.shape) < 0.3, k
    region = record["region"]
    kept = truth[region["top"] : region["bottom"], region["left"] : region["right"]]
    fused = read_image(output).pixels
    assert fused.shape == kept.shape
    assert np.mean((fused - kept) ** 2) < np.mean((read_image(paths[2]).pixels - truth) ** 2) / 4
    index = read_image(tmp_path / "fused_index.tif").pixels * 255
    assert set(np.unique(np.rint(index))) <= {0, 1, 2, 3, 4}
    assert sum(record["share_of_each"]) == pytest.approx(1, abs=1e-5)


def test_two_files_give_the_bytes_of_fuse(files, tmp_path):
    paths, _, _ = files
    assert main(["stack", str(paths[1]), str(paths[0]), "-o", str(tmp_path / "s.png"), "--method", "gfdf"]) == 0
    assert main(["fuse", str(paths[0]), str(paths[1]), "-o", str(tmp_path / "f.png"), "--method", "gfdf"]) == 0
    assert (tmp_path / "s.png").read_bytes() == (tmp_path / "f.png").read_bytes()


def test_what_cannot_be_stacked_is_one_sentence(files, tmp_path, capsys):
    paths, _, _ = files
    write_image(tmp_path / "other.png", np.zeros((40, 50, 3)))
    for files_given, output, says in (
        (paths[:1], "f.png", "0.png is one photograph, but a stack has two or more"),
        ([tmp_path / "*.jpg"], "f.png", "*.jpg does not exist"),
        ([tmp_path], "f.png", "is a folder, not an image"),
        ([paths[0], paths[0]], "f.png", "0.png is given twice, but a stack takes each photograph once"),
        (
            [paths[0], paths[1], paths[1].parent / "." / ".." / paths[1].parent.name / paths[1].name],
            "f.png",
            "the same file, is given twice",
        ),
        ([paths[0], tmp_path / "other.png"], "f.png", "is 50 x 40: use --align"),
        (paths, "0.png", "is one of the files that are read: choose another output"),
        (paths, "f.xyz", "results are written as"),
    ):
        assert main(["stack", *map(str, files_given), "-o", str(tmp_path / output), "--method", "gfdf"]) == 3
        error = capsys.readouterr().err.strip().splitlines()[-1]
        assert error.startswith("parfocal: ")
        assert says in error
    assert not list(tmp_path.glob("f*"))


def test_places_compose():
    a = read_image(PAIR.truth).pixels
    one, two = motion("scale", a.shape, 1, shift=3), motion("scale", a.shape, 2, shift=3)
    from reference.align.motion import warp

    b, c = warp(a, np.linalg.inv(one), a.shape), warp(a, np.linalg.inv(two @ one), a.shape)
    first = place(a, b, ("a", "b"), "scale", None, lambda sentence: None)
    second = place(b, c, ("b", "c"), "scale", None, lambda sentence: None)
    assert mean_residual(second.compose(first).pair_motion.motion.matrix, two @ one, a.shape) < 0.1


def test_a_camera_that_moves_by_small_steps_is_told_of_the_ends(tmp_path, capsys):
    """Two pixels from each to the next are told of none; of two files their motion is told once."""
    truth = read_image(PAIR.truth).pixels
    paths = [tmp_path / f"{k}.png" for k in range(5)]
    for k, path in enumerate(paths):
        write_image(path, np.roll(truth, 2 * k, axis=1))
    command = ["stack", "-o", str(tmp_path / "f.png"), "--method", "gfdf"]
    assert main([*command, *map(str, paths)]) == 0
    (told,) = (line for line in capsys.readouterr().err.splitlines() if "seems moved" in line)
    assert f"{paths[4]} seems moved by 8 pixels against {paths[0]}: --align affine" in told
    assert main([*command, *map(str, paths), "--align", "scale"]) == 0
    assert "seems moved" not in capsys.readouterr().err
    assert main([*command, str(paths[0]), str(paths[4])]) == 0
    assert capsys.readouterr().err.count("seems moved by 8 pixels") == 1


def test_the_last_line_names_the_files_and_what_fused(tmp_path, capsys):
    paths = [tmp_path / f"{k}.png" for k in range(3)]
    for k, path in enumerate(paths):
        write_image(path, np.random.default_rng(k).random((32, 40)))
    beside = "s_index.png, s_index.tif, s_depth.png"
    for method, files, what in (
        ("pixel", f"{beside}, s_confidence.png", "network pixel, fast arithmetic (threads: "),
        ("gfdf", beside, "by GFDF"),
    ):
        assert main(["stack", *map(str, paths), "-o", str(tmp_path / "s.png"), "--method", method]) == 0
        last = capsys.readouterr().err.splitlines()[-1]
        assert f"s.png, {files}: " in last
        assert f"photographs are sharpest somewhere, {what}" in last
        assert (tmp_path / "s_confidence.png").exists() == (method == "pixel")


def test_no_confidence_of_another_picture_stays_beside_a_pair(tmp_path):
    for name in "ab":
        write_image(tmp_path / f"{name}.png", np.random.default_rng(ord(name)).random((32, 40)))
    for method in ("pixel", "gfdf"):
        sources = [str(tmp_path / f"{name}.png") for name in "ab"]
        assert main(["fuse", *sources, "-o", str(tmp_path / "f.png"), "--method", method]) == 0
        assert (tmp_path / "f_confidence.png").exists() == (method == "pixel")


def test_weights_of_another_network_are_told_once(tmp_path, capsys):
    weights = data_root() / "weights" / "pixel.safetensors"
    for name in "ab":
        write_image(tmp_path / f"{name}.png", np.random.default_rng(ord(name)).random((32, 40)))
    sources = [str(tmp_path / f"{name}.png") for name in "ab"]
    assert main(["stack", *sources, "-o", str(tmp_path / "f.png"), "--weights", str(weights)]) == 3
    said = f"parfocal: {weights} holds the network pixel, not enhanced"
    assert capsys.readouterr().err.splitlines()[-1] == said


def test_a_path_in_place_of_an_array_is_one_sentence():
    for call in (lambda: pixel("a.png", "b.png"), lambda: stack(["a.png", "b.png"])):
        with pytest.raises(TypeError, match=r"is a str, but an image is an array, as of read_image\(path\)\.pixels"):
            call()
