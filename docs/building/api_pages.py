"""The API reference: one page a group, an entry for every public name."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from extensions.inline import inline

import matlab_compat
from building.public import Group, group_of, groups, modules, public_names
from reference.metrics.catalogue import METRICS

__all__ = ["write_api_pages"]

ENTRIES = {  # what most readers look for first
    ":doc:`import parfocal <parfocal>`": "the public names: read, fuse, align, stack, score, write",
    ":obj:`reference.pipeline.fuse`": "the paper's algorithm box, both photographs in, every step's array out",
    ":obj:`matlab_compat.imresize`": "and MATLAB's other functions",
    ":obj:`reference.metrics.catalogue.METRICS`": "what is known of each metric, and what computes it",
}
WHOLE = ("parfocal", "matlab_compat")  # whose page begins with all that the package says
LEDGER = Path(matlab_compat.__file__).parent / "DIFFERENCES.md"


def write_api_pages(folder: Path) -> None:
    """One page a group, and the list of them."""
    folder.mkdir(parents=True, exist_ok=True)
    items = [f"- :doc:`{group.title} <{group.name}>`: {inline(group.sentence)}" for group in groups()]
    first = [f"- {entry}: {sentence}" for entry, sentence in ENTRIES.items()]
    tree = [".. toctree::", "   :hidden:", "", *(f"   {group.name}" for group in groups())]
    (folder / "index.rst").write_text(
        "\n".join(
            [
                *_heading("API reference", "="),
                "Where to begin:",
                "",
                *first,
                "",
                "All there is:",
                "",
                *items,
                "",
                *tree,
                "",
            ]
        )
    )
    for group in groups():
        about = [] if group.name in WHOLE else [inline(group.sentence), ""]
        lines = [*_heading(group.title, "="), *about, *_body(group)]
        (folder / f"{group.name}.rst").write_text("\n".join(lines) + "\n")


def _body(group: Group) -> Iterator[str]:
    """The main entries below headings of their own, then module by module what else there is."""
    if group.name == "parfocal":
        yield from _front_door()
        return
    main = {"matlab_compat": _by_ledger, "metrics": _by_catalogue}.get(group.name, dict)()
    yield from _module_text(group.name) if group.name == "matlab_compat" else ()
    for title, names in main.items():
        yield from _heading(title, "-")
        for name in names:
            yield from _entry(*name.rsplit(".", 1))
    shown = {_identity(name) for names in main.values() for name in names}
    for module in _ordered(group):
        names = [name for name in public_names(module) if _identity(f"{module}.{name}") not in shown]
        if names or not public_names(module):
            yield from _heading(f"``{module}``", "-")
            yield from _module_text(module)
            for name in names:
                yield from _entry(module, name)


def _front_door() -> Iterator[str]:
    """The public names, each led to its entry where it is defined, with the first sentence there."""
    yield from _module_text("reference.parfocal")
    front = import_module("reference.parfocal")
    for name, home in front._HOMES.items():
        value, module = getattr(front, name), f"reference.{home}"
        said = (inspect.getdoc(value) or "").splitlines()[0] if _is_documented(value) else _source(module, name)[1]
        yield f"- :py:obj:`parfocal.{name} <{module}.{name}>`: {inline(said)}"
    yield from ("- ``parfocal.__version__``: the version of the project", "")


def _ordered(group: Group) -> list[str]:
    """The modules of a group by name, which is the order of the steps too."""
    return [module for module in modules() if group_of(module) == group and module != group.name]


def _by_ledger() -> dict[str, list[str]]:
    """The public functions of matlab_compat by the headings of the parity ledger."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", LEDGER.read_text(), flags=re.MULTILINE)[1:]:
        title, *lines = part.splitlines()
        cells = " ".join(line.split("|")[1] for line in lines if line.startswith("| `"))
        names = [name for name in dict.fromkeys(re.findall(r"`(\w+)`", cells)) if name in matlab_compat.__all__]
        if names:
            found[title] = [f"matlab_compat.{name}" for name in names]
    return found


def _by_catalogue() -> dict[str, list[str]]:
    """The metrics by what they look at."""
    ordered = sorted(METRICS, key=lambda one: list(dict.fromkeys(m.group for m in METRICS)).index(one.group))
    return {
        group.capitalize(): [f"{one.function.__module__}.{one.name}" for one in ones]
        for group, ones in groupby(ordered, key=lambda one: one.group)
    }


def _identity(name: str) -> str:
    """Where a name is defined: matlab_compat.psnr is matlab_compat.psnr.psnr."""
    module, _, short = name.rpartition(".")
    documented = getattr(import_module(module), short)
    return f"{getattr(documented, '__module__', module)}.{short}" if _is_documented(documented) else name


def _is_documented(value: Any) -> bool:
    return inspect.isroutine(value) or inspect.isclass(value) or hasattr(value, "__wrapped__")


def _module_text(module: str) -> list[str]:
    return [f".. automodule:: {module}", ""]


def _entry(module: str, name: str) -> list[str]:
    value = getattr(import_module(module), name)
    if not _is_documented(value):
        return _constant(module, name)
    kind = "autofunction"
    if inspect.isclass(value):
        kind = "autoexception" if issubclass(value, BaseException) else "autoclass"
    return [f".. {kind}:: {module}.{name}", *(["   :members:"] if kind == "autoclass" else []), ""]


def _constant(module: str, name: str) -> list[str]:
    """A constant or a type: its line in the source, and the comment there."""
    code, comment = _source(module, name)
    shown = [f"      {line.partition('  # ')[0]}" for line in code] if len(code) <= 4 else []
    block = ["   .. code-block:: python", "", *shown, ""] if shown else []
    text = re.sub(r"([\\*`|_])", r"\\\1", comment)
    # Outside any module: viewcode would take the class of a value for the module that the value is in.
    return [".. py:currentmodule:: None", "", f".. py:data:: {module}.{name}", "", f"   {text}", "", *block]


def _source(module: str, name: str) -> tuple[list[str], str]:
    """The lines that assign to a name, and the comment on or above them."""
    source = inspect.getsource(import_module(module))
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name and node.end_lineno:
            code = lines[node.lineno - 1 : node.end_lineno]
            return code, code[0].partition("  # ")[2] or _above(lines[: node.lineno - 1])
    return [], ""


def _above(lines: list[str]) -> str:
    """The comment that stands right above."""
    found: list[str] = []
    while lines and lines[-1].startswith("# "):
        found.insert(0, lines.pop()[2:])
    return " ".join(found)


def _heading(title: str, line: str) -> list[str]:
    return [title, line * len(title), ""]
