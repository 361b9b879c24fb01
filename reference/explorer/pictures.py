"""The pictures of a run as files, drawn again only where their contents have changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.images.files import write_image
from reference.jobs.step_files import step_file, step_picture
from reference.pipeline import Fusion
from reference.report.figures.figure_2 import levels_in_one
from reference.steps import gray
from reference.steps.arrays import Image, Map

TINTS = np.array([[1.0, 0.55, 0.0], [0.1, 0.45, 1.0]])  # of A, of B
STRENGTH = 0.35


class Pictures:
    """PNG files in a folder, those of steps named as `parfocal fuse` names them.

    files    by the names of their contents
    changed  names of those drawn in the last call
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Path] = {}
        self.changed: set[str] = set()
        self._shown: dict[str, NDArray[Any]] = {}

    def draw(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Draw all new or changed values, and drop those that no longer exist."""
        self.changed = {name for name, value in values.items() if not _same(value, self._shown.get(name))}
        self.files = {name: self.folder / f"{step_file(name)}.png" for name in values}
        self._shown = {name: value for name, value in self._shown.items() if name in values}
        for name in self.changed:
            write_image(self.files[name], step_picture(name, values[name]))
        self._shown |= values  # last: if one fails, all are drawn again in the next call


def derived(fused: Fusion) -> dict[str, NDArray[Any]]:
    """Further pictures: each pyramid on one canvas, and the decision map over the result."""
    pictures: dict[str, NDArray[Any]] = {"overlay": overlay(fused.image, fused.decision_map)}
    for name in ("pyramid_a", "pyramid_b"):
        if levels := [value for key, value in fused.steps.items() if key.startswith(f"{name}_")]:
            pictures[name] = levels_in_one(*levels)
    return pictures


def overlay(fused: Image, decision_map: Map) -> Image:
    """The gray fused image, tinted orange where it is taken from A and blue where it is taken from B.

    >>> overlay(np.zeros((1, 2)), np.array([[1.0, 0.0]]))[0, 0].round(4).tolist()
    [0.35, 0.1925, 0.0]
    """
    shade = gray(np.clip(fused, 0.0, 1.0))[..., np.newaxis]
    share = np.clip(decision_map, 0.0, 1.0)[..., np.newaxis]
    tinted: Image = (1 - STRENGTH) * shade + STRENGTH * (share * TINTS[0] + (1 - share) * TINTS[1])
    return tinted


def _same(new: NDArray[Any], old: NDArray[Any] | None) -> bool:
    """Whether two arrays are equal byte for byte; -0.0 differs from 0.0."""
    if new is old or old is None:
        return new is old
    return new.dtype == old.dtype and new.shape == old.shape and new.tobytes() == old.tobytes()
