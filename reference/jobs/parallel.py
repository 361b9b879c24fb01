"""Many tasks in other processes, of this machine or of a cluster; the death of one affects no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import wait as until
from typing import Any, Protocol, TypeVar

from reference.errors import BadInput, MissingExtra

Done = TypeVar("Done", covariant=True)

Pool = Callable[[int], AbstractContextManager[Executor]]  # opens an executor with so many workers
DIED = "its process died twice: too little memory, or a crash of a library"


class Task(Protocol[Done]):
    """Work that another process can do."""

    def do(self) -> Done:
        """Do it; errors are part of the result."""

    def failed(self, why: str) -> Done:
        """The result where the process could not return one."""


def do_task(task: Task[Done]) -> Done:
    """Do a task, in another process."""
    return task.do()


def finish(tasks: Sequence[Task[Done]], pool: Pool, jobs: int) -> Generator[Done, None, None]:
    """Do all tasks, and yield their results in the order of completion.

    A process that dies breaks the whole pool without naming its task. The tasks that were running are then repeated
    one by one, each in a pool of its own, so that only the guilty one fails.
    """
    waiting = deque(tasks)
    while waiting:
        suspects: list[Task[Done]] = []
        with pool(jobs) as executor:
            yield from _until_broken(waiting, executor, jobs, suspects)
        for task in suspects:
            died_again: list[Task[Done]] = []
            with pool(1) as executor:
                yield from _until_broken(deque([task]), executor, 1, died_again)
            yield from (task.failed(DIED) for task in died_again)


def _until_broken(
    waiting: deque[Task[Done]], executor: Executor, jobs: int, suspects: list[Task[Done]]
) -> Iterator[Done]:
    """Do tasks from `waiting` until none is left or the pool breaks; `suspects` then holds those that were running."""
    running: dict[Future[Done], Task[Done]] = {}
    try:
        while (waiting or running) and not suspects:
            while waiting and len(running) < jobs:
                future = executor.submit(do_task, waiting[0])  # if the pool is broken, the task remains in the queue
                running[future] = waiting.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                done = _result(future, running[future])
                if done is not None:
                    del running[future]
                    yield done
                else:
                    suspects.extend(running.values())
                    break
    except BrokenExecutor:  # between two tasks, or before the first
        suspects.extend(running.values() or [waiting.popleft()])
    finally:
        for future in running:
            future.cancel()


def _result(future: Future[Done], task: Task[Done]) -> Done | None:
    """The result, or None if the process died; a cluster reports that for the tasks queued behind it, too."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        return None
    except Exception as error:  # in transmission
        return None if type(error).__name__ == "KilledWorker" else task.failed(f"{type(error).__name__}: {error}")


PATIENCE = "10s"  # for a scheduler to answer


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """Processes of this machine, which share its cores; they end at once when the work is interrupted."""
    before = multiprocessing.active_children()
    executor = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (jobs,))
    with _interrupts_ignored():  # inherited by the processes: an interrupt is for their parent
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
    """Prepare a new process: its share of the cores, and an end by an exception, which removes partial files."""
    # PyTorch and ONNX Runtime read this when a network loads them.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // jobs)))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())


def _end_with_parent() -> None:
    """End this process with its parent; otherwise it would wait for work forever."""
    parent = multiprocessing.parent_process()
    until([parent.sentinel] if parent else [])
    while True:  # the first signal ends the task, the next one the process
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.5)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only that one may set handlers
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def cluster(address: str) -> Pool:
    """The workers of a dask cluster, which itself repeats the tasks of a worker that dies.

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
