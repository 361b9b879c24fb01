"""Batches: every line once, whatever comes between, and bad lines in one sentence."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import tifffile

from reference.cli import main
from reference.datasets.pairs import embedded_pairs
from reference.errors import BadInput
from reference.files import sha256_of
from reference.images.files import read_image, write_image
from reference.jobs.batch import BatchOptions, read_list
from reference.methods.settings import MethodSettings
from tests.support.optional import posix

SIGKILL = getattr(signal, "SIGKILL", None)  # not on Windows


@pytest.fixture
def batch(tmp_path):
    """A list of six pairs and a stack, small, in a folder of its own."""
    lines = []
    for pair in embedded_pairs():
        for side, path in (("a", pair.image_a), ("b", pair.image_b)):
            write_image(tmp_path / f"{pair.name}_{side}.png", read_image(path).pixels[40:140, 40:160])
        lines.append({"files": [f"{pair.name}_a.png", f"{pair.name}_b.png"], "output": f"out_{pair.name}.png"})
    write_image(tmp_path / "cat_c.png", read_image(tmp_path / "cat_coffee_a.png").pixels)
    lines.append({"files": ["cat_coffee_a.png", "cat_coffee_b.png", "cat_c.png"], "output": "out_stack.tif"})
    path = tmp_path / "list.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def results(folder):
    return {path.name: path.read_bytes() for path in folder.glob("out_*") if path.suffix != ".json"}


@pytest.mark.slow
def test_every_line_is_done_once(batch, capsys):
    assert main(["batch", str(batch), "--method", "gfdf"]) == 0
    assert "0 of 7 were done before, 7 now, 0 failed" in capsys.readouterr().err
    made = results(batch.parent)
    assert {"out_stack.tif", "out_stack_index.png", "out_cat_coffee_decision_map.png"} < set(made)
    assert main(["batch", str(batch), "--method", "gfdf"]) == 0
    assert "7 of 7 were done before, 0 now" in capsys.readouterr().err
    (batch.parent / "out_cat_coffee.png").write_bytes(b"other")  # a result that was changed
    write_image(batch.parent / "camera_grass_a.png", read_image(batch.parent / "camera_grass_b.png").pixels)
    assert main(["batch", str(batch), "--method", "gfdf"]) == 0
    assert "5 of 7 were done before, 2 now" in capsys.readouterr().err
    assert main(["batch", str(batch), "--method", "gfdf", "--radius", "3"]) == 0
    assert "0 of 7 were done before, 7 now" in capsys.readouterr().err
    assert results(batch.parent)["out_rocket_cat.png"] != made["out_rocket_cat.png"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_same_results_from_a_cluster(two_workers, batch, capsys):
    arguments = ["batch", str(batch), "--method", "gfdf"]
    assert main([*arguments, "--scheduler", two_workers.scheduler_address]) == 0
    assert "0 of 7 were done before, 7 now, 0 failed" in capsys.readouterr().err
    made = results(batch.parent)
    batch.with_name("list.jsonl.done").unlink()
    assert main(arguments) == 0
    assert results(batch.parent) == made


@posix
@pytest.mark.slow
@pytest.mark.parametrize("number", [SIGKILL, signal.SIGINT])
def test_a_batch_that_is_killed_goes_on(batch, tmp_path_factory, capsys, number):
    arguments = ["batch", str(batch), "--method", "gfdf"]
    assert main(arguments) == 0
    undisturbed = results(batch.parent)
    for path in [*batch.parent.glob("out_*"), batch.parent / "list.jsonl.done"]:
        path.unlink()
    ledger = batch.parent / "list.jsonl.done"
    with subprocess.Popen(
        [sys.executable, "-m", "reference", *arguments], stderr=subprocess.DEVNULL, start_new_session=True
    ) as first:
        while first.poll() is None and (not ledger.exists() or len(ledger.read_text().splitlines()) < 2):
            time.sleep(0.01)
        if number == SIGKILL:
            os.killpg(first.pid, number)  # the workers too
        else:
            first.send_signal(number)
    assert first.returncode == (-9 if number == SIGKILL else 130)
    with suppress(ProcessLookupError):  # until the system has buried the workers too: before, they count as at work
        for _ in range(500):
            os.killpg(first.pid, 0)
            time.sleep(0.02)
    for left in (".out_rocket_cat.999999999.0a1b.partial.png", ".out_cat_coffee.png.999999999.ff.partial.json"):
        (batch.parent / left).write_bytes(b"left behind")
    at_work = batch.parent / f".out_rocket_cat.{os.getpid()}.0a1b.partial.png"  # of another batch on the same outputs
    at_work.write_bytes(b"not done yet")
    with ledger.open("a") as file:
        file.write('{"key": "cut o')
    capsys.readouterr()
    assert main(arguments) == 0
    said = capsys.readouterr().err.strip().splitlines()[-1]
    before = int(said.partition(" of 7")[0].split()[-1])
    assert 2 <= before <= 7
    assert f"{7 - before} now, 0 failed" in said
    assert results(batch.parent) == undisturbed
    assert list(batch.parent.glob(".*partial*")) == [at_work]


def in_session(number):
    """Processes of a session that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
            found += [int(path.parent.name)] if int(session) == number and state not in "ZX" else []
    return found


