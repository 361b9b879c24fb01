"""Doing many tasks in other processes, so that one that dies takes nothing with it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

__all__ = ["Pool", "Task", "finish"]

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

    pool  `workers.processes` or `workers.cluster(address)`
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
    """What came of it, or None if the process died; a cluster has then tried several workers already."""
    try:
        return future.result()
    except (BrokenExecutor, CancelledError):
        return None
    except Exception as error:  # of the way there and back
        killed = type(error).__name__ == "KilledWorker"
        return task.failed(DIED if killed else f"{type(error).__name__}: {error}")
