"""The lessons, from percent format to executed notebooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

__all__ = ["LESSONS", "execute", "lessons"]

LESSONS = Path(__file__).parents[1] / "lessons"
LIMIT = 120  # seconds for one cell


def lessons() -> list[Path]:
    """The lessons in their order."""
    return sorted(LESSONS.glob("[0-9]_*.py"))


def execute(lesson: Path, to: Path, fetched: bool = False) -> Any:
    """Execute a lesson where it lies, write it as a notebook, and return that; what a cell raises is raised.

    fetched  with images that this user has fetched and may not publish; else they are hidden from the lesson
    """
    import jupytext
    import nbformat
    from nbclient import NotebookClient

    # The kernel of this environment, whatever others are installed.
    os.environ["JUPYTER_PATH"] = str(Path(sys.prefix) / "share" / "jupyter")
    notebook = jupytext.read(lesson)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    where = {"metadata": {"path": str(lesson.parent)}}
    quiet = ["--IPKernelApp.log_level=40"]  # it warns of each port that it opens on this machine
    client = NotebookClient(notebook, timeout=LIMIT, resources=where, extra_arguments=quiet)
    with TemporaryDirectory() as empty:
        client.execute(env=os.environ | ({} if fetched else _hiding(empty)))
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times of day
    to.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, to)
    return notebook


def _hiding(empty: str) -> dict[str, str]:
    """An environment in which nothing has been fetched; the fonts that matplotlib has found are left to it."""
    import matplotlib

    folders = ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")  # where caches are, on Linux, Windows and macOS
    return {"PARFOCAL_DATA": "", "MPLCONFIGDIR": matplotlib.get_cachedir(), **dict.fromkeys(folders, empty)}
