"""The command line as its user meets it: results, sentences, exit codes, and what is left on disk."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
import torch
from PIL import Image

from matlab_compat import im2uint8, imresize
from reference.cli import main, parser
from reference.datasets.ground_truth import photographs_of
from reference.datasets.registry import data_root
from reference.methods.settings import MethodSettings
from reference.network.enhanced import EnhancedConfig, EnhancedNetwork
from reference.network.weights import config_of, write_weights
from tests.support.networks import TINY
from tests.support.rooms import ROOT

A8, B8 = np.random.default_rng(0).integers(0, 256, (2, 32, 40, 3), dtype=np.uint8)
SAMPLE = [str(data_root() / "samples" / "camera_grass" / f"{name}.png") for name in "ab"]


@pytest.fixture
def weights(tmp_path):
    """A tiny network, so that a run takes no time."""
    torch.manual_seed(0)
    module = EnhancedNetwork(EnhancedConfig(**TINY))
    write_weights(tmp_path / "tiny.safetensors", "enhanced", module.state_dict(), config_of(module), half=False)
    return tmp_path / "tiny.safetensors"


@pytest.fixture
def fuse(tmp_path, weights, capsys):
    """Runs `parfocal fuse` on two arrays or files; returns exit code, stdout, stderr."""

    def run(a=A8, b=B8, *options, output="f.png", suffix="png"):
        paths = []
        for name, image in (("a", a), ("b", b)):
            if isinstance(image, np.ndarray):
                path = tmp_path / f"{name}.{suffix}"
                if suffix == "tif":
                    tifffile.imwrite(path, image, photometric="rgb" if image.ndim == 3 else "minisblack")
                else:
                    Image.fromarray(image).save(path)
                paths.append(str(path))
            else:
                paths.append(str(image))
        code = main(["fuse", *paths, "-o", str(tmp_path / output), "--weights", str(weights), *map(str, options)])
        return code, *capsys.readouterr()

    return run


def left(tmp_path):
    return {p.name for p in tmp_path.iterdir()} - {"a.png", "b.png", "a.tif", "b.tif", "a.jpg", "b.jpg"} - {
        "tiny.safetensors", "tiny.safetensors.sha256"
    }  # fmt: skip


def test_fuse_writes_result_map_and_manifest(fuse, tmp_path):
    code, out, err = fuse(A8, B8, "--json")
    assert code == 0
    assert left(tmp_path) == {"f.png", "f_decision_map.png", "f.png.json"}
    manifest = json.loads(out)
    assert manifest == json.loads((tmp_path / "f.png.json").read_text())
    assert manifest["network"]["weights"] == "tiny.safetensors"
    assert manifest["parameters"]["guide_radius"] == 8
    assert manifest["arithmetic"]["mode"] == "fast"
    assert manifest["result"]["file"] == "f.png"
    assert "fast arithmetic" in err
    with Image.open(tmp_path / "f.png") as image:
        fused = np.asarray(image).astype(int)
    low, high = np.minimum(A8, B8), np.maximum(A8, B8)
    beyond = np.maximum(low - fused, fused - high).max()
    assert beyond <= 1 + 255 * manifest["decision_map_outside_0_1_by"]


def test_without_json_stdout_stays_empty(fuse):
    assert fuse()[:2] == (0, "")


def test_two_reference_runs_give_identical_bytes(fuse, tmp_path):
    names = ("f.png", "f_decision_map.png", "f.png.json")
    runs = []
    for _ in range(2):
        code, _, err = fuse(A8, B8, "--reference", "--save-steps", tmp_path / "steps")
        assert code == 0
        assert "reference arithmetic (threads: 1)" in err
        files = [tmp_path / name for name in names] + sorted((tmp_path / "steps").iterdir())
        runs.append([path.read_bytes() for path in files])
    assert runs[0] == runs[1]
    assert len(runs[0]) == 3 + 2 * 16


def test_explicit_flags_win_over_the_preset(fuse):
    flags = ["--area", 7, "--radius", 3, "--pool-window", 5, "--pool-p", 1, "--pool-side", "b"]
    _, out, _ = fuse(A8, B8, "--parameters", "best", *flags, "--json")
    parameters = json.loads(out)["parameters"]
    assert parameters == {
        "pool_window": 5, "pool_p": 1.0, "pool_side": "b", "focus_threshold": 0.5, "small_region_ratio": 0.0,
        "small_region_area": 7, "guide_radius": 3, "guide_eps": 0.01,
    }  # fmt: skip


def test_sixteen_bits_stay_sixteen_bits(fuse, tmp_path, rng):
    a, b = rng.integers(0, 65536, (2, 32, 40, 3), dtype=np.uint16)
    code, _, _ = fuse(a, b, output="f.tif", suffix="tif")
    assert code == 0
    fused = tifffile.imread(tmp_path / "f.tif")
    assert fused.dtype == np.uint16
    assert len(np.unique(fused)) > 1000
    code, _, err = fuse(a, b, output="f.jpg", suffix="tif")
    assert (code, "would lose 8 of the 16 bits" in err) == (3, True)


def test_sources_of_different_size_are_brought_onto_a(fuse, tmp_path):
    small = B8[:24, :30]
    module = EnhancedNetwork(EnhancedConfig(**TINY))
    with torch.no_grad():
        module.fully_connected[-1].bias.copy_(torch.tensor([1e3, -1e3]))  # everything from B
    write_weights(tmp_path / "tiny.safetensors", "enhanced", module.state_dict(), config_of(module), half=False)
    code, out, err = fuse(A8, small, "--json")
    assert code == 0
    assert "b.png is 30 x 24 pixels: resized to 40 x 32, the size of" in err
    assert json.loads(out)["resized_b_from"] == [24, 30]
    resized = im2uint8(np.clip(imresize(small / 255.0, [32, 40]), 0, 1))
    with Image.open(tmp_path / "f.png") as image:
        np.testing.assert_array_equal(np.asarray(image), resized)
    code, _, err = fuse(A8, small, "--strict-size", output="g.png")
    assert (code, left(tmp_path)) == (3, {"f.png", "f_decision_map.png", "f.png.json"})
    assert "a.png is 40 x 32 pixels but" in err
    assert "b.png is 30 x 24" in err


@pytest.mark.parametrize(
    ("a", "b", "options", "code", "sentence"),
    [
        ("missing.png", B8, [], 3, "missing.png does not exist"),
        (A8, B8[..., 0], [], 3, "is colour but"),
        (A8[:15], B8[:15], [], 3, "is 40 x 15 pixels, but a side must have at least 16"),
        (A8, B8, ["--weights", "none.safetensors"], 3, "none.safetensors does not exist"),
        (A8, B8, ["--network", "small"], 3, "holds the network enhanced, not small"),
        (A8, B8, ["--save-steps", "a_file/steps"], 3, "a_file"),
    ],
)
def test_bad_input_gets_one_sentence_its_code_and_no_output(fuse, tmp_path, monkeypatch, a, b, options, code, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a_file").write_text("")
    got, out, err = fuse(a, b, *options)
    assert (got, out) == (code, "")
    message = err.replace("\r", "\n").strip().splitlines()[-1]
    assert message.startswith("parfocal: ")
    assert sentence in message
    assert left(tmp_path) == {"a_file"}


@pytest.mark.parametrize("taken", ["f.png", "f_decision_map.png", "f.png.json"])
def test_a_folder_in_the_way_is_named_before_anything_is_written(fuse, tmp_path, taken):
    (tmp_path / taken).mkdir()
    code, _, err = fuse()
    assert (code, f"{taken} is a folder" in err, left(tmp_path)) == (3, True, {taken})


def test_steps_do_not_overwrite_a_source(fuse, tmp_path):
    code, _, err = fuse(A8, B8, "--save-steps", tmp_path)
    assert (code, "a source lies in" in err, left(tmp_path)) == (3, True, set())


def test_weights_that_overflow_are_named(fuse, tmp_path):
    module = EnhancedNetwork(EnhancedConfig(**TINY))
    state = {key: value * 1e9 for key, value in module.state_dict().items()}
    write_weights(tmp_path / "tiny.safetensors", "enhanced", state, config_of(module), half=False)
    code, _, err = fuse()
    assert (code, "overflows single precision on these images" in err, left(tmp_path)) == (3, True, set())


def test_an_unknown_group_is_wrong_usage(capsys):
    assert main(["fetch", "nosuch"]) == 2
    assert "there is no nosuch to fetch: choose children" in capsys.readouterr().err


def test_sources_of_different_depth_are_refused(fuse, tmp_path):
    tifffile.imwrite(tmp_path / "deep.tif", B8.astype(np.uint16) * 257, photometric="rgb")
    code, _, err = fuse(A8, tmp_path / "deep.tif")
    assert (code, "is uint8 but" in err, "is uint16" in err) == (3, True, True)


@pytest.mark.parametrize("output", ["a.png", "sub/../b.png"])
def test_a_source_is_never_overwritten(fuse, tmp_path, output):
    (tmp_path / "sub").mkdir()
    code, _, err = fuse(output=output)
    assert (code, "is one of the files that are read: choose another output" in err) == (3, True)
    with Image.open(tmp_path / "a.png") as image:
        np.testing.assert_array_equal(np.asarray(image), A8)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--pool-window", "4"], "4 must be odd"),
        (["--eps", "0"], "0 must be above 0"),
        (["--eps", "inf"], "inf must be above 0"),
        (["--pool-p", "1.5"], "1.5 must be at least 0 and at most 1"),
        (["--area", "-1"], "-1 must be at least 0"),
        (["--radius", "9" * 30], "must be at least 0 and at most 1000000000"),
        (["--pool-window", "9" * 30], "at most 1000000000"),
        (["--radius", "x"], "invalid whole number value: 'x'"),
        (["--network", "unet"], "invalid choice: 'unet'"),
    ],
)
def test_wrong_usage_ends_with_2(capsys, options, sentence):
    with pytest.raises(SystemExit) as raised:
        main(["fuse", "a.png", "b.png", "-o", "f.png", *options])
    assert raised.value.code == 2
    assert sentence in capsys.readouterr().err


def test_liu2017_without_weights_names_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PARFOCAL_DATA", "")
    monkeypatch.setattr("reference.datasets.registry.cache_folder", lambda: tmp_path)
    assert main(["fuse", "a.png", "b.png", "-o", "f.png", "--network", "liu2017_authors"]) == 4
    assert "parfocal fetch liu_weights" in capsys.readouterr().err


def test_an_interrupt_ends_with_130_and_leaves_nothing(fuse, tmp_path, monkeypatch):
    def interrupted(*arguments, **keywords):
        raise KeyboardInterrupt

    monkeypatch.setattr("reference.jobs.fuse.write_stored", interrupted)
    code, _, err = fuse()
    assert (code, left(tmp_path)) == (130, set())
    assert "parfocal: interrupted" in err


def test_a_full_disk_is_said(fuse, tmp_path, monkeypatch):
    def full(*arguments, **keywords):
        raise OSError(28, "No space left on device", "f.png")

    monkeypatch.setattr("reference.jobs.fuse.write_stored", full)
    code, _, err = fuse()
    assert (code, left(tmp_path)) == (3, set())
    assert "parfocal: f.png: No space left on device" in err


def test_a_closed_pipe_ends_quietly(monkeypatch):
    def closed(options):
        raise BrokenPipeError

    monkeypatch.setattr("reference.commands.info.run", closed)
    monkeypatch.setattr(sys, "stderr", open(os.devnull, "w"))  # noqa: SIM115
    assert main(["info"]) == 141


def test_info_names_versions_networks_and_data(capsys):
    assert main(["info"]) == 0
    out = capsys.readouterr().out
    for word in (
        "parfocal",
        "numpy",
        "enhanced",
        "2.13 M parameters: convolutions 16-32-64-128-256",
        "0.17 M parameters: features 8, levels 24-32-48-64",
        "liu2017",
        "cat_coffee",
        "searched",
    ):
        assert word in out
    assert main(["info", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"versions", "networks", "data"}


def test_info_names_a_damaged_download(tmp_path, capsys):
    (tmp_path / "liu_weights").mkdir()
    (tmp_path / "liu_weights" / "cnnmodel_VIFB.mat").write_text("damaged")
    assert main(["info", "--data", str(tmp_path)]) == 0
    assert "but the registry says" in capsys.readouterr().out


def test_fetch_without_a_name_lists_what_there_is(capsys):
    assert main(["fetch"]) == 0
    out = capsys.readouterr().out
    for name in ("children", "liu_weights", "lytro", "lytro_results"):
        assert name in out


def test_fetch_prints_where_the_files_are(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("reference.datasets.registry.fetch", lambda groups, folder: [folder / name for name in groups])
    assert main(["fetch", "children", "--into", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'children'}\n"


@pytest.mark.slow
def test_train_makes_weights_that_fuse_can_use(tmp_path, capsys, rng):
    folder = tmp_path / "photographs"
    folder.mkdir()
    for name in ("1.png", "2.png"):
        Image.fromarray(rng.integers(0, 256, (120, 120), dtype=np.uint8)).save(folder / name)
    for role in ("choose", "test"):  # these are not trained on, and those that test do not validate either
        shutil.copyfile(folder / "1.png", folder / min(photographs_of(role)))
    sizes = ["--steps", "1", "--map-steps", "1", "--batch", "1", "--threads", "1", "--network", "small"]
    sizes += ["--setting", "levels=2"]
    out = tmp_path / "run"
    assert main(["train", str(folder), "--validation", str(folder), "--out", str(out), *sizes]) == 0
    assert capsys.readouterr().out == f"{out / 'small.safetensors'}\n"
    card = json.loads((out / "small.json").read_text())
    assert (card["recipe"]["steps"], card["photographs"], card["validation_photographs"]) == (1, 2, 3)
    a, b = (str(data_root() / "samples" / "camera_grass" / f"{side}.png") for side in "ab")
    weights = ["--network", "small", "--weights", str(out / "small.safetensors")]
    assert main(["fuse", a, b, "-o", str(tmp_path / "f.png"), *weights]) == 0
    further = ["--out", str(tmp_path / "further"), "--start", str(out / "small.safetensors")]
    assert main(["train", str(folder), "--validation", str(folder), *further, *sizes]) == 0
    later = json.loads((tmp_path / "further" / "small.json").read_text())
    assert (card["start"], later["start"]) == (None, card["sha256"])
    assert (card["recipe"]["physical_share"], later["recipe"]["physical_share"]) == (0.0, 0.5)


def test_help_is_instant_because_torch_is_not_imported():
    code = "import sys, reference.cli as c\ntry: c.main(['fuse', '--help'])\nexcept SystemExit: pass\n"
    code += "print([m for m in ('torch', 'scipy', 'cv2', 'matplotlib', 'skimage') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.slow
def test_gfdf_does_not_wait_for_torch(tmp_path):
    sources = [str(data_root() / "samples" / "camera_grass" / f"{side}.png") for side in "ab"]
    code = "import sys, reference.jobs.batch, reference.jobs.parallel, reference.experiments.benchmark\n"
    code += "from reference.cli import main\nprint(main(sys.argv[1:]), 'torch' in sys.modules)"
    command = [sys.executable, "-c", code, "fuse", *sources, "-o", str(tmp_path / "f.png"), "--method", "gfdf"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "0 False\n"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the allocator is glibc's")
def test_memory_of_large_arrays_is_used_again():
    """Counted in pages that the system had to give; the allocator's own rule takes every large array anew."""
    code = (
        "import os, resource, numpy as np; from reference.cli import ALLOCATOR, reuse_memory\n"
        "for name, *_ in ALLOCATOR: os.environ.pop(name, None)\n"
        "reuse_memory(); print(*sorted(name for name in os.environ if name.startswith('MALLOC_')))\n"
        "pages = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt; np.ones(5_000_000); before = pages()\n"
        "for _ in range(10): np.ones(5_000_000)\n"
        "print(pages() - before)"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean)
    names, pages = done.stdout.splitlines()
    assert names == "MALLOC_ARENA_MAX MALLOC_MMAP_THRESHOLD_ MALLOC_TRIM_THRESHOLD_"
    assert int(pages) < 100  # without it 5,700


