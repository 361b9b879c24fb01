"""Alignment: known motions are found, what is unrelated is refused, nothing from beyond the border comes in."""

from __future__ import annotations

import json
import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from matlab_compat import imresize
from reference.align.align import align, refine
from reference.align.motion import KINDS, Motion, PairMotion, apply_motion, covered, read_motion, warp
from reference.align.placement import _scaled, align_pair, place
from reference.cli import main
from reference.commands import arguments
from reference.datasets.pairs import embedded_pairs
from reference.errors import BadInput, MissingExtra
from reference.images.files import read_image, write_image
from reference.steps import gray
from tests.support.motions import mean_residual, motion

PAIRS = {pair.name: pair for pair in embedded_pairs()}
SIZES = st.tuples(st.integers(20, 40), st.integers(20, 40))


@pytest.mark.parametrize(
    ("moves", "kind"),
    [
        ("shift", "scale"),
        ("rotation", "scale"),
        ("scale", "scale"),
        ("affine", "affine"),
        ("perspective", "homography"),
    ],
)
@pytest.mark.parametrize("name", PAIRS)
def test_a_known_motion_is_found(name, moves, kind):
    a, b = (gray(read_image(path).pixels) for path in (PAIRS[name].image_a, PAIRS[name].image_b))
    true = motion(moves, a.shape, seed=7)
    photographed = np.round(255 * warp(b, np.linalg.inv(true), a.shape)) / 255
    found = align(a, photographed, kind)
    assert mean_residual(found.motion.matrix, true, a.shape) < 0.3
    assert found.residual < 1.5


def test_unrelated_photographs_are_refused_with_figures():
    a, b = (read_image(PAIRS[name].image_a).pixels for name in ("cat_coffee", "camera_grass"))
    names = "cat.png", "camera.png"
    with pytest.raises(BadInput, match=r"cat.png and camera.png cannot be aligned: \d+ of \d+ matching features agree"):
        align_pair(np.repeat(a[..., :1], 3, axis=2), b, names, "homography", None, print)
    flat = np.full((64, 64), 0.5)
    with pytest.raises(BadInput, match="0 of 0 matching features agree on one motion, but 12 are needed"):
        align(flat, flat)
    a, b = (gray(read_image(PAIRS[name].image_a).pixels) for name in ("astronaut_rocket", "camera_grass"))
    with pytest.raises(BadInput, match=r"\b[1-9] of \d+ matching features agree on one motion, but 12 are needed"):
        align(a, b, "scale")


@pytest.mark.slow
def test_what_correlates_only_in_part_is_refused():
    a, b = (gray(read_image(PAIRS[name].image_a).pixels) for name in ("cat_coffee", "rocket_cat"))
    rows, columns = min(a.shape[0], b.shape[0]), min(a.shape[1], b.shape[1])
    with pytest.raises(BadInput, match=r"they correlate by 0\.\d\d, below 0.8"):
        align(a[:rows, :columns], b[:rows, :columns], "homography")  # the same cat before another background


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.slow
def test_a_kind_that_cannot_be_is_refused(name):
    """B is 8 % narrower, which no turn, scaling and shift undoes, however much both correlate."""
    a, b = (gray(read_image(path).pixels) for path in (PAIRS[name].image_a, PAIRS[name].image_b))
    narrower = np.diag([1 / 0.92, 1.0, 1.0])
    photographed = np.round(255 * warp(b, narrower, (b.shape[0], int(0.92 * b.shape[1])))) / 255
    found = align(a, photographed, "affine")
    assert mean_residual(found.motion.matrix, np.linalg.inv(narrower), a.shape) < 0.3
    with pytest.raises(BadInput, match=r"off by \d+\.\d pixels, above 2: try another kind"):
        align(a, photographed, "scale")


@pytest.mark.slow
def test_another_size_is_first_brought_to_as_many_pixels():
    """Moving alone would not smooth what it makes smaller."""
    a, b = (read_image(path).pixels for path in (PAIRS["cat_coffee"].image_a, PAIRS["cat_coffee"].image_b))
    told = []
    larger = np.clip(imresize(b, (2 * b.shape[0], 2 * b.shape[1])), 0, 1)
    placed = place(a, larger, ("a", "b"), "scale", None, told.append)
    assert placed.pair_motion.size_b == a.shape[:2]
    assert mean_residual(placed.pair_motion.motion.matrix, np.eye(3), a.shape) < 0.3
    assert f"is resized from {2 * b.shape[1]} x {2 * b.shape[0]} to {b.shape[1]} x {b.shape[0]} and moved" in told[0]


