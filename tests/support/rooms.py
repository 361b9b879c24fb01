"""The rooms of the house, read from the code: a folder with Python files is a room, and so is a loose module.

Run: python -m tests.support.rooms     (the rooms by layer, their size, and what each imports)
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the top down: a room imports from its own layer or one below, never from one above.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("commands", "parfocal"),
    ("explorer",),
    ("report", "report.figures", "conformance"),
    ("audit",),
    ("experiments",),
    ("jobs",),
    ("align", "methods"),
    ("network", "network.training"),
    ("datasets", "datasets.generator"),
    ("images", "metrics"),
    ("pipeline",),
    ("parameters",),
    ("steps",),
    ("files",),
    ("errors", "__init__"),
    ("matlab_compat",),
)


def python_files() -> list[Path]:
    """Every file of the two packages, in order."""
    return sorted([*ROOT.glob("matlab_compat/**/*.py"), *ROOT.glob("reference/**/*.py")])


def module_of(path: Path) -> str:
    """reference/jobs/fuse.py -> reference.jobs.fuse."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def room_of(module: str) -> str:
    """The folder that holds a module, without `reference`; a loose module is a room of its own.

    >>> room_of("reference.jobs.fuse"), room_of("reference.pipeline"), room_of("matlab_compat.piqe")
    ('jobs', 'pipeline', 'matlab_compat')
    """
    top, *parts = module.split(".")
    if top != "reference":
        return top
    while parts and not (ROOT / "reference" / Path(*parts) / "__init__.py").exists():
        if len(parts) == 1:
            return parts[0] if (ROOT / "reference" / f"{parts[0]}.py").exists() else "__init__"
        parts.pop()
    return ".".join(parts) or "__init__"


@cache
def imports_of(path: Path) -> set[str]:
    """The modules of this project that a file imports, wherever in the file, and packages of which it does by name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert all(alias.name != "*" for alias in node.names), f"{path} has a star import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                inner = (ROOT / whole.replace(".", "/")).with_suffix(".py").exists()
                outer = (ROOT / whole.replace(".", "/") / "__init__.py").exists()
                found.add(whole if inner or outer else node.module or "")
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.JoinedStr) and ast.unparse(node).startswith("f'reference."):
            package = (
                ast.unparse(node)[2:].partition("{")[0].removesuffix(".")
            )  # import_module(f"reference.metrics.{...
            found |= {package} if package != "reference" and (ROOT / package.replace(".", "/")).is_dir() else set()
    return {name for name in found if name.split(".")[0] in ("reference", "matlab_compat", "tests", "figures")}


def arrows() -> dict[str, dict[str, set[str]]]:
    """Room -> room it imports -> the files that do."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in python_files():
        room = room_of(module_of(path))
        for name in imports_of(path):
            if (other := room_of(name)) != room:
                found[room][other].add(module_of(path))
    return found


@cache
def rooms() -> list[str]:
    """Every room that the code has."""
    return sorted({room_of(module_of(path)) for path in python_files()})


def layer_of(room: str) -> int:
    """Its layer, 0 at the bottom; KeyError for a room without one."""
    return {name: len(LAYERS) - number for number, names in enumerate(LAYERS, 1) for name in names}[room]


def main() -> None:
    drawn = arrows()
    counted = defaultdict(list)
    for path in python_files():
        counted[room_of(module_of(path))].append(len(path.read_text().splitlines()))
    for names in LAYERS:
        for room in (name for name in names if name in counted):
            lines = counted[room]
            print(f"{room:20} {len(lines):3} files {sum(lines):6} lines   imports {', '.join(sorted(drawn[room]))}")
    upwards = [(a, b) for a in drawn for b in drawn[a] if layer_of(b) > layer_of(a)]
    print(f"{len(counted)} rooms, {sum(map(len, drawn.values()))} arrows, upwards: {upwards or 'none'}")


if __name__ == "__main__":
    main()
