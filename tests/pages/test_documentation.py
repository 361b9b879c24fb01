"""The documentation: lessons that run and check their answers, pages without a warning, links that lead somewhere."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest

import matlab_compat
from reference.cli import COMMANDS
from reference.experiments.methods import FUNCTIONS
from reference.metrics.catalogue import METRICS
from reference.parfocal import _HOMES
from reference.steps.table import STEPS
from tests.support.optional import needs

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
needs("sphinx", "myst_nb", "furo", "jupytext", "nbclient", "ipykernel")
sys.path[:0] = [str(DOCS), str(DOCS / "lessons")]

from answers import ANSWERS  # noqa: E402
from building.lessons import LIMIT, execute, lessons  # noqa: E402
from building.public import groups, modules, own_reference, public_names, reference_of, used_by  # noqa: E402
from lesson import check  # noqa: E402

LESSONS = lessons()


@pytest.fixture(scope="module")
def executed(tmp_path_factory) -> dict[str, tuple[Any, float]]:
    """Every lesson executed once, as notebook and with its time in seconds."""
    folder, found = tmp_path_factory.mktemp("lessons"), {}
    for lesson in LESSONS:
        began = time.monotonic()
        found[lesson.stem] = execute(lesson, folder / f"{lesson.stem}.ipynb"), time.monotonic() - began
    found["folder"] = folder, 0.0
    return found


@pytest.fixture(scope="module")
def site(executed, tmp_path_factory) -> Path:
    """The built pages; the build's warnings are errors."""
    out = tmp_path_factory.mktemp("site") / "pages"
    command = [sys.executable, "docs/build.py", "--out", out, "--lessons", executed["folder"][0]]
    built = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr[-3000:]
    return out


def outputs(cell: Any) -> str:
    return "".join(output.get("text", "") for output in cell.get("outputs", ()))


def test_there_are_seven_lessons():
    assert [path.name[0] for path in LESSONS] == list("1234567")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_and_its_solutions_are_right(executed, lesson):
    notebook, seconds = executed[lesson.stem]
    number = lesson.stem[0]
    exercises = {name for name in ANSWERS if name.startswith(f"{number}.")}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    solutions = [cell for cell in code if "hide-cell" in cell.metadata.get("tags", ())]
    said = [line for cell in code for line in outputs(cell).splitlines() if line.startswith("Exercise")]
    assert seconds < LIMIT
    assert 3 <= len(exercises) == len(solutions)
    assert {f"Exercise {name}: right" for name in exercises} <= {outputs(cell).splitlines()[-1] for cell in solutions}
    assert sorted(said) == sorted(
        f"Exercise {name}: {word}" for name in exercises for word in ("right", "no answer yet")
    )
    assert not [output for cell in code for output in cell.outputs if output.get("name") == "stderr"]
    figures = [output for cell in code for output in cell.outputs if "image/png" in output.get("data", ())]
    assert len(figures) >= 4


@pytest.mark.parametrize("exercise", ANSWERS)
def test_a_wrong_answer_is_told_apart(exercise, capsys):
    expected, tolerance, hint = ANSWERS[exercise]
    wrong = "nothing of the kind" if isinstance(expected, str) else np.asarray(expected) + 2 * tolerance + 1
    for answer, says in ((wrong, f"not yet. {hint}"), (None, "no answer yet"), ("?", "not yet"), (expected, "right")):
        check(exercise, answer)
        assert capsys.readouterr().out.startswith(f"Exercise {exercise}: {says}")


