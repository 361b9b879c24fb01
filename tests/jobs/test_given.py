"""Decisions for other versions of the same photographs, levels of white, and the quality of JPEG."""

from __future__ import annotations

import json

import numpy as np
import pytest
import tifffile
from PIL import Image

from matlab_compat import im2uint8
from reference.cli import main
from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image, read_photograph, write_image
from reference.jobs.stack_fusion import stack, stack_by_index
from reference.methods.base import GfdfMethod

PAIR = next(pair for pair in embedded_pairs() if pair.name == "cat_coffee")
A, B, TRUTH = (read_image(path).pixels[100:220, 140:300] for path in (PAIR.image_a, PAIR.image_b, PAIR.truth))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A pair, its fusion with all steps, and its channels as photographs of 16 bits."""
    monkeypatch.chdir(tmp_path)
    for name, image in (("a", A), ("b", B)):
        write_image(f"{name}.png", image)
        write_image(f"{name}_red.tif", image[..., 0], np.uint16)
    assert main(["fuse", "a.png", "b.png", "-o", "f.png", "--method", "gfdf", "--save-steps", "steps"]) == 0
    return tmp_path


def fuse(*words):
    return main(["fuse", *words])


def test_the_same_pair_gives_the_same_bytes(folder, capsys):
    assert fuse("a.png", "b.png", "-o", "g.png", "--decision", "steps/08_guided_filter.npy") == 0
    assert (folder / "g.png").read_bytes() == (folder / "f.png").read_bytes()
    assert (folder / "g_decision_map.png").read_bytes() == (folder / "f_decision_map.png").read_bytes()
    assert "as steps/08_guided_filter.npy says" in capsys.readouterr().err
    assert json.loads((folder / "g.png.json").read_text())["decision"]["file"] == "08_guided_filter.npy"


def test_another_version_of_the_pair_is_decided_alike(folder):
    assert fuse("a_red.tif", "b_red.tif", "-o", "r.tif", "--decision", "steps/08_guided_filter.npy") == 0
    decision = np.load("steps/08_guided_filter.npy")
    red_a, red_b = (read_image(f"{name}_red.tif").pixels for name in "ab")
    expected = np.clip(decision * red_a + (1 - decision) * red_b, 0, 1)
    assert np.abs(read_image("r.tif").pixels - expected).max() <= 0.5 / 65535 + 1e-12


def test_the_map_of_8_bits_is_within_a_level_and_told(folder, capsys):
    assert fuse("a.png", "b.png", "-o", "g.png", "--decision", "f_decision_map.png") == 0
    assert "f_decision_map.png has 8 bits" in capsys.readouterr().err
    assert fuse("a.png", "b.png", "-o", "g.png", "--decision", "f_decision_map.png", "--tile", "256") == 2
    assert "--decision is of the whole image, but --tile asks for tiles" in capsys.readouterr().err
    assert np.abs(read_image("g.png").raw.astype(int) - read_image("f.png").raw).max() <= 1


@pytest.mark.parametrize(("decision", "sentence"), [
    ("none.npy", "none.npy cannot be read: No such file"), ("a.png", "a.png is no decision map"),
    ("f.png.json", "is not a readable image"), ("large.npy", "large.npy is no decision map"),
    ("whole.npy", "whole.npy is no decision map"), ("small.npy", "small.npy is 20 x 30, but the photographs are"),
    ("text.npy", "text.npy cannot be read"), ("nan.npy", "nan.npy is no decision map"),
])  # fmt: skip
def test_what_is_no_decision_for_the_pair_is_refused(folder, capsys, decision, sentence):
    for name, array in {
        "large": np.full(A.shape[:2], 9.0), "whole": np.ones(A.shape[:2], int), "small": np.ones((30, 20)),
        "nan": np.full(A.shape[:2], np.nan),
    }.items():  # fmt: skip
        np.save(f"{name}.npy", array)
    (folder / "text.npy").write_text("no array")
    assert fuse("a.png", "b.png", "-o", "g.png", "--decision", decision) == 3
    assert sentence in capsys.readouterr().err
    assert not (folder / "g.png").exists()


@pytest.mark.parametrize("more", [["--network", "small"], ["--method", "gfdf"], ["--area", "3"], ["--radius", "2"]])
def test_nothing_else_may_decide(folder, capsys, more):
    assert fuse("a.png", "b.png", "-o", "g.png", "--decision", "f_decision_map.png", *more) == 2
    assert f"{more[0]} has nothing to do" in capsys.readouterr().err


def test_a_decision_is_not_overwritten(folder, capsys):
    assert fuse("a.png", "b.png", "-o", "f.png", "--decision", "f_decision_map.png") == 3
    assert "one of the files that are read" in capsys.readouterr().err


@pytest.fixture
def three(folder):
    """A stack of three, fused by GFDF."""
    third = np.where(np.arange(A.shape[1])[:, None] < 50, TRUTH, (A + B) / 2)
    write_image("c.png", third)
    assert main(["stack", "a.png", "b.png", "c.png", "-o", "s.png", "--method", "gfdf"]) == 0
    return [A, B, third]


def test_a_stack_is_decided_again_by_its_index_map(three, folder):
    command = ["stack", "a.png", "b.png", "c.png", "-o", "t.png", "--method", "gfdf", "--decision", "s_index.tif"]
    assert main(command) == 0
    for one in ("", "_index", "_depth"):
        assert (folder / f"s{one}.png").read_bytes() == (folder / f"t{one}.png").read_bytes()


def test_an_index_map_says_the_same_as_the_stack(three):
    by_method = stack([*three], GfdfMethod())
    again = stack_by_index([lambda k=k: three[k] for k in range(3)], by_method.index_map, GfdfMethod().parameters)
    assert np.array_equal(by_method.image, again.image)
    assert set(np.unique(by_method.index_map)) <= {0, 1, 2}


def test_an_index_map_can_be_seen_and_read(three, folder):
    numbers = tifffile.imread("s_index.tif")
    with Image.open("s_index.png") as picture:
        assert picture.mode == "P"
        assert np.array_equal(np.asarray(picture), numbers)
        colours = np.asarray(picture.convert("RGB"))
    assert numbers.dtype == np.uint8
    shades = [colours[numbers == k][0].astype(float).sum() for k in np.unique(numbers)]
    assert np.diff(shades).min() > 40  # lighter from photograph to photograph


@pytest.mark.parametrize(("index", "sentence"), [
    ("deep.npy", "names photograph 3, counted from 0, but 3 are given"), ("f_decision_map.png", "names photograph 255"),
    ("steps/08_guided_filter.npy", "is no index map"), ("small.npy", "small.npy is 20 x 30"),
    ("empty.npy", "is no index map"),
])  # fmt: skip
def test_what_is_no_index_map_of_the_stack_is_refused(three, folder, capsys, index, sentence):
    np.save("deep.npy", np.full(A.shape[:2], 3))
    np.save("small.npy", np.zeros((30, 20), int))
    np.save("empty.npy", np.zeros((0, 0), int))
    assert main(["stack", "a.png", "b.png", "c.png", "-o", "t.png", "--decision", index]) == 3
    assert sentence in capsys.readouterr().err
    assert not (folder / "t.png").exists()


def ten_bits(path, image):
    tifffile.imwrite(path, np.rint(1023 * image).astype(np.uint16), photometric="rgb")


def test_a_white_level_gives_the_decision_of_the_full_range(folder, capsys):
    for name, image in (("a", A), ("b", B)):
        ten_bits(f"{name}.tif", image)
        write_image(f"{name}_full.tif", np.rint(1023 * image) / 1023, np.uint16)
    ten_bits("truth.tif", TRUTH)
    capsys.readouterr()
    assert fuse("a_full.tif", "b_full.tif", "-o", "full.tif", "--network", "small") == 0
    assert fuse("a.tif", "b.tif", "-o", "f.tif", "--network", "small", "--white-level", "1023") == 0
    assert "of its range" not in capsys.readouterr().err
    maps = [read_image(f"{name}_decision_map.png").pixels for name in ("full", "f")]
    assert np.abs(maps[0] - maps[1]).mean() < 0.002
    assert json.loads((folder / "f.tif.json").read_text())["white_level"] == 1023
    full = read_photograph(folder / "full.tif").pixels
    assert np.abs(read_photograph(folder / "f.tif", white=1023).pixels - full).max() < 0.03  # in their own levels
    scores = []
    for white in ([], ["--white-level", "1023"]):
        files = ["f.tif", "a.tif", "b.tif", "--truth", "truth.tif", "--metrics", "psnr", "--json", *white]
        assert main(["score", *files]) == 0
        out, err = capsys.readouterr()
        assert ("f.tif uses 1.6% of its range" in err) == (not white)
        scores.append(json.loads(out)["scores"]["psnr"])
    expected = 10 * np.log10(1 / np.mean((im2uint8(full) / 255.0 - im2uint8(TRUTH) / 255.0) ** 2))
    assert scores[1] == pytest.approx(expected, abs=0.3)
    assert scores[0] > scores[1] + 15  # what is dark is alike


def test_levels_below_white_are_rounded_to_the_nearest(folder):
    """A quarter of A and three of the level above it."""
    levels = np.resize(np.arange(1023, dtype=np.uint16), A.shape[:2])
    tifffile.imwrite("a.tif", levels)
    tifffile.imwrite("b.tif", levels + 1)
    np.save("quarter.npy", np.full(A.shape[:2], 0.25))
    assert fuse("a.tif", "b.tif", "-o", "f.tif", "--decision", "quarter.npy", "--white-level", "1023") == 0
    assert np.array_equal(tifffile.imread("f.tif"), levels + 1)


@pytest.mark.parametrize(("name", "white", "sentence"), [
    ("a.tif", "500", "has values up to 1023 in uint16, but 500 was given as white"),
    ("a.png", "1023", "in uint8, but 1023 was given as white"),
    ("float.tif", "500", "in float32, but 500 was given as white"),
])  # fmt: skip
def test_levels_above_white_are_refused(folder, capsys, name, white, sentence):
    ten_bits("a.tif", np.clip(2 * A, 0, 1))
    write_image("float.tif", A, np.float32)
    assert fuse(name, name, "-o", "f.tif", "--method", "gfdf", "--white-level", white) == 3
    assert sentence in capsys.readouterr().err


def test_a_result_is_as_coarse_as_asked(folder):
    sizes = []
    for quality in ("30", "95", "100"):
        assert fuse("a.png", "b.png", "-o", f"q{quality}.jpg", "--method", "gfdf", "--quality", quality) == 0
        sizes.append((folder / f"q{quality}.jpg").stat().st_size)
    assert sizes[0] * 2 < sizes[1] < sizes[2]
    assert fuse("a.png", "b.png", "-o", "q.jpg", "--method", "gfdf") == 0
    assert (folder / "q.jpg").read_bytes() == (folder / "q95.jpg").read_bytes()


def test_floats_that_overshoot_are_clipped_and_told(folder, capsys):
    for name, image in (("a", A), ("b", B)):
        tifffile.imwrite(f"{name}.tif", (1.2 * image - 0.1).astype(np.float32), photometric="rgb")
    capsys.readouterr()
    assert fuse("a.tif", "b.tif", "-o", "f.tif", "--method", "gfdf") == 0
    assert "a.tif leaves [0, 1] by up to 0.1: it is clipped" in capsys.readouterr().err
    assert read_image("f.tif").pixels.min() == 0  # our own result is read again
    tifffile.imwrite("a.tif", (255 * A).astype(np.float32), photometric="rgb")
    assert fuse("a.tif", "b.tif", "-o", "f.tif", "--method", "gfdf") == 3


def test_a_score_is_of_photographs_turned_upright_as_they_are_fused(folder, capsys):
    for name, image in (("a", A), ("b", B)):
        turned = Image.fromarray(im2uint8(np.ascontiguousarray(np.rot90(image))))
        exif = Image.Exif()
        exif[0x0112] = 6
        turned.save(f"{name}_turned.png", exif=exif)
    assert fuse("a_turned.png", "b_turned.png", "-o", "f_turned.png", "--method", "gfdf") == 0
    values = []
    for turned in ("", "_turned"):
        capsys.readouterr()
        assert main(["score", *(f"{name}{turned}.png" for name in "fab"), "--metrics", "q_mi", "--json"]) == 0
        values.append(json.loads(capsys.readouterr().out)["scores"]["q_mi"])
    assert values[0] == values[1]
