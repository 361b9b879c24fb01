"""Who does the tasks of `pools.finish`: processes of this machine, or a cluster."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from reference.errors import BadInput, MissingExtra
from reference.pools import Pool

__all__ = ["cluster", "processes"]

PATIENCE = "10s"  # with a scheduler that does not answer


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """Processes of this machine, its cores shared among them; they end at once when the work is broken off."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    before = multiprocessing.active_children()
    executor = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (jobs,))
    with _interrupts_ignored():  # the processes inherit it: an interrupt is for the one that started them
        executor.submit(int)
    workers = [child for child in multiprocessing.active_children() if child not in before]
    try:
        yield executor
    except BaseException:
        for worker in workers:
            worker.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _begin(jobs: int) -> None:
    """In a new process: it is ended by an exception, so that it removes what it has half-written."""
    import signal
    import threading

    # Its part of the cores; torch, if a network loads it later, reads this.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // jobs)))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work for ever."""
    import multiprocessing
    import signal
    from multiprocessing.connection import wait as until

    parent = multiprocessing.parent_process()
    until([parent.sentinel] if parent else [])
    while True:  # the first ends the task, another one the process that waits for the next
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.5)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():  # which alone may set them
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def cluster(address: str) -> Pool:
    """The workers of a dask cluster; it does the tasks of a worker that dies on another one by itself.

    raises  MissingExtra without dask, BadInput where no scheduler answers
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtra("--scheduler needs dask: pip install 'parfocal[cluster]'") from error

    @contextmanager
    def pool(jobs: int) -> Iterator[Executor]:
        try:
            client: Any = Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise BadInput(f"no scheduler answers at {address}: {error}") from error
        try:
            yield client.get_executor(pure=False)
        finally:
            client.close()

    return pool
