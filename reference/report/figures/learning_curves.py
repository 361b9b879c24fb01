"""The course of training: loss and accuracy over the steps, from the logs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Log = Sequence[Mapping[str, Any]]
SMOOTHED = 10  # records per point of the curve


def read_log(path: Path) -> Log:
    """The records of a run, one JSON object per line."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def draw(logs: Mapping[str, Log], map_from: Mapping[str, int] | None = None) -> Figure:
    """Draw the curves of several runs: thin for training crops, dotted for validation crops.

    map_from  by name, the step after which pixels of the map are measured instead of patches
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4), layout="constrained")
    panels = figure.subplots(1, 2)
    titles = {"loss": "cross-entropy", "accuracy": "share decided right"}
    for axes, (measure, title) in zip(panels, titles.items(), strict=True):
        for number, (name, log) in enumerate(logs.items()):
            axes.plot(*_curve(log, measure, SMOOTHED), color=f"C{number}", linewidth=1, alpha=0.6, label=name)
            validation = _curve(log, f"validation_{measure}")
            axes.plot(*validation, "o:", color=f"C{number}", markersize=3, label=f"{name}, validation")
            if map_from:
                axes.axvline(map_from[name], color=f"C{number}", linewidth=0.8, linestyle="--")
        axes.set(title=title, xlabel="step")
        axes.grid(alpha=0.3)
    panels[0].set_ylim(0, None)
    panels[1].legend(fontsize=9)
    return figure


def _curve(log: Log, measure: str, every: int = 1) -> NDArray[np.float64]:
    """Steps and values (2, N) of the records that have the measure; means over `every` of them."""
    records = [(record["step"], record[measure]) for record in log if measure in record]
    every = every if len(records) >= every else 1
    curve: NDArray[np.float64] = np.reshape(records[: len(records) // every * every], (-1, every, 2)).mean(axis=1).T
    return curve
