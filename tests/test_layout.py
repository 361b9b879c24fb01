"""The shape of the project: imports run one way, steps stand alone, and the package lists hold everything."""

from __future__ import annotations

import ast
import configparser
import importlib
import inspect
import re
from pathlib import Path

import pytest

import matlab_compat
from reference.metrics.catalogue import METRICS
from reference.steps import STEPS

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*ROOT.glob("matlab_compat/**/*.py"), *ROOT.glob("reference/**/*.py")])
STEP_NAMES = {step.name for step in STEPS}
# What a module of each layer may import, from the lowest layer up; figures and tests may import all of them.
LAYERS = (
    "matlab_compat",
    "leaves",  # reference.errors, arrays, checks, files, patches, tiles, ...: know nothing of the rest
    "steps",
    "around",  # parameters, image files, data files, generator, same_size: know steps' types, not their order
    "network",
    "pipeline",
    "runs",  # what runs the pipeline on files
    "report",
    "commands",
    "cli",
)
LEAVES = {
    "errors",
    "arrays",
    "checks",
    "files",
    "page",
    "patches",
    "region",
    "step_texts",
    "stepping",
    "opencv",
    "orientation",
    "tiles",
}
AROUND = {"parameters", "image_io", "data_files", "generator", "same_size", "samples", "ground_truth", "metrics"}
AROUND |= {
    "align",
    "decoding",
    "exif",
    "image_size",
    "metadata",
    "outputs",
    "pixel_readers",
    "planes",
    "tiff_pages",
    "writing",
}


def layer_of(module: str) -> int:
    package, _, rest = module.partition(".")
    name = rest.split(".")[0]
    if package == "matlab_compat":
        return LAYERS.index("matlab_compat")
    if name in LEAVES:
        return LAYERS.index("leaves")
    if name in STEP_NAMES:
        return LAYERS.index("steps")
    if name in AROUND:
        return LAYERS.index("around")
    named = {"network": "network", "steps": "pipeline", "pipeline": "pipeline", "report": "report",
             "explorer": "report", "commands": "commands", "cli": "cli", "__main__": "cli"}  # fmt: skip
    return LAYERS.index(named.get(name, "runs"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert all(alias.name != "*" for alias in node.names), f"{path} has a star import"
            names = {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "reference" else set()
            found |= names or {node.module or ""}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.split(".")[0] in ("reference", "matlab_compat", "tests", "figures")}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_run_one_way(path):
    module = module_of(path)
    for name in imports_of(path) - {"reference.__version__"}:
        assert name.split(".")[0] in ("reference", "matlab_compat"), f"{module} imports {name}"
        assert layer_of(name) <= layer_of(module), f"{module} imports {name}, which stands above it"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_knows_no_other_step(step):
    imported = {name.removeprefix("reference.") for name in imports_of(ROOT / "reference" / f"{step.name}.py")}
    assert {name for name in imported if not name.startswith("matlab_compat")} <= {"arrays", "checks", "patches"}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_is_one_documented_function_of_its_name(step):
    module = importlib.import_module(f"reference.{step.name}")
    assert step.name in module.__all__
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
    assert re.search(r"\b[VDB]\b", text), "no certainty letter"


@pytest.mark.parametrize("name", [one.name for one in METRICS])
def test_a_metric_is_one_documented_function_of_its_name(name):
    module = importlib.import_module(f"reference.metrics.{name}")
    assert module.__all__ == [name]
    text = inspect.getdoc(getattr(module, name)) or ""
    for part in ("returns", "raises", "MATLAB:", "Parity:", ">>>"):
        assert part in text, part
    assert re.search(r"higher|LOWER|best 0|does best", text), "no direction"


def test_torch_stays_in_the_networks():
    """Loaded late elsewhere: for seeds and threads in commands and manifests, and for the layers that the kit shows."""
    allowed = {"reference.network", "reference.manifest", "reference.commands.train", "reference.conformance.network"}
    for path in FILES:
        if re.search(r"^\s*(import|from) torch", path.read_text(), re.MULTILINE):
            assert any(module_of(path).startswith(name) for name in allowed), path


def test_no_test_time_code_imports_training():
    for path in FILES:
        trains = module_of(path) in (
            "reference.commands.train", "reference.evaluation.candidates", "reference.evaluation.validation"
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
            assert any((ROOT / "tests" / f"{stem}{name}.py").exists() for stem in ("", "test_", "test_matlab_")), name
