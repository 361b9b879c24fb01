"""Settings every test shares: reproducible property tests, warnings as errors for floats, and where the data is."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from reference.datasets.pairs import Pair, fetched_pairs
from reference.datasets.registry import find_group
from tests.support.optional import needs

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("quick", derandomize=True, deadline=None, max_examples=10)
settings.register_profile("nightly", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    """Processes that test beside one another share the cores: torch, loaded later, reads this."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    config.option.loadscopereorder = False  # files are handed out in the order that they have below


# What has these is slow without being told: a browser, a server, gradio, Octave, a cluster, built pages, whole reports.
HEAVY = {
    "browser", "address", "events", "octave_verdicts", "two_workers", "executed", "reproduced", "c99", "shipped",
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow for its fixtures; files with slow tests come first, so that no process ends with them alone."""
    slow: dict[Path, int] = {}
    for item in items:
        fixtures = getattr(item, "_fixtureinfo", None)
        heavy = fixtures is not None and not HEAVY.isdisjoint(fixtures.names_closure)
        if heavy:
            item.add_marker("slow")
        if item.get_closest_marker("slow"):
            slow[item.path] = min(slow.get(item.path, 0), -1 - heavy)
    items.sort(key=lambda item: slow.get(item.path, 0))


def pytest_collection_finish() -> None:
    """What was loaded to find the tests stays to the end: the collector need not go through it in every one of them."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _float_errors_raise():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture
def rng() -> np.random.Generator:
    """The same random numbers for every test, whatever ran before it."""
    return np.random.default_rng(0)


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window and without a network."""
    needs("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        its_own = playwright.chromium.executable_path
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or its_own
        if not Path(program).exists():
            pytest.skip("Chromium is not installed: apt-get install chromium, or python -m playwright install chromium")
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """An empty page of it; anything it complains of, or asks a network for, fails the test."""
    context = browser.new_context(offline=True)
    found, complaints = context.new_page(), []
    found.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("requestfailed", lambda request: complaints.append(request.url))
    found.on("request", lambda request: complaints.append(request.url) if request.url.startswith("http") else None)
    yield found
    context.close()
    assert not complaints


# What a shell starts in the background ignores interrupts, and so would the commands that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def a_cluster():
    """A local dask cluster of two processes."""
    needs("distributed")
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", processes=True
    ) as local:
        yield local


@pytest.fixture(scope="session")
def two_workers():
    with a_cluster() as cluster:
        yield cluster


@pytest.fixture
def mortal_workers():
    """Workers of their own for a test that kills some: on a busy machine they are long in coming back."""
    with a_cluster() as cluster:
        yield cluster
