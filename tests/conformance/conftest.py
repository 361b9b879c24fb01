"""The vectors that ship, loaded once."""

from __future__ import annotations

import pytest

from reference.conformance.cases import Vectors
from reference.conformance.vectors import load_vectors
from reference.datasets.registry import data_root


@pytest.fixture(scope="session")
def vectors() -> Vectors:
    return load_vectors(data_root() / "vectors")
