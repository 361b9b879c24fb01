"""Figures as files with the same bytes on every run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reference.files import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["save_figure"]


def save_figure(path: Path, figure: Figure, dpi: int = 100) -> None:
    """Write a figure as PNG without date or program version."""
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=dpi, metadata={"Software": None})
