"""Many tasks in other processes, of this machine or of a cluster, so that one that dies takes nothing with it."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, TypeVar

from reference.errors import BadInput, MissingExtra

__all__ = ["Pool", "Task", "cluster", "finish", "processes"]

Done = TypeVar("Done", covariant=True)

Pool = Callable[[int], AbstractContextManager[Executor]]  # gives an executor of so many workers
DIED = "its process died twice: too little memory, or a crash of a library"


class Task(Protocol[Done]):
    """What another process can be asked to do."""

    def do(self) -> Done:
        """Do it; whatever goes wrong is told in what comes of it."""

    def failed(self, why: str) -> Done:
        """What comes of it when the process could not tell."""


def do_task(task: Task[Done]) -> Done:
    """Do it, in another process."""
    return task.do()


def finish(tasks: Sequence[Task[Done]], pool: Pool, jobs: int) -> Generator[Done, None, None]:
    """Do all tasks and give what came of them, in the order in which they are done.

    A process that dies breaks a whole pool and does not say which task it was; those that were under way are done
    again, one by one and each in a pool of its own, so that blame falls on the right one.

    pool  `processes`, or `cluster(address)`
    jobs  tasks under way at a time
    """
    waiting = deque(tasks)
    while waiting:
        suspects: list[Task[Done]] = []
        with pool(jobs) as executor:
            yield from _until_broken(waiting, executor, jobs, suspects)
        for task in suspects:
            again: list[Task[Done]] = []
            with pool(1) as executor:
                yield from _until_broken(deque([task]), executor, 1, again)
            yield from (one.failed(DIED) for one in again)


def _until_broken(
    waiting: deque[Task[Done]], executor: Executor, jobs: int, suspects: list[Task[Done]]
) -> Iterator[Done]:
    """Take tasks from `waiting` until none is left or the pool is broken; then `suspects` holds what was under way."""
    running: dict[Future[Done], Task[Done]] = {}
    try:
        while (waiting or running) and not suspects:
            while waiting and len(running) < jobs:
                future = executor.submit(do_task, waiting[0])  # may find the pool broken: the task waits on then
                running[future] = waiting.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                done = _result(future, running[future])
                if done is not None:
                    del running[future]
                    yield done
                else:
                    suspects.extend(running.values())
                    break
    except BrokenExecutor:  # it broke between two tasks, or never worked at all
        suspects.extend(running.values() or [waiting.popleft()])
    finally:
        for future in running:
            future.cancel()


def _result(future: Future[Done], task: Task[Done]) -> Done | None:
    """What came of it, or None if the process died, or if a cluster says so: it blames what waited behind, too."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        return None
    except Exception as error:  # of the way there and back
        return None if type(error).__name__ == "KilledWorker" else task.failed(f"{type(error).__name__}: {error}")


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
