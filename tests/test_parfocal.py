"""The front door: its names, what it costs to open, and that each leads where it says."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

parfocal = pytest.importorskip("parfocal", reason="not installed: pip install -e .")

QUICK = """
import resource, sys
before = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
import parfocal
spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) - before
print([name for name in ("torch", "scipy", "numpy", "cv2", "skimage", "matplotlib") if name in sys.modules])
parfocal.PAPER, parfocal.fuse, parfocal.gfdf
print("torch" in sys.modules)
"""


def test_it_shows_its_names_and_no_others():
    assert dir(parfocal) == sorted(parfocal.__all__)
    assert len(parfocal.__all__) <= 18
    with pytest.raises(AttributeError, match="no attribute 'fuze'"):
        parfocal.fuze  # noqa: B018


@pytest.mark.parametrize("name", sorted(set(parfocal.__all__) - {"__version__", "PAPER", "TUNED"}))
def test_every_name_is_documented_where_it_is_defined(name):
    value = getattr(parfocal, name)
    assert value.__name__ == name
    assert value.__module__.startswith("reference.")
    assert inspect.getdoc(value)


def test_importing_it_loads_nothing_and_torch_waits_for_a_network():
    done = subprocess.run([sys.executable, "-c", QUICK], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "False"]


def test_two_arrays_become_one():
    sharp, flat = np.indices((32, 32)).sum(axis=0) % 2 * 1.0, np.full((32, 32), 0.5)
    fused = parfocal.gfdf(sharp, flat)
    assert isinstance(fused, parfocal.Fusion)
    np.testing.assert_allclose(fused.image, sharp, atol=1e-12)
    assert list(fused.steps)[-1] == "fusion"


def test_python_in_the_readme_and_on_the_page_for_users_runs(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    for name in "AB":
        parfocal.write_image(tmp_path / f"{name}.jpg", rng.random((64, 64, 3)))
    monkeypatch.chdir(tmp_path)
    pages = [Path(__file__).parents[1] / name for name in ("README.md", "docs/using.md")]
    blocks = [block for page in pages for block in re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)]
    assert len(blocks) == 3
    for block in blocks:  # the first writes what the second scores
        exec(block, {})
    assert parfocal.read_image("fused.png").pixels.shape == (64, 64, 3)
