"""What was computed is kept, so that only what a parameter touches is computed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np

__all__ = ["Remembering"]

P = ParamSpec("P")
T = TypeVar("T")


class Remembering:
    """Does a step (a `stepping.Doing`) again only where its function or an argument is another than the last time.

    done  names of the steps done since it was last emptied

    >>> step = Remembering()
    >>> step("gray", abs, -1), step("gray", abs, -1), step("gray", abs, -2), step.done
    (1, 1, 2, ['gray', 'gray'])
    """

    def __init__(self) -> None:
        self.done: list[str] = []
        self._kept: dict[str, tuple[tuple[Any, ...], Any]] = {}

    def __call__(self, name: str, function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
        taken = (function, *arguments, *keywords.items())
        before, value = self._kept.get(name, ((), None))
        if not _same(taken, before):
            new = function(*arguments, **keywords)
            self.done.append(name)
            # Where nothing came of the change, what follows sees no change either.
            value = value if _equal(new, value) else new
            self._kept[name] = (taken, value)
        return value  # type: ignore[no-any-return]


def _same(taken: Any, before: Any) -> bool:
    """Arrays and networks by identity, numbers and texts by value."""
    if isinstance(taken, tuple):
        same_length = isinstance(before, tuple) and len(taken) == len(before)
        return same_length and all(map(_same, taken, before))
    by_value = isinstance(taken, (int, float, str)) and type(taken) is type(before)
    return bool(taken == before) if by_value else taken is before


def _equal(new: Any, old: Any) -> bool:
    """By their bytes: -0.0 is another value than 0.0."""
    arrays = isinstance(new, np.ndarray) and isinstance(old, np.ndarray)
    return bool(arrays and new.dtype == old.dtype and new.shape == old.shape and new.tobytes() == old.tobytes())
