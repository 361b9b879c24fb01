"""How the steps of a method are done one after the other: who looks on, and who may do one in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["AT_ONCE", "Doing", "Stepping", "Trace", "at_once", "no_trace"]

P = ParamSpec("P")
T = TypeVar("T")
Trace = Callable[[str, NDArray[np.generic]], None]


class Doing(Protocol):
    """Does a step: calls its function, or gives what that gave before for the same arguments."""

    def __call__(self, name: str, function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T: ...


def no_trace(name: str, value: NDArray[np.generic]) -> None:
    """Record nothing."""


def at_once(name: str, function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
    """Call the function.

    >>> at_once("gray", abs, -1)
    1
    """
    return function(*arguments, **keywords)


@dataclass(frozen=True)
class Stepping:
    """Does each step and shows its value to the trace; the levels of a pyramid are shown as name_0, name_1, ...

    >>> step = Stepping(lambda name, value: print(name, value))
    >>> step("gray", abs, -1)
    gray 1
    1
    """

    trace: Trace = no_trace
    do: Doing = at_once

    def __call__(self, name: str, function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
        value = self.do(name, function, *arguments, **keywords)
        if isinstance(value, tuple):
            for level, image in enumerate(value):
                self.trace(f"{name}_{level}", image)
        else:
            self.trace(name, value)  # type: ignore[arg-type]
        return value


AT_ONCE = Stepping()  # no one looks on
