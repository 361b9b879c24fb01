"""The run manifest: the versions and the code on which a result depends."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import subprocess
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from reference import __version__

# Rooms that only present results.
SHOWING = ("cli.py", "__main__.py", "commands", "conformance", "explorer", "parfocal", "report")
PACKAGES = ("numpy", "scipy", "torch", "safetensors", "pillow", "tifffile", "imagecodecs", "scikit-image",
            "opencv-contrib-python", "onnxruntime")  # fmt: skip


def versions() -> dict[str, str | bool | None]:
    """Versions of everything that computes, and the commit, where the code is a checkout and git is installed."""
    packages = {name: _version(name) for name in PACKAGES}
    return {
        "parfocal": __version__, **_commit(), "python": platform.python_version(), **packages,
        "platform": platform.platform(), "processor": platform.machine(),
    }  # fmt: skip


@cache
def computing_digest() -> str:
    """A digest of the code that computes and of what it runs on; results with another digest are out of date.

    Docstrings, comments, layout and the rooms that only present results do not count. Of the machine, what can change
    digits counts: instruction set and C library, not the build of the kernel.
    """
    package = Path(__file__).resolve().parents[1]
    files = [file for file in package.rglob("*.py") if file.relative_to(package).parts[0] not in SHOWING]
    files += (package.parent / "matlab_compat").rglob("*.py")
    system = [value for name, value in versions().items() if name not in ("commit", "clean", "platform")]
    instructions = [np.show_config(mode="dicts")["SIMD Extensions"], os.environ.get("ATEN_CPU_CAPABILITY")]  # PyTorch's
    parts = [*map(syntax_of, sorted(files)), *system, *platform.libc_ver(), *instructions]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def syntax_of(path: Path) -> str:
    """The syntax tree of a Python file without docstrings, as text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:]
    return ast.dump(tree)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> dict[str, str | bool | None]:
    """The commit this code runs from and whether the tree is unchanged; None where git or the checkout is missing."""
    folder = Path(__file__).resolve().parents[1]
    if (folder.parent / ".git").exists():
        with suppress(OSError, subprocess.CalledProcessError):
            head, status = (
                subprocess.run(["git", "-C", str(folder), *command], capture_output=True, text=True, check=True).stdout
                for command in (["rev-parse", "HEAD"], ["status", "--porcelain"])
            )
            return {"commit": head.strip(), "clean": not status.strip()}
    return {"commit": None, "clean": None}