class Page(HTMLParser):
    """What a page has to link to, and what it links to or loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if "href" in given:
            (self.links if tag == "a" else self.loads).append(given["href"])
        self.loads += [given["src"]] if "src" in given else []


def test_every_link_leads_somewhere_and_nothing_comes_from_elsewhere(site):
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
    assert len(pages) > 200
    dead = []
    for path, page in pages.items():
        assert not [load for load in page.loads if urlsplit(load).scheme not in ("", "data")], path
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = not parts.fragment or target not in pages or unquote(parts.fragment) in pages[target].anchors
            if not target.exists() or not known:
                dead.append((path.name, link))
    assert not dead


def test_every_name_that_could_be_a_link_is_one(site):
    dead = []
    for path in site.rglob("*.html"):
        text = path.read_text() if "_modules" not in path.parts else ""
        for match in re.finditer(r'<code class="[^"]*\bxref py\b', text):
            before = text[: match.start()]
            dead += [(path.name, text[match.start() :][:200])] if before.rfind("<a ") <= before.rfind("</a>") else []
    assert not dead


def test_every_room_has_a_title_in_words():
    titles = [group.title for group in groups()]
    assert len(set(titles)) == len(titles)
    assert all(re.fullmatch(r"[A-Z][\w' ,-]{2,30}", title) for title in titles), titles
    assert all(group.sentence for group in groups())


def inventory(site: Path) -> set[str]:
    """The names that have an entry in the built reference."""
    raw = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    lines = zlib.decompress(raw).decode().splitlines()
    return {line.split(" py:")[0] for line in lines if " py:" in line}


def entries() -> Iterator[tuple[str, str, Any]]:
    """Every public name with the module that has its entry: those of the front door stand where they are defined."""
    for module in modules():
        for name in public_names(module):
            if (module, name) != ("reference.parfocal", "__version__"):
                home = f"reference.{_HOMES[name]}" if module == "reference.parfocal" else module
                yield home, name, getattr(importlib.import_module(home), name)


def test_every_public_name_has_an_entry(site):
    known = inventory(site)
    missing = []
    for module, name, value in entries():
        package, _, _ = module.rpartition(".")
        home = f"{getattr(value, '__module__', '')}.{name}"  # a package's own list names what its modules have
        if not {f"{module}.{name}", f"{package}.{name}", f"matlab_compat.{name}", home} & known:
            missing.append(f"{module}.{name}")
    assert not missing


def defined() -> list[Any]:
    """What has a definition elsewhere: MATLAB's functions, the paper's steps, methods, metrics, layers."""
    methods = [("methods." + module, name) for module, name in FUNCTIONS.values()]
    metrics = [one.function for one in METRICS]
    layers = [("network.pooling", "softmax_pooling"), ("network.pooling", "MixedPooling"),
              ("network.enhanced", "EnhancedNetwork"), ("network.liu2017", "Liu2017Network")]  # fmt: skip
    found = [getattr(importlib.import_module(f"reference.{module}"), name) for module, name in methods + layers]
    return [
        *metrics,
        *(getattr(matlab_compat, name) for name in matlab_compat.__all__),
        *(one.function for one in STEPS),
        *found,
    ]


def test_what_has_a_definition_elsewhere_names_it():
    assert not [one.__name__ for one in defined() if not own_reference(one)]


@pytest.mark.slow
def test_every_entry_names_a_source_or_what_it_serves():
    for module, name, value in entries():
        known = own_reference(value) or reference_of(module) or used_by(module) or module == "reference.cli"
        assert known, f"{module}.{name}"


@pytest.mark.parametrize("name", ["index", "steps", "api/steps", "metrics", f"lessons/{LESSONS[3].stem}"])
def test_pages_open_without_a_network(site, page, name):
    page.goto((site / f"{name}.html").as_uri())
    assert page.locator("h1").count() >= 1
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_formulas_are_mathematics(site, page):
    page.goto((site / "steps.html").as_uri())
    assert page.locator("math").count() >= 11
    assert page.locator("math").first.bounding_box()["height"] > 10
    assert "\\frac" not in page.inner_text("article")


def test_commands_that_pages_name_exist():
    named = defaultdict(set)
    for path in [ROOT / "README.md", *DOCS.glob("*.md")]:
        for name in re.findall(r"(?:bin/parfocal|`parfocal|-m reference) ([a-z]+)", path.read_text()):
            named[name].add(path.name)
    assert set(named) <= set(COMMANDS), named
    assert "explore" in named


def test_python_on_pages_is_right():
    import doctest

    for path in DOCS.glob("*.md"):
        failed, _ = doctest.testfile(str(path), module_relative=False)
        assert not failed, path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["building.decisions", "building.links", "extensions.house_docstrings",
                                  "extensions.inline", "extensions.mathml"])  # fmt: skip
def test_examples_of_what_builds_the_pages_are_right(name):
    import doctest

    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert not failed


def test_a_step_names_its_decisions_and_each_has_a_section(site):
    sections = Page(site / "deviations.html")
    steps = [link for link in Page(site / "steps.html").links if link.startswith("deviations.html#")]
    assert {f"d{number}" for number in range(1, 15)} <= sections.anchors
    assert {"deviations.html#d1", "deviations.html#d5", "deviations.html#d8", "deviations.html#d9"} <= set(steps)


def test_lesson_6_takes_the_papers_pair_where_it_is_fetched_and_otherwise_hides_it(fetched, executed, tmp_path):
    hidden, shown = executed[LESSONS[5].stem][0], execute(LESSONS[5], tmp_path / "lesson.ipynb", fetched=True)
    said = [
        "".join(outputs(cell) for cell in notebook.cells if cell.cell_type == "code") for notebook in (hidden, shown)
    ]
    assert "Pair: children" in said[1]
    assert "Pair: children" not in said[0]
    assert "not yet" not in said[0] + said[1]
