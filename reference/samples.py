"""The pairs that fusion is tried on: those that ship, with ground truth, and those fetched before."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from reference.data_files import data_root, find_group

__all__ = ["Pair", "embedded_pairs", "fetched_pairs"]


class Pair(NamedTuple):
    """Files of one pair; what there is to compare with is None where it does not exist.

    truth      the scene sharp everywhere
    focus      the map that is white where A is in focus
    published  Liu's own result
    """

    name: str
    image_a: Path
    image_b: Path
    truth: Path | None = None
    focus: Path | None = None
    published: Path | None = None


def embedded_pairs() -> list[Pair]:
    """The pairs in data/samples."""
    folders = sorted(path.parent for path in (data_root() / "samples").glob("*/a.png"))
    return [Pair(folder.name, *(folder / f"{name}.png" for name in ("a", "b", "truth", "focus"))) for folder in folders]


def fetched_pairs(data: Path | None = None) -> list[Pair]:
    """Children and the 20 Lytro pairs, as far as they are here with Liu's results."""
    pairs = []
    if children := find_group("children", data):
        a, b, published = (children[name] for name in ("children_1.tif", "children_2.tif", "fused_cnn.tif"))
        pairs.append(Pair("children", a, b, published=published))
    lytro, results = find_group("lytro", data), find_group("lytro_results", data)
    for number in range(1, 21) if lytro and results else ():
        a, b = (lytro[f"lytro-{number:02d}-{side}.jpg"] for side in "AB")  # type: ignore[index]
        pairs.append(Pair(f"lytro_{number:02d}", a, b, published=results[f"c_{number:02d}_cnn.tif"]))  # type: ignore[index]
    return pairs
