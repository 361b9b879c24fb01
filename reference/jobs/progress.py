"""Progress of long work, on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

__all__ = ["Progress", "progress_bar", "silent"]

Progress = Callable[[int, int], None]  # receives how many parts of how many are done


def silent(done: int, of: int) -> None:
    """Show no progress."""


@contextmanager
def progress_bar(title: str, nested: bool = False) -> Iterator[Progress]:
    """A progress bar; its parts are blocks of a network's scores, tiles, or photographs.

    nested  the bar stands below another one, and is shown on a terminal only

    >>> with progress_bar("fused.png", nested=True) as progress:
    ...     progress(1, 2)
    """
    with tqdm(total=1, desc=title, unit="part", leave=False, disable=None if nested else False) as bar:

        def progress(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield progress
