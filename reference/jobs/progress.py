"""Progress of long work, on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Progress = Callable[[int, int], None]  # receives how many parts of how many are done


def silent(done: int, of: int) -> None:
    """Show no progress."""


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A progress bar; its parts are blocks of a network's scores, tiles, or photographs."""
    with tqdm(total=1, desc=title, unit="part", leave=False) as bar:

        def progress(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield progress
