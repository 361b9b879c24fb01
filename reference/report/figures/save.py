"""Saving figures as files with the same bytes in every run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference.files import atomic_write, write_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save_figure(path: Path, figure: Figure, numbers: Any = None, dpi: int = 100) -> Path:
    """Write a figure as PNG without date or program version; given numbers, also as PDF, and the numbers as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=dpi, metadata={"Software": None})
    if numbers is not None:
        with atomic_write(path.with_suffix(".pdf")) as temporary:
            figure.savefig(temporary, dpi=dpi, metadata={"CreationDate": None})
        write_json(path.with_suffix(".json"), numbers)
    return path
