"""The shape of the project: rooms are folders, imports run one way, steps stand alone, packages are listed."""

from __future__ import annotations

import ast
import configparser
import importlib
import inspect
import re
import statistics

import pytest

import matlab_compat
from reference.metrics.catalogue import METRICS, metric
from reference.steps.table import STEPS
from tests.support.rooms import ROOT, arrows, imports_of, layer_of, module_of, python_files, rooms
from tests.support.rooms_picture import rooms_picture

FILES = python_files()


def test_imports_run_one_way():
    for room, others in arrows().items():
        for other, files in others.items():
            assert other in rooms(), f"{files} import {other}"
            assert layer_of(other) <= layer_of(room), f"{files} import {other}, which stands above {room}"


def test_no_rooms_import_each_other_in_a_circle():
    drawn = {room: set(others) for room, others in arrows().items()}
    open_rooms = set(rooms())
    while free := {room for room in open_rooms if not drawn.get(room, set()) & open_rooms}:
        open_rooms -= free
    assert not open_rooms, f"a circle: {sorted(open_rooms)}"


def test_the_picture_and_the_table_of_the_rooms_are_todays():
    assert (ROOT / "figures" / "rooms.svg").read_text() == rooms_picture(), "python -m figures.make rooms"
    page = (ROOT / "docs" / "architecture.md").read_text()
    told = re.findall(r"^\| \[`([\w.]+)`\]", page, re.MULTILINE)
    assert sorted(told) == sorted(set(rooms()) - {"__init__", "__main__"})


def test_the_house_is_small_enough_to_find_ones_way():
    entries = {path.relative_to(ROOT / "reference").parts[0] for path in FILES if "reference" in path.parts}
    assert len(entries | {"DECISIONS.md", "py.typed"}) <= 24
    assert len(rooms()) <= 26
    lines = [len(path.read_text().splitlines()) for path in FILES if (ROOT / "reference") in path.parents]
    ideas = [len(path.read_text().splitlines()) for path in FILES
             if (ROOT / "reference") in path.parents and path.name != "__init__.py"]  # fmt: skip
    assert len(lines) <= 195
    assert sum(lines) <= 17_200
    assert statistics.median(ideas) >= 85


def test_the_nine_steps_stand_in_order_in_one_room():
    named = sorted(path.stem for path in (ROOT / "reference" / "steps").glob("step_*.py"))
    assert [int(stem.split("_")[1]) for stem in named] == list(range(1, 10))
    assert {step.function.__module__.rpartition(".")[2] for step in STEPS} == set(named)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_knows_no_other_step(step):
    imported = imports_of(ROOT / f"{step.function.__module__.replace('.', '/')}.py")
    allowed = {"reference.steps.arrays", "reference.steps.checks"}
    assert {name for name in imported if not name.startswith("matlab_compat")} <= allowed


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_is_a_documented_function_of_its_name(step):
    assert step.function.__name__ == step.name
    text = inspect.getdoc(step.function) or ""
    for part in ("returns", "raises", "MATLAB:", "Parity:", ">>>", "paper"):
        assert part in text, part


@pytest.mark.parametrize("name", [n for n in matlab_compat.__all__ if n not in ("round_half_away", "saturate")])
def test_a_matlab_function_is_one_file_of_its_name(name):
    module = importlib.import_module(f"matlab_compat.{name}")
    assert module.__all__ == [name]
    text = inspect.getdoc(getattr(matlab_compat, name)) or ""
    for part in ("returns", "MATLAB:", "Parity:", ">>>"):
        assert part in text, part
    assert re.search(r"\b[VSDB]\b", text), "no certainty letter"


@pytest.mark.parametrize("name", [one.name for one in METRICS])
def test_a_metric_is_one_documented_function_of_its_name(name):
    function = metric(name).function
    assert function.__module__.startswith("reference.metrics.")
    text = inspect.getdoc(function) or ""
    for part in ("returns", "raises", "MATLAB:", "Parity:", ">>>"):
        assert part in text, part
    assert re.search(r"higher|LOWER|best 0|does best", text), "no direction"


def test_torch_stays_in_the_networks():
    """Loaded late elsewhere: for seeds in commands, for threads in what a method says of itself."""
    allowed = {"reference.network", "reference.methods.base", "reference.commands.train"}
    for path in FILES:
        if re.search(r"^\s*(import|from) torch", path.read_text(), re.MULTILINE):
            assert any(module_of(path).startswith(name) for name in allowed), path


def test_no_test_time_code_imports_training():
    for path in FILES:
        trains = module_of(path) in (
            "reference.commands.train", "reference.experiments.candidates", "reference.experiments.evaluate"
        )  # fmt: skip
        if "training" not in module_of(path) and not trains:
            assert not any("training" in name for name in imports_of(path)), path


def test_files_and_functions_stay_short():
    for path in FILES:
        text = path.read_text()
        assert len(text.splitlines()) <= 300, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                assert lines <= 45, f"{path}: {node.name} has {lines} lines"


def test_setup_lists_every_package():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    packages = {module_of(path) for path in FILES if path.name == "__init__.py"}
    packages = {name.replace("reference.parfocal", "parfocal") for name in packages}
    assert listed == packages | {
        "reference.data",
        *(f"reference.data.{name}" for name in ("ground_truth", "samples", "vectors", "weights")),
    }


def test_one_version_everywhere():
    import reference

    citation = (ROOT / "CITATION.cff").read_text()
    assert f"version: {reference.__version__}\n" in citation
    assert f"version = {{{reference.__version__}}}" in (ROOT / "docs" / "citing.md").read_text()
    assert f"## {reference.__version__}\n" in (ROOT / "CHANGELOG.md").read_text()


def test_readme_has_one_line_for_each_main_command():
    readme = (ROOT / "README.md").read_text().splitlines()
    for word in ("reference reproduce", "pytest"):
        assert sum("python3 -m venv" in line and word in line for line in readme) == 1, word


def test_readme_is_short():
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= 100
    assert len(readme.split()) <= 800


def test_readme_and_docs_name_files_that_exist():
    pages = ["README.md", "CONTRIBUTING.md", "data/README.md", "matlab_compat/DIFFERENCES.md"]
    for page in (*pages, *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))):
        text = (ROOT / page).read_text()
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if "://" not in target:
                assert ((ROOT / page).parent / target).exists(), f"{page}: {target}"


def test_ledger_has_a_row_for_every_function_and_names_tests_that_exist():
    text = (ROOT / "matlab_compat" / "DIFFERENCES.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert set(matlab_compat.__all__) <= named
    for row in rows:
        for name in re.findall(r"[a-z_]+", re.sub(r"\(.*?\)", "", row.split("|")[-2])):
            assert any(list((ROOT / "tests").rglob(f"{stem}{name}.py")) for stem in ("", "test_", "test_matlab_")), name
