"""How far a command travels through the code: the files that it passes through, and its moves from one to the next.

Run: python -m tests.support.trace COMMAND ...     (for instance: fuse A B -o F --method gfdf)
Counted are calls of functions in files of reference/; bodies of modules are not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2] / "reference"


def trace(arguments: Sequence[str]) -> list[str]:
    """Run a command; the file of every call, in order."""
    from reference.cli import main

    visited: list[str] = []

    def note(frame: Any, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name != "<module>" and code.co_filename.startswith(f"{PACKAGE}/"):
            visited.append(str(Path(code.co_filename).relative_to(PACKAGE)))

    sys.setprofile(note)
    try:
        main(arguments)
    finally:
        sys.setprofile(None)
    return visited


def summary(visited: Sequence[str]) -> tuple[int, int]:
    """How many files, and how many moves from file to file.

    >>> summary(["cli.py", "cli.py", "pipeline.py", "cli.py"])
    (2, 2)
    """
    return len(set(visited)), sum(before != after for before, after in pairwise(visited))


if __name__ == "__main__":
    files, moves = summary(trace(sys.argv[1:]))
    print(f"{files} files, {moves} moves")
