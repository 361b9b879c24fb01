"""Work on an image part by part, on two threads where that pays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from itertools import repeat
from typing import TypeVar

__all__ = ["each_part"]

THREADS = 2
Result = TypeVar("Result")


def each_part(work: Callable[[int], Result], starts: range, least: int = 2) -> list[Result]:
    """The results of work(start) in their order; the numbers do not depend on the threads.

    least  parts from which on threads are worth starting

    >>> each_part(lambda start: start**2, range(0, 9, 3))
    [0, 9, 36]
    """
    if len(starts) < least:
        return [work(start) for start in starts]
    contexts = [copy_context() for _ in starts]  # they hold how numpy treats floating-point errors
    with ThreadPoolExecutor(THREADS) as pool:  # numpy and scipy let go of the interpreter while they compute
        return list(pool.map(Context.run, contexts, repeat(work), starts))
