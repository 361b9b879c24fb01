"""The metrics of one fused image."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.parts import each_part
from reference.metrics.catalogue import METRICS, metric
from reference.metrics.gray_levels import gray_levels

SMALL = 2**16  # values, up to which threads would take more time than they save
Stored = NDArray[np.uint8]  # (H, W) or (H, W, 3)


def scored_names(names: Iterable[str] | None, with_truth: bool) -> list[str]:
    """The metrics that can be computed, of those named or of all, in the order of the catalogue.

    with_truth  whether ground truth is given
    """
    wanted = {entry.name for entry in METRICS if not entry.by_name} if names is None else set(names)
    return [entry.name for entry in METRICS if entry.name in wanted and (with_truth or entry.needs != "truth")]


def score(
    fused: Stored,
    image_a: Stored,
    image_b: Stored,
    truth: Stored | None = None,
    names: Iterable[str] | None = None,
    refused: Callable[[str], None] | None = None,
) -> dict[str, float]:
    """Compute metrics of a fused image, by name, two at a time.

    fused, image_a, image_b, truth  (H, W) or (H, W, 3) uint8, of one height and width
    names                           of the metrics; by default all that images of this size allow
    refused                         receives a sentence on a metric that cannot be computed, and the others are
    raises                          ValueError or TypeError for images that do not go together or, without `refused`,
                                    are too small for a metric

    >>> image = np.random.default_rng(0).integers(0, 256, (48, 48)).astype(np.uint8)
    >>> scores = score(image, image, image, names=["q_mi", "q_cv"])
    >>> round(scores["q_mi"], 6), scores["q_cv"]
    (2.0, 0.0)
    """
    # Freeing 32 MB once makes the GNU C library keep freed memory for the next array: fresh pages from the system would
    # take some metrics as much time as their arithmetic.
    np.empty(2**25 - 2**16, dtype=np.uint8)
    levels = [gray_levels(image) for image in (image_a, image_b, fused)]
    arguments: dict[str, list[NDArray[Any]]] = {"sources": levels, "fused": levels[2:], "image": [fused]}
    arguments["truth"] = [fused] if truth is None else [fused, truth]
    entries = [metric(name) for name in scored_names(names, truth is not None)]
    works = {entry.together or entry.name: entry for entry in entries}

    def compute(number: int) -> Any:
        work, entry = [*works.items()][number]
        try:
            return entry.of_module(work)(*arguments[entry.needs])
        except (ValueError, TypeError) as error:
            return error

    least = 2 if fused.size > SMALL else len(works) + 1
    found = dict(zip(works, each_part(compute, range(len(works)), least), strict=True))
    scores: dict[str, float] = {}
    for entry in entries:
        value = found[entry.together or entry.name]
        if not isinstance(value, Exception):
            scores[entry.name] = float(value[entry.name] if entry.together else value)
        elif refused is None and (names is not None or min(fused.shape[:2]) >= entry.least):
            raise type(value)(f"{entry.symbol}: {value}") from value
        elif refused is not None:
            refused(f"{entry.symbol}: {value}")
    return scores