@posix
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc tells which processes are left")
@pytest.mark.parametrize(("number", "whole"), [
    (signal.SIGINT, True), (signal.SIGTERM, False), (SIGKILL, False),
])  # fmt: skip
def test_whatever_ends_a_batch_no_process_and_no_half_a_file_is_left(tmp_path, number, whole):
    """While a worker writes: to the whole group, as a terminal sends Ctrl-C, or to the parent alone."""
    rng = np.random.default_rng(0)
    for name in "ab":
        write_image(tmp_path / f"{name}.png", rng.random((700, 900, 3)))
    lines = [json.dumps({"files": ["a.png", "b.png"], "output": f"o{k}.png"}) for k in range(30)]
    (tmp_path / "list.jsonl").write_text("\n".join(lines))
    command = f"{sys.executable} -m reference batch {tmp_path}/list.jsonl --jobs 2 --method gfdf".split()
    with (
        (tmp_path / "said").open("w") as said,
        subprocess.Popen(command, stderr=said, start_new_session=True) as process,
    ):
        while process.poll() is None and not list(tmp_path.glob(".*partial*")):
            time.sleep(0.001)
        (os.killpg if whole else os.kill)(process.pid, number)
    until = time.monotonic() + 30
    while (left := in_session(process.pid)) and time.monotonic() < until:
        time.sleep(0.1)
    for one in left:
        os.kill(one, SIGKILL)
    assert not left
    assert not list(tmp_path.glob(".*partial*"))
    if number != SIGKILL:
        assert process.returncode == 130
        last = (tmp_path / "said").read_text().strip().splitlines()[-1]
        assert last.endswith("parfocal: interrupted; no file is left half-written")


@pytest.mark.slow
def test_two_batches_at_once_lose_nothing(tmp_path):
    """Of the same list, line by line in step: each sweeps what killed ones have left, and none of the other's."""
    rng = np.random.default_rng(0)
    for name in "ab":
        write_image(tmp_path / f"{name}.png", rng.random((120, 150, 3)))
    lines = [json.dumps({"files": ["a.png", "b.png"], "output": f"o{k}.png"}) for k in range(12)]
    (tmp_path / "list.jsonl").write_text("\n".join(lines))
    command = [sys.executable, "-m", "reference", "batch", str(tmp_path / "list.jsonl"), "--method", "gfdf"]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert not list(tmp_path.glob(".*"))
    for k in range(12):
        record = json.loads((tmp_path / f"o{k}.png.json").read_text())
        assert record["result"]["sha256"] == sha256_of(tmp_path / f"o{k}.png")


def test_what_a_result_depends_on_is_known(batch, monkeypatch, capsys):
    """The code that computes, and what the motion says, not how its file is called."""
    monkeypatch.setattr("reference.jobs.parallel.processes", ThreadPoolExecutor)
    motion = {"kind": "scale", "matrix": np.eye(3).tolist(), "size_a": [100, 120], "size_b": [100, 120]}
    path = batch.with_name("motion.json")
    path.write_text(json.dumps(motion))
    batch.write_text("".join(batch.read_text().splitlines(keepends=True)[:2]))
    arguments = ["batch", str(batch), "--method", "gfdf", "--motion", str(path)]
    for before, change in (
        (0, lambda: None),
        (2, lambda: path.write_text(json.dumps({**motion, "matrix": [[1, 0, 2], [0, 1, 0], [0, 0, 1]]}))),
        (0, lambda: monkeypatch.setattr("reference.jobs.batch.computing_digest", lambda: "other code")),
        (0, lambda: batch.with_name("list.jsonl.done").write_text('{"key": [], "sha256": "x"}')),
        (0, lambda: None),
    ):
        assert main(arguments) == 0
        assert f"{before} of 2 were done before" in capsys.readouterr().err
        change()


