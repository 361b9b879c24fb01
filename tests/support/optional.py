"""What not every machine has: tests skip without it and say so; where a change is judged, that is an error."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import NoReturn

import pytest

INSTALL = 'pip install -e ".[test-all]"'
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals, limits or programs that Windows lacks")
JUDGED = bool(os.environ.get("CI")) and sys.platform == "linux"


def missing(what: str, install: str) -> NoReturn:
    """Skip; fail where everything must be there."""
    if JUDGED:
        pytest.fail(f"{what} is not installed: {install}", pytrace=False)
    pytest.skip(f"{what} is not installed: {install}", allow_module_level=True)


def needs(*packages: str) -> None:
    """Skip the test, the fixture or the module that asks, without these packages. They are not imported."""
    for package in packages:
        if find_spec(package) is None:
            missing(package, INSTALL)