def test_the_module_is_the_program():
    done = subprocess.run([sys.executable, "-m", "reference", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == "parfocal 0.1.0\n"


@pytest.mark.slow
def test_a_fusion_takes_a_short_way_through_the_code(tmp_path):
    """In 0.1.0 it was 54 files and 206 moves from file to file."""
    sources = [str(data_root() / "samples" / "camera_grass" / f"{side}.png") for side in "ab"]
    fuse = ["fuse", *sources, "-o", str(tmp_path / "f.png"), "--method", "gfdf"]
    command = [sys.executable, "-m", "tests.support.trace", *fuse]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    files, moves = (int(part.split()[0]) for part in done.stdout.split(", "))
    assert files <= 27
    assert moves <= 103


def test_a_command_imports_no_other_command():
    code = "import sys; from reference.cli import parser; parser('fuse')\n"
    code += "print(sorted(name for name in sys.modules if name.startswith('reference.commands.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['reference.commands.arguments', 'reference.commands.fuse']\n"


OPTIONS = json.loads(Path(__file__).with_name("options_of_0_1_0.json").read_text())


@pytest.mark.parametrize("command", OPTIONS)
def test_every_option_of_0_1_0_is_still_accepted(command):
    subcommands = next(action for action in parser(command)._actions if action.dest == "command")
    actions = subcommands.choices[command]._actions
    accepted = {name for action in actions for name in (action.option_strings or [action.dest])}
    assert set(OPTIONS[command]) <= accepted


@pytest.mark.parametrize("output", [".", "/"])
@pytest.mark.parametrize("command", ["fuse", "stack"])
def test_an_output_without_a_name_is_one_sentence(command, output, capsys):
    sources = [str(data_root() / "samples" / "camera_grass" / f"{side}.png") for side in "ab"]
    assert main([command, *sources, "-o", output, "--method", "gfdf"]) == 3
    assert f"{output} is a folder: name a file in it" in capsys.readouterr().err


def test_a_result_may_lie_among_its_steps_under_the_name_of_one(tmp_path):
    sources = [str(data_root() / "samples" / "camera_grass" / f"{side}.png") for side in "ab"]
    output = tmp_path / "steps" / "09_fusion.png"
    output.parent.mkdir()
    assert main(["fuse", *sources, "-o", str(output), "--save-steps", str(output.parent), "--method", "gfdf"]) == 0
    assert (output.parent / "09_fusion.png.json").exists()


def test_weights_that_change_are_loaded_again(tmp_path):
    weights = tmp_path / "small.safetensors"
    weights.write_bytes((data_root() / "weights" / "small.safetensors").read_bytes())
    settings = MethodSettings(network="small", weights=weights)
    before = settings.load().record()["network"]["sha256"]
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    assert settings.load().record()["network"]["sha256"] != before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["fus", "a", "b"], "there is no command fus: did you mean fuse?"),
        (
            ["fuse", "a", "b", "-o", "f.png", "--radus", "3"],
            "it does not take --radus: did you mean --radius?",
        ),
        (
            ["fuse", "a", "b", "c", "-o", "f.png"],
            "it does not take c: parfocal stack takes many photographs",
        ),
        (["score", "f", "a", "b", "t"], "score: error: it does not take t\n"),
        (["stack", "a", "b", "-o", "f.png", "--file", "c"], "it does not take --file\n"),  # the name of a positional
        (["info", "--xyz"], "info: error: it does not take --xyz\n"),
    ],
)
def test_what_may_have_been_meant_is_said(words, says, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert says in capsys.readouterr().err


def test_gfdf_refuses_a_network(capsys):
    assert main(["fuse", *SAMPLE, "-o", "f.png", "--method", "gfdf", "--network", "small"]) == 2
    assert "--method gfdf has no --network" in capsys.readouterr().err


def test_a_photograph_fused_with_itself_is_told(tmp_path, capsys):
    assert main(["fuse", SAMPLE[0], SAMPLE[0], "-o", str(tmp_path / "f.png"), "--method", "gfdf"]) == 0
    assert "are the same in every pixel: there is nothing to fuse" in capsys.readouterr().err
