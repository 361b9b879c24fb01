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
from reference.steps import STEPS

__all__ = ["GROUPS", "Group", "group_of", "modules", "own_reference", "public_names", "reference_of", "used_by"]


class Group(NamedTuple):
    """One page of the API reference: the modules that `pattern` fits; `short` ones show one sentence an entry."""

    name: str
    title: str
    sentence: str
    pattern: str
    short: bool = False


_STEPS = "|".join(dict.fromkeys(step.name for step in STEPS))
_AROUND = "pipeline|stepping|fusing|parameters|steps|step_texts|arrays|patches|checks|same_size|errors"
_FILES = (
    "image_io|decoding|tiff_pages|pixel_readers|planes|metadata|exif|orientation|outputs|writing|image_size|data_files|samples|"
    "ground_truth|fuse_files|step_files|files|manifest|progress"
)

# A module belongs to the first group that fits.
GROUPS = (
    Group("matlab_compat", "MATLAB's functions", "MATLAB's image functions under MATLAB's names.", "matlab_compat"),
    Group("steps", "Steps", "The steps of the paper, one function each, in its order.", rf"reference\.({_STEPS})$"),
    Group("pipeline", "Pipeline and parameters", "The algorithm box, its numbers, and what holds it together.",
          rf"reference\.({_AROUND})$"),
    Group("photographs", "Real photographs", "A camera that was moved, stacks of many, large images.",
          r"reference\.(align|stack|source_files|opencv|tile|region|memory|assembled)"),
    Group("methods", "Other methods", "What the paper's method is compared with.", r"reference\.methods"),
    Group("metrics", "Metrics", "The 36 fusion metrics, by what they look at.", r"reference\.metrics"),
    Group("network", "Network", "The networks that score focus, their weights, and their training.",
          r"reference\.network"),
    Group("files", "Image files and data", "What is read, written, fetched and found.", rf"reference\.({_FILES})$"),
    Group("generator", "Generator", "Pairs with known truth, made from photographs.", r"reference\.generator"),
    Group("conformance", "Conformance", "How ports are checked against the vectors.", r"reference\.conformance"),
    Group("machinery", "The project's own machinery", "Commands, report, evaluation, benchmark: one sentence each.",
          r"reference\.", short=True),
)  # fmt: skip


@cache
def modules() -> tuple[str, ...]:
    """Every module that is neither private nor data, packages first."""
    found = [package.__name__ for package in (matlab_compat, reference)]
    for package in (matlab_compat, reference):
        found += [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return tuple(name for name in found if not re.search(r"\._|^reference\.data(\.|$)", name))


def public_names(module: str) -> list[str]:
    """The names in `__all__`."""
    return list(getattr(import_module(module), "__all__", []))


def group_of(module: str) -> Group:
    """The first group that fits; the package `reference` itself belongs to the machinery."""
    return next((group for group in GROUPS if re.match(group.pattern, module)), GROUPS[-1])


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
