"""Work that is done ahead of its use, so that a fast device need not wait for its crops.

Source: decision D13, as the paper says nothing of its training.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["ahead"]

S = TypeVar("S")
T = TypeVar("T")


def ahead(work: Callable[[S], T], items: Iterable[S], threads: int) -> Iterator[T]:
    """The results of `work` in the order of the items, computed in threads up to two items each before they are due.

    >>> list(ahead(str, range(5), threads=2))
    ['0', '1', '2', '3', '4']
    """
    pool = ThreadPoolExecutor(threads)
    waiting: deque[Future[T]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # also when no more results are asked for
        pool.shutdown(cancel_futures=True)
