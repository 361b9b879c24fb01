"""Batches: every line once, whatever comes between, and bad lines in one sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from reference.batch import read_list
from reference.cli import main
from reference.commands.batch import fuse_or_stack
from reference.errors import BadInput
from reference.image_io import read_image, write_image
from reference.samples import embedded_pairs


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


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
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
        if number == signal.SIGKILL:
            os.killpg(first.pid, number)  # the workers too
        else:
            first.send_signal(number)
    assert first.returncode == (-9 if number == signal.SIGKILL else 130)
    for left in (".out_rocket_cat.1.partial.png", ".out_cat_coffee.png.1.partial.json"):
        (batch.parent / left).write_bytes(b"left behind")
    with ledger.open("a") as file:
        file.write('{"key": "cut o')
    capsys.readouterr()
    assert main(arguments) == 0
    said = capsys.readouterr().err.strip().splitlines()[-1]
    before = int(said.partition(" of 7")[0].split()[-1])
    assert 2 <= before <= 7
    assert f"{7 - before} now, 0 failed" in said
    assert results(batch.parent) == undisturbed
    assert not list(batch.parent.glob(".*partial*"))


def test_a_line_that_fails_is_told_and_the_others_are_done(batch, capsys):
    (batch.parent / "rocket_cat_b.png").write_text("no picture")
    (batch.parent / "camera_grass_a.png").unlink()
    assert main(["batch", str(batch), "--jobs", "2", "--method", "gfdf"]) == 3
    said = capsys.readouterr().err
    assert "rocket_cat_b.png is not a readable image" in said
    assert "camera_grass_a.png does not exist" in said
    assert "0 of 7 were done before, 5 now, 2 failed" in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense", "line 1 is not"),
        ('{"files": ["a.png"], "output": "f.png"}', "line 1 is not"),
        ('{"files": "ab", "output": "f.png"}', "line 1 is not"),
        ('{"files": ["a", "b"], "output": 3}', "line 1 is not"),
        ('{"files": ["a", "b"], "output": "f.png", "more": 1}', "line 1 is not"),
        ('{"files": ["a", "b"], "output": "f.png"}\n\n{"files": ["c", "d"], "output": "./f.tif"}', "output of line 1"),
    ],
)
def test_a_list_that_is_wrong_is_refused_before_any_work(tmp_path, text, says):
    path = tmp_path / "list.jsonl"
    path.write_text(text)
    with pytest.raises(BadInput, match=says):
        read_list(path, {}, fuse_or_stack)


def test_what_a_stack_has_no_use_for_is_told(batch, capsys):
    for option in (["--onto", "b"], ["--tile", "64"]):
        assert main(["batch", str(batch), "--method", "gfdf", *option]) == 3
        assert "line 7: a stack has no --strict-size, --onto, --motion or --tile" in capsys.readouterr().err
