"""Settings every test shares: reproducible property tests, warnings as errors for floats, and where the data is."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from reference.data_files import find_group
from reference.samples import Pair, fetched_pairs

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("nightly", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def _float_errors_raise():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with images and MATLAB results that may not be redistributed; named by PARFOCAL_DATA."""
    folder = Path(os.environ.get("PARFOCAL_DATA", ""))
    if not os.environ.get("PARFOCAL_DATA") or not (folder / "matlab").is_dir():
        pytest.skip("PARFOCAL_DATA names no folder with the images that MATLAB's results were made from")
    return folder


@pytest.fixture(scope="session")
def fetched() -> dict[str, Pair]:
    """Children and Lytro by name, with Liu's weights, wherever `parfocal fetch` or PARFOCAL_DATA has put them."""
    pairs = {pair.name: pair for pair in fetched_pairs()}
    if len(pairs) < 21 or not find_group("liu_weights"):
        pytest.skip("not here: parfocal fetch children liu_weights lytro lytro_results")
    return pairs
