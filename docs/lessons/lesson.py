"""What every lesson uses: pictures side by side, and a word on the answer to an exercise."""

from __future__ import annotations

from typing import Any

import numpy as np
from answers import ANSWERS

__all__ = ["check", "show"]


def show(pictures: dict[str, Any], columns: int = 3, width: float = 10.0) -> None:
    """Draw images in [0, 1], gray or colour, side by side, each below its title."""
    from matplotlib import pyplot

    rows = -(-len(pictures) // columns)
    height, wide = next(iter(pictures.values())).shape[:2]
    size = (width, rows * (width / columns * height / wide + 0.35))
    figure, axes = pyplot.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    for axis in axes.flat[len(pictures) :]:
        axis.set_axis_off()
    for axis, (title, picture) in zip(axes.flat, pictures.items(), strict=False):
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_color("0.6")  # a frame: maps are white, and so is the page
        shown = np.clip(np.asarray(picture, dtype=float), 0, 1)
        axis.imshow(shown, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axis.set_title(title, fontsize=10)
    pyplot.show()
    pyplot.close(figure)


def check(exercise: str, answer: Any) -> None:
    """Say whether an answer is right; None is no answer yet.

    Numbers may differ by the tolerance of the exercise, arrays everywhere by it; texts are compared in lower case.
    """
    expected, tolerance, hint = ANSWERS[exercise]
    if answer is None:
        print(f"Exercise {exercise}: no answer yet")
    elif _agrees(answer, expected, tolerance):
        print(f"Exercise {exercise}: right")
    else:
        print(f"Exercise {exercise}: not yet. {hint}")


def _agrees(answer: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, str):
        return str(answer).strip().lower() == expected
    try:
        given = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return False
    return given.shape == np.shape(expected) and bool(np.all(np.abs(given - expected) <= tolerance))
