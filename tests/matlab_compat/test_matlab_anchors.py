"""The comparison with folders that make_anchors.m wrote: run under Octave here, and able to fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.io

import matlab_compat
from tests.matlab.check_anchors import check_folder, main

SCRIPTS = Path(__file__).parents[1] / "matlab"
# What Octave 7 with image 2.14 computes as MATLAB does, on the calls that tests/matlab/octave.py lets through.
JUDGED = {
    "round", "uint8", "im2double", "im2single", "im2uint8", "im2uint16", "mat2gray", "rgb2gray", "rgb2ycbcr",
    "padarray",
    "conv2", "stdfilt", "bwconncomp", "bwlabel", "bwareaopen", "imhist", "entropy", "graythresh", "immse", "psnr",
    "imfilter", "fspecial", "imresize", "bwareafilt", "imfill", "mean2", "std2", "corr2", "filter2", "imabsdiff",
    "imdilate", "imerode", "imopen", "imclose", "imtophat", "imbothat",
    "ordfilt2", "medfilt2", "bwdist", "im2col", "col2im", "rgb2hsv", "hsv2rgb", "regionprops",
    "strel", "bwmorph", "edge", "imadjust", "stretchlim",
}  # fmt: skip
# In MATLAB, but not in Octave 7, or otherwise there: these wait for somebody's MATLAB.
WAITING = {
    "im2gray", "imboxfilt", "imgaussfilt", "imguidedfilter", "imbinarize", "piqe", "ssim", "impyramid", "imgradient",
    "ycbcr2rgb", "histeq", "imhistmatch", "multissim",
}  # fmt: skip
# Not MATLAB's numbers: random ones, He's functions, our fast twin, and the helper of the casts.
OURS = {"imnoise", "boxfilter", "guidedfilter", "fast_guidedfilter", "saturate", "round_half_away"}


@pytest.fixture(scope="module")
def octave_verdicts(tmp_path_factory):
    if not shutil.which("octave-cli") and not shutil.which("octave"):
        pytest.skip("Octave is not installed: apt-get install octave octave-image")
    program = shutil.which("octave-cli") or shutil.which("octave")
    folder = tmp_path_factory.mktemp("anchors")
    command = [program, "--quiet", "--no-gui", "--path", str(SCRIPTS), "--eval", f"make_anchors('{folder}')"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "pkg" in done.stderr and not (folder / "version.txt").exists():
        pytest.skip(f"Octave lacks its image package: {done.stderr.strip()}")
    assert (folder / "version.txt").read_text().startswith("octave"), done.stderr
    return {verdict.function: verdict for verdict in check_folder(folder)}


def test_every_function_is_judged_waits_or_is_ours():
    names = set(matlab_compat.__all__) | {"round"}
    assert names == JUDGED | WAITING | OURS


@pytest.mark.octave
@pytest.mark.parametrize("function", sorted(JUDGED))
def test_octave_agrees(octave_verdicts, function):
    verdict = octave_verdicts[function]
    assert verdict.cases > 0
    assert verdict.holds, verdict.problems[:5]


def write_folder(folder, function, arguments, outputs, version="matlab 9.14"):
    """A folder as make_anchors.m leaves it, with one case."""
    cases = np.empty((1, 1), dtype=[("arguments", object), ("outputs", object)])
    for name, values in (("arguments", arguments), ("outputs", outputs)):
        cell = np.empty((1, len(values)), dtype=object)
        cell[0] = [*values]
        cases[name][0, 0] = cell
    (folder / "version.txt").write_text(version + "\n")
    scipy.io.savemat(folder / f"{function}.mat", {"cases": cases})


MAGIC = np.array(
    [[17, 24, 1, 8, 15], [23, 5, 7, 14, 16], [4, 6, 13, 20, 22], [10, 12, 19, 21, 3], [11, 18, 25, 2, 9.0]]
)
PRINTED = {  # by MATLAB
    "imfilter": ([MAGIC.astype(np.uint8), np.array([[-1.0, 0, 1]])],
                 [np.array([[24, 0, 0, 14, 0], [5, 0, 9, 9, 0], [6, 9, 14, 9, 0], [12, 9, 9, 0, 0], [18, 14, 0, 0, 0]],
                           np.uint8)]),
    "imresize": ([np.array([[1.0, 4, 7, 4, 3, 6]]), np.array([[1.0, 9]]), "nearest"],
                 [np.array([[1.0, 4, 4, 7, 4, 4, 3, 6, 6]])]),
    "conv2": ([np.array([[1.0, 2, 3]]), np.array([[1.0, 1]]), "same"], [np.array([[3.0, 5, 3]])]),
    "rgb2gray": ([np.array([[[120, 119, 112]]], np.uint8)], [np.array([[119]], np.uint8)]),
    "uint8": ([np.array([[2.5, -1, 300]])], [np.array([[3, 0, 255]], np.uint8)]),
}  # fmt: skip


@pytest.mark.parametrize("function", PRINTED)
def test_printed_numbers_pass_and_wrong_ones_do_not(tmp_path, function):
    arguments, outputs = PRINTED[function]
    write_folder(tmp_path, function, arguments, outputs)
    assert all(verdict.holds and verdict.cases == 1 for verdict in check_folder(tmp_path))
    wrong = outputs[0].copy()
    wrong[0, 0] -= 1
    write_folder(tmp_path, function, arguments, [wrong])
    assert [verdict.holds for verdict in check_folder(tmp_path)] == [False]
    write_folder(tmp_path, function, arguments, [outputs[0][:, :-1]])
    assert [verdict.holds for verdict in check_folder(tmp_path)] == [False]


def test_names_become_keywords_and_octave_is_not_asked_everything(tmp_path):
    image = np.arange(64.0).reshape(8, 8)
    arguments = [image, 0.5, "bicubic", "Antialiasing", False]
    write_folder(tmp_path, "imresize", arguments, [matlab_compat.imresize(image, 0.5, antialiasing=False)])
    assert check_folder(tmp_path)[0].holds
    write_folder(tmp_path, "piqe", [image], [np.array([[0.0]])], "octave 7.3.0")
    assert [(v.function, v.cases, v.left_out) for v in check_folder(tmp_path)] == [("imresize", 1, 0), ("piqe", 0, 1)]


def verdict_on(folder, function, arguments, outputs):
    write_folder(folder, function, arguments, outputs)
    return next(verdict for verdict in check_folder(folder) if verdict.function == function)


def test_what_must_not_pass(tmp_path):
    image = np.arange(12.0).reshape(3, 4)
    padded = matlab_compat.padarray(image.astype(np.uint8), [1, 1])
    arguments = [image.astype(np.uint8), np.array([[1.0, 1]])]
    assert verdict_on(tmp_path, "padarray", arguments, [padded]).holds
    assert "class" in verdict_on(tmp_path, "padarray", arguments, [padded.astype(float)]).problems[0]
    assert "shape" in verdict_on(tmp_path, "padarray", arguments, [padded.T]).problems[0]
    assert "refuse" in verdict_on(tmp_path, "bwareaopen", [image, np.array([[-1.0]])], [image]).problems[0]
    counts = matlab_compat.imhist(image / 11)
    columns = [np.array(counts.counts, float)[:, None], counts.bin_locations[:, None], np.zeros((1, 1))]
    assert "3 outputs, ours 2" in verdict_on(tmp_path, "imhist", [image / 11], columns).problems[0]


def test_what_must_pass(tmp_path):
    """Directions of no gradient, 180 against -180, and infinities beside a difference of one ulp."""
    ramp = np.add.outer(np.zeros(3), np.arange(4.0, 0, -1))
    gmag, gdir = matlab_compat.imgradient(ramp)
    assert verdict_on(tmp_path, "imgradient", [ramp], [gmag, -gdir]).holds
    turned = verdict_on(tmp_path, "imgradient", [ramp], [gmag, gdir + 1])
    assert not turned.holds
    values = np.array([[np.inf, np.nan, 1.0]])
    assert verdict_on(tmp_path, "imfilter", [values, np.array([[1.0]])], [values * (1 + 1e-16)]).holds


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["check_anchors", str(tmp_path)])
    assert main() == 3
    assert "holds no version.txt" in capsys.readouterr().err
    (tmp_path / "version.txt").write_text("matlab 9.14\n")
    assert main() == 3
    assert "holds no cases" in capsys.readouterr().err
    write_folder(tmp_path, "uint8", *PRINTED["uint8"])
    assert main() == 0
    assert "matlab 9.14\nuint8               1 cases" in capsys.readouterr().out
    write_folder(tmp_path, "uint8", PRINTED["uint8"][0], [np.array([[2, 0, 255]], np.uint8)])
    assert main() == 1
    assert "DIFFERS" in capsys.readouterr().out
