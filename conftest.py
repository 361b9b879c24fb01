"""Doctests everywhere may use np, as the docstrings of the steps do."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _np_in_doctests(doctest_namespace):
    doctest_namespace["np"] = np
