"""Doctests everywhere may use np, as the docstrings of the steps do."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from reference.cli import reuse_memory


@pytest.fixture(autouse=True)
def _np_in_doctests(doctest_namespace):
    doctest_namespace["np"] = np


def pytest_configure(config: pytest.Config) -> None:
    """Keep memory. Without gradio the examples of the explorer's modules are skipped; else that is an error."""
    reuse_memory()
    if find_spec("gradio") is None:
        config.option.doctest_ignore_import_errors = True
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # or xdist begins with the files of most tests, not the slowest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The pages first: their files take longest, and no process shall wait for another at the end."""
    items.sort(key=lambda item: "pages" not in item.path.parts)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """A module without examples is not imported in search of them: that would load all that the project can use."""
    if collection_path.suffix != ".py" or collection_path.name.startswith(("test_", "conftest")):
        return None
    return ">>>" not in collection_path.read_text(encoding="utf-8") or None
