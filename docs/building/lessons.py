"""The lessons, from percent format to executed notebooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

__all__ = ["LESSONS", "execute", "lessons"]

LESSONS = Path(__file__).parents[1] / "lessons"
LIMIT = 120  # seconds for one cell


def lessons() -> list[Path]:
    """The lessons in their order."""
    return sorted(LESSONS.glob("[0-9]_*.py"))


def execute(lesson: Path, to: Path) -> Any:
    """Execute a lesson where it lies, write it as a notebook, and return that; what a cell raises is raised."""
    import jupytext
    import nbformat
    from nbclient import NotebookClient

    # The kernel of this environment, whatever others are installed; it computes without asking a network.
    os.environ["JUPYTER_PATH"] = str(Path(sys.prefix) / "share" / "jupyter")
    notebook = jupytext.read(lesson)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    client = NotebookClient(notebook, timeout=LIMIT, resources={"metadata": {"path": str(lesson.parent)}})
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times of day
    to.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, to)
    return notebook
