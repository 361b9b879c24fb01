"""What was computed is kept, so that only what a parameter touches is computed again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from reference.images.files import write_image
from reference.jobs.step_files import step_file, step_picture
from reference.pipeline import Fused
from reference.report.figures.figure_2 import levels_in_one
from reference.steps import gray
from reference.steps.arrays import Image, Map

__all__ = ["Pictures", "Remembering", "derived", "overlay"]

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


TINTS = np.array([[1.0, 0.55, 0.0], [0.1, 0.45, 1.0]])  # of A, of B
STRENGTH = 0.35


class Pictures:
    """PNG files in a folder, by the name of what they show; those of steps are called as `parfocal fuse` calls them.

    files    name: file
    changed  names of those that were drawn the last time
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Path] = {}
        self.changed: set[str] = set()
        self._shown: dict[str, NDArray[np.generic]] = {}

    def draw(self, values: Mapping[str, NDArray[np.generic]]) -> None:
        """Draw what is not drawn yet, and forget what is no longer there."""
        self.changed = {name for name, value in values.items() if value is not self._shown.get(name)}
        self.files = {name: self.folder / f"{_stem(name)}.png" for name in values}
        self._shown = {name: value for name, value in self._shown.items() if name in values}
        for name in self.changed:
            write_image(self.files[name], step_picture(name, values[name]))
        self._shown |= values  # only now: where one fails, all are drawn the next time


def derived(values: Mapping[str, Any], fused: Fused, memory: Remembering) -> dict[str, NDArray[np.generic]]:
    """Pictures that are not steps: each pyramid on one canvas, and the decision map over the result."""
    found: dict[str, NDArray[np.generic]] = {"overlay": memory("overlay", overlay, fused.image, fused.decision_map)}
    for name in ("pyramid_a", "pyramid_b"):
        if levels := [value for key, value in values.items() if key.startswith(f"{name}_")]:
            found[name] = memory(f"picture of {name}", levels_in_one, *levels)
    return found


def overlay(fused: Image, decision_map: Map) -> Image:
    """The gray of the fused image, orange where it is A's and blue where it is B's.

    >>> overlay(np.zeros((1, 2)), np.array([[1.0, 0.0]]))[0, 0].round(4).tolist()
    [0.35, 0.1925, 0.0]
    """
    shade = gray(np.clip(fused, 0.0, 1.0))[..., np.newaxis]
    share = np.clip(decision_map, 0.0, 1.0)[..., np.newaxis]
    tinted: Image = (1 - STRENGTH) * shade + STRENGTH * (share * TINTS[0] + (1 - share) * TINTS[1])
    return tinted


def _stem(name: str) -> str:
    try:
        return step_file(name)
    except KeyError:  # no step
        return name