def test_what_lies_behind_the_camera_is_not_covered():
    matrix = np.array([[-1.0, 0, -10], [0, -1, -10], [-1 / 50, 0, 1]])  # the horizon is column 50
    assert math.prod(covered(matrix, (120, 160), (120, 160)).size) == 0
    matrix = np.array([[1.0, 0, 0], [0, 1, 0], [-1 / 50, 0, 1]])
    assert covered(matrix, (120, 160), (120, 10**6)).right <= 50
    assert np.isfinite(warp(np.eye(20), matrix, (20, 60))).all()


@pytest.mark.slow
def test_a_strip_is_aligned():
    """Over 4 megapixels, and too narrow to be halved until it has less."""
    rng = np.random.default_rng(0)
    strip = np.clip(gaussian_filter(rng.random((120, 35000)), 2) * 4 - 1.5, 0, 1)
    assert align(strip[:, :-40], strip[:, 40:], "scale").correlation > 0.99


def test_little_that_is_left_is_refused():
    a = gray(read_image(PAIRS["camera_grass"].image_a).pixels)
    with pytest.raises(BadInput, match=r"cannot be aligned: .* only \d+% of A would be left"):
        align(a[: a.shape[0] // 2 + 40, : a.shape[1] // 2 + 20], a[a.shape[0] // 2 - 40 :, a.shape[1] // 2 - 60 :])


@given(SIZES, SIZES, st.integers(0, 10**6))
def test_what_is_covered_lies_within_b(size_a, size_b, seed):
    matrix = motion("perspective", size_a, seed, shift=8)
    region = covered(matrix, size_a, size_b)
    y, x = np.mgrid[region.top : region.bottom, region.left : region.right].astype(float)
    to_x, to_y = apply_motion(matrix, x, y)
    assert ((to_x >= 0) & (to_x <= size_b[1] - 1) & (to_y >= 0) & (to_y <= size_b[0] - 1)).all()


@given(SIZES, st.integers(0, 8), st.integers(0, 8))
def test_a_whole_shift_is_exact_and_covers_the_rest(size, down, right):
    image = np.random.default_rng(0).random(size)
    shift = np.array([[1.0, 0, right], [0, 1, down], [0, 0, 1]])
    region = covered(shift, size, size)
    assert region == (0, size[0] - down, 0, size[1] - right)
    assert np.abs(region.of(warp(image, shift, size)) - image[down:, right:]).max() < 1e-12


def test_strips_change_nothing(monkeypatch):
    image, matrix = np.random.default_rng(0).random((50, 40, 3)), motion("perspective", (50, 40), 3, shift=4)
    whole, region = warp(image, matrix, (45, 41)), covered(matrix, (45, 41), (50, 40))
    monkeypatch.setattr("reference.align.motion.STRIP", 100)
    assert np.array_equal(warp(image, matrix, (45, 41)), whole)
    assert covered(matrix, (45, 41), (50, 40)) == region


def test_scale_neither_shears_nor_stretches():
    a = gray(read_image(PAIRS["camera_grass"].image_a).pixels)
    sheared = warp(a, np.array([[1.0, 0.01, 0], [0, 1.02, 0], [0, 0, 1]]), a.shape)
    matrix, _ = refine(a, sheared, np.eye(3), "scale")
    assert matrix[0, 0] == matrix[1, 1]
    assert matrix[0, 1] == -matrix[1, 0]


@pytest.fixture
def files(tmp_path):
    """A, and B photographed by a camera that was moved."""
    pair = PAIRS["camera_grass"]
    a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    true = motion("affine", a.shape[:2], seed=1)
    write_image(tmp_path / "a.png", a)
    write_image(tmp_path / "b.png", warp(b, np.linalg.inv(true), a.shape))
    return tmp_path, true


@pytest.mark.slow
def test_aligned_files_are_what_fuse_aligns_itself(files, capsys):
    folder, true = files
    a, b = str(folder / "a.png"), str(folder / "b.png")
    assert main(["align", a, b, "-o", str(folder / "out"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert mean_residual(np.array(record["matrix"]), true, record["size_a"]) < 0.1
    assert json.loads((folder / "out/motion.json").read_text()) == record
    assert {path.name for path in (folder / "out").iterdir()} == {"a.png", "b.png", "motion.json"}
    region = record["region"]
    kept = read_image(folder / "a.png").pixels[region["top"] : region["bottom"], region["left"] : region["right"]]
    assert np.array_equal(read_image(folder / "out/a.png").pixels, kept)

    fuse = ["fuse", a, b, "--method", "gfdf", "-o"]
    assert main([*fuse, str(folder / "found.png"), "--align", "affine"]) == 0
    assert "is moved onto" in capsys.readouterr().err
    assert main([*fuse, str(folder / "again.png"), "--motion", str(folder / "out/motion.json")]) == 0
    assert (folder / "found.png").read_bytes() == (folder / "again.png").read_bytes()
    assert read_image(folder / "found.png").pixels.shape == kept.shape


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "no JSON"), ("[]", "sizes or sources"), ("{}", "it has no size_a"), ('{"kind": "twist"}', "size_a"),
     ('{"kind": "twist", "matrix": [[1,0,0],[0,1,0],[0,0,1]], "size_a": [20, 20], "size_b": [20, 20]}', "not 'twist'"),
     ('{"kind": "scale", "matrix": [[1,0,0],[0,1,0],[0,0,1]], "size_a": [20, 20], "size_b": [90000, 9000]}', "size_b"),
     ('{"kind": "scale", "matrix": [[1,0,0],[0,1,0],[1,1,0]], "size_a": [20, 20], "size_b": [20, 20]}', "inverted"),
     ('{"kind": "scale", "matrix": [[1,0,0],[0,1,0],[1,1,1e-99]], "size_a": [9, 9], "size_b": [20, 20]}', "inverted"),
     ('{"kind": "affine", "matrix": [[1,0,0],[0,1,0],[0,1,1]], "size_a": [20, 20], "size_b": [20, 20]}', "is 0 0 1"),
     ('{"kind": "homography", "matrix": [[1e308,0,0],[0,1e308,0],[0,0,1e-8]], "size_a": [20, 20], "size_b": [20, 20]}',
      "inverted"),
     ("[" * 100000, "no JSON"),
     ('{"kind": "scale", "matrix": [[0,0,0],[0,0,0],[0,0,1]], "size_a": [20, 20], "size_b": [20, 20]}', "inverted")],
)  # fmt: skip
def test_a_file_that_holds_no_motion_is_one_sentence(tmp_path, text, why):
    path = tmp_path / "motion.json"
    path.write_text(text)
    with pytest.raises(BadInput, match=f"motion.json is no motion as parfocal align writes it: .*{why}"):
        read_motion(path)


@given(st.sampled_from(KINDS), st.integers(0, 10**6))
def test_a_motion_survives_its_file(tmp_path_factory, kind, seed):
    path = tmp_path_factory.mktemp("motion") / "motion.json"
    moves = "perspective" if kind == "homography" else "affine"
    pair_motion = PairMotion(Motion(kind, motion(moves, (30, 40), seed)), (30, 40), (31, 41))
    path.write_text(json.dumps(pair_motion.as_json()))
    again = read_motion(path)
    assert np.array_equal(again.motion.matrix, pair_motion.motion.matrix)
    assert (again.motion.kind, *again[1:]) == (kind, *pair_motion[1:])


def test_a_motion_of_another_size_and_contradicting_options_are_refused(files, capsys):
    folder, _ = files
    a, b = str(folder / "a.png"), str(folder / "b.png")
    pair_motion = PairMotion(Motion("scale", np.eye(3)), (30, 40), (30, 40))
    (folder / "motion.json").write_text(json.dumps(pair_motion.as_json()))
    fuse = ["fuse", a, b, "--method", "gfdf", "-o", str(folder / "f.png")]
    for more, code, says in (
        (["--motion", str(folder / "motion.json")], 3, "the motion is of 40 x 30 pixels, but"),
        (["--motion", str(folder / "motion.json"), "--align", "scale"], 2, "use one of them"),
        (["--align", "scale", "--onto", "b"], 2, "an alignment brings B onto A"),
    ):
        assert main([*fuse, *more]) == code
        assert says in capsys.readouterr().err
    for wrong, says in ((folder, "name the motion.json in it"), (folder / "a.png", "it is no JSON")):
        assert main([*fuse, "--motion", str(wrong)]) == 3
        assert says in capsys.readouterr().err
    assert main(["align", a, b, "-o", a]) == 3
    assert "is a file, but a folder is to be written" in capsys.readouterr().err
    assert main(["align", a, a, "-o", str(folder / "out")]) == 3
    assert "have one name" in capsys.readouterr().err
    assert main(["align", a, b, "-o", str(folder)]) == 3
    assert "is one of the files that are read: choose another output" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("size", "onto", "shape"),
    [
        ((30, 40), "a", (60, 80)),
        ((30, 40), "larger", (60, 80)),
        ((30, 40), "b", (30, 40)),
        ((90, 120), "larger", (90, 120)),
    ],
)
def test_the_result_has_the_size_that_was_asked_for(tmp_path, size, onto, shape):
    image = np.random.default_rng(0).random((60, 80))
    write_image(tmp_path / "a.png", image)
    write_image(tmp_path / "b.png", np.full(size, 0.5))
    arguments = ["fuse", str(tmp_path / "a.png"), str(tmp_path / "b.png"), "-o", str(tmp_path / "f.png")]
    assert main([*arguments, "--method", "gfdf", "--onto", onto]) == 0
    assert read_image(tmp_path / "f.png").pixels.shape == shape


def test_another_shape_needs_an_alignment(tmp_path, capsys):
    write_image(tmp_path / "a.png", np.zeros((520, 520)))
    write_image(tmp_path / "b.png", np.zeros((480, 520)))
    arguments = ["fuse", str(tmp_path / "a.png"), str(tmp_path / "b.png"), "-o", str(tmp_path / "f.png")]
    assert main(arguments) == 3
    assert "of another shape by 8%: resizing would distort it; use --align" in capsys.readouterr().err
    write_image(tmp_path / "b.png", np.zeros((260, 261)))  # rounded
    assert main([*arguments, "--method", "gfdf"]) == 0


def test_b_of_another_size_is_aligned_too(tmp_path):
    from matlab_compat import imresize

    pair = PAIRS["camera_grass"]
    a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    larger = np.clip(imresize(b, 2.0), 0, 1)[20:, :-30]
    image_a, image_b, record = align_pair(a, larger, ("a", "b"), "scale", None, lambda sentence: None)
    inside = np.s_[8:-8, 8:-8]
    region = record["alignment"]["region"]
    assert (region["top"], region["right"]) == pytest.approx((10, a.shape[1] - 15), abs=2)
    expected = b[region["top"] : region["bottom"], region["left"] : region["right"]]
    assert np.abs(image_b - expected)[inside].mean() < 0.02
    assert image_a.shape == image_b.shape


def test_the_command_line_offers_the_kinds_that_there_are():
    assert arguments.KINDS == KINDS


def test_without_opencv_the_system_line_is_named(monkeypatch, rng):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingExtra, match=r"apt-get install --no-install-recommends libgl1 libglib2\.0-0") as raised:
        align(*rng.random((2, 40, 40)), "affine")
    assert raised.value.exit_code == 4