def test_a_file_of_many_photographs_is_a_line(batch, monkeypatch, capsys):
    monkeypatch.setattr("reference.jobs.parallel.processes", ThreadPoolExecutor)
    pages = np.random.default_rng(0).integers(0, 256, (3, 40, 50), np.uint8)
    tifffile.imwrite(batch.with_name("pages.tif"), pages, photometric="minisblack")
    batch.write_text(json.dumps({"files": ["pages.tif"], "output": "f.png"}))
    assert main(["batch", str(batch), "--method", "gfdf"]) == 0
    assert batch.with_name("f_index.png").exists()
    batch.write_text("\ufeff" + json.dumps({"files": ["cat_c.png"], "output": "g.png"}), encoding="utf-8")
    assert main(["batch", str(batch), "--method", "gfdf"]) == 3
    assert "cat_c.png is one photograph, but a stack has two or more" in capsys.readouterr().err


@pytest.mark.slow
def test_a_line_that_fails_is_told_and_the_others_are_done(batch, capsys):
    (batch.parent / "rocket_cat_b.png").write_text("no picture")
    (batch.parent / "camera_grass_a.png").unlink()
    assert main(["batch", str(batch), "--jobs", "2", "--method", "gfdf"]) == 3
    said = capsys.readouterr().err
    assert "rocket_cat_b.png is not a readable image" in said
    assert "camera_grass_a.png does not exist" in said
    assert "0 of 7 were done before, 5 now, 2 failed" in said


def two_lines(first, second):
    lines = {"files": ["a", "b"], "output": first}, {"files": ["c", "d"], "output": second}
    return "\n\n".join(map(json.dumps, lines))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense", "line 1 is not"),
        ('{"files": [], "output": "f.png"}', "line 1 is not"),
        ('{"files": "ab", "output": "f.png"}', "line 1 is not"),
        ('{"files": ["a", "b"], "output": 3}', "line 1 is not"),
        ('{"files": ["a", "b"], "output": "f.png", "more": 1}', "line 1 has the key 'more', but a line has files and"),
        ("[" * 100000, "line 1 is not"),
        ('{"files": {"a.png": 1, "b.png": 2}, "output": "f.png"}', "line 1 is not"),
        (r'{"files": ["a\u0000.png", "b.png"], "output": "f.png"}', "line 1 is not"),
        (r'{"files": ["a\ud800.png", "b.png"], "output": "f.png"}', "line 1 is not"),
        (two_lines("f.png", "./f.tif"), "lines 1 and 3 would both write f_decision_map.png"),
        (two_lines("f.png", "f_depth.png"), "lines 1 and 3 would both write f_depth.png"),
        (two_lines("c", "g.png"), "line 1 would write c, which line 3 reads"),
        (two_lines("f.png", "a"), "line 3 would write a, which line 1 reads"),
    ],
)
def test_a_list_that_is_wrong_is_refused_before_any_work(tmp_path, text, says):
    path = tmp_path / "list.jsonl"
    path.write_text(text)
    with pytest.raises(BadInput, match=says):
        read_list(path, BatchOptions(MethodSettings()))


def test_what_a_stack_has_no_use_for_is_told(batch, capsys):
    for option in (["--onto", "b"], ["--tile", "64"]):
        assert main(["batch", str(batch), "--method", "gfdf", *option]) == 2
        said = "a stack, as line 7 is, has no --strict-size, --onto, --motion or --tile"
        assert said in capsys.readouterr().err
    for option, says in ((["--parameters", "best"], "has no --parameters"), (["--align", "scale", "--onto", "b"], "B")):
        assert main(["batch", str(batch), "--method", "gfdf", *option]) == 2
        assert says in capsys.readouterr().err
    assert not batch.with_name("list.jsonl.done").exists()
