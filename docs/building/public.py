"""The public names of the project, by the group of the API reference that each module belongs to."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import matlab_compat
import reference

__all__ = ["Group", "group_of", "groups", "modules", "own_reference", "public_names", "reference_of", "used_by"]


class Group(NamedTuple):
    """One page of the API reference: a room of the house; `short` ones show one sentence an entry."""

    name: str
    title: str
    sentence: str
    short: bool = False


# Rooms that run things rather than compute: what they hold is of interest to who changes the project.
SHORT = {"commands", "experiments", "explorer", "jobs", "report"}
FIRST = ["parfocal", "matlab_compat", "steps", "pipeline", "methods", "network", "metrics"]  # what is most asked for
LOOSE = "Pipeline and parameters: the paper's algorithm box and its numbers; beside them files, errors, the program."


def _group(name: str) -> Group:
    """A room, as the first line of its package has it, "Title: sentence."; loose modules share one page."""
    package = import_module(name if name == "matlab_compat" else f"reference.{name}") if name else None
    said = (package.__doc__ or "").splitlines()[0] if package else LOOSE
    title, _, sentence = said.partition(": ")
    return Group(name or "pipeline", title, sentence[:1].upper() + sentence[1:], name in SHORT)


@cache
def modules() -> tuple[str, ...]:
    """Every module that is neither private nor data, packages first."""
    found = [package.__name__ for package in (matlab_compat, reference)]
    for package in (matlab_compat, reference):
        found += [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return tuple(name for name in found if not re.search(r"\._|^reference\.data(\.|$)", name))


@cache
def public_names(module: str) -> list[str]:
    """The names in `__all__`; without one, functions and classes, and what else other modules import.

    A module that no other imports, as that of a command, offers no names.
    """
    named = import_module(module)
    if hasattr(named, "__all__") or not used_by(module):
        return list(getattr(named, "__all__", []))
    found: list[str] = []
    for node in ast.parse(inspect.getsource(named)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            assigned = [name.id for name in ast.walk(node) if isinstance(name, ast.Name)]
            found += [name for name in assigned if any(f"{module}.{name}" in _imported(other) for other in modules())]
    told = (name for name in dict.fromkeys(found) if not name.startswith("_"))
    return [name for name in told if getattr(named, name) is not Any]  # of a type there is nothing to tell


def group_of(module: str) -> Group:
    """The room that holds a module: its folder; the loose modules of `reference` share one."""
    top, *parts = module.split(".")
    if top == "matlab_compat":
        return _group(top)
    return _group(parts[0] if parts and hasattr(import_module(f"reference.{parts[0]}"), "__path__") else "")


@cache
def groups() -> tuple[Group, ...]:
    """Every room: what is most asked for first, the others by name."""
    found = dict.fromkeys(map(group_of, modules()))
    return tuple(sorted(found, key=lambda group: ([*FIRST, group.name].index(group.name), group.title)))


# A place in the paper, a decision, a publication with its year, a standard, or a MATLAB function.
REFERENCE = re.compile(
    r"\b(?:section|sec\.|[Ee]q\.|figure|Figure|Table) \d|\bD\d+\b|\b(?:19|20)\d\d\b|\bBT\.\d+|MATLAB: (?!none\b)"
)


def own_reference(documented: Any) -> bool:
    """Whether the docstring of a function or class names a source."""
    described = inspect.isroutine(documented) or inspect.isclass(documented)
    return described and bool(REFERENCE.search(inspect.getdoc(documented) or ""))


def reference_of(module: str) -> str:
    """What the docstring of a module says of its source: the sentences that name one, or nothing."""
    text = " ".join((inspect.getdoc(import_module(module)) or "").split())
    return " ".join(part for part in re.split(r"(?<=\w[.;:]) (?=[A-Z])", text) if REFERENCE.search(part))


@cache
def used_by(module: str) -> tuple[str, ...]:
    """The modules of this project that import one: what something without a source of its own is for."""
    return tuple(other for other in modules() if module in _imported(other) and other != module)


@cache
def _imported(module: str) -> frozenset[str]:
    tree = ast.parse(inspect.getsource(import_module(module)))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return frozenset(name for node in froms for name in (node.module, *(f"{node.module}.{a.name}" for a in node.names)))