def test_only_a_size_that_differs_by_a_twentieth_is_brought_first():
    assert _scaled((200, 300), (208, 312)) == (208, 312)
    assert _scaled((200, 300), (220, 330)) == (200, 300)


@pytest.mark.slow
def test_alignment_draws_nothing_that_was_drawn_before():
    cv2 = pytest.importorskip("cv2")
    a, b = (gray(read_image(path).pixels) for path in (PAIRS["cat_coffee"].image_a, PAIRS["cat_coffee"].image_b))
    found = []
    for seed in (3, 4):
        cv2.setRNGSeed(seed)
        found.append(align(a, b, "homography").motion.matrix)
    np.testing.assert_array_equal(*found)


@pytest.mark.slow
def test_a_wider_window_finds_defocused_photographs_better(monkeypatch):
    """Detail that is sharp in one photograph only counts less in a smoothed one."""

    def errors():
        for pair in PAIRS.values():
            a, b = (gray(read_image(path).pixels) for path in (pair.image_a, pair.image_b))
            true = motion("affine", a.shape, seed=7)
            photographed = np.round(255 * warp(b, np.linalg.inv(true), a.shape)) / 255
            yield mean_residual(align(a, photographed, "affine").motion.matrix, true, a.shape)

    wide = sum(errors())
    monkeypatch.setattr("reference.align.align.SMOOTHING", 5)
    assert wide < 0.9 * sum(errors())
