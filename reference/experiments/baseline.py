"""The recorded evaluation: how a new one is held against it, and the pages that are made from it.

Run: python -m reference.experiments.baseline evaluation/evaluation.json   (takes that evaluation as the record)
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reference.datasets.registry import data_root
from reference.experiments.evaluation_tables import card, tables
from reference.files import atomic_write
from reference.jobs.page import table_lines

__all__ = ["differs", "filled", "pages", "record", "unmeasured"]

Place = tuple[str, ...]

# How far a value may be off, by the last word of its place or by its part: other processors and thread counts change
# last digits of scores, and with them a few decisions out of a hundred thousand. What is chosen must be the same.
TOLERANCES = {
    "ssim": 2e-4, "entropy": 2e-4, "rank": 0.126, "best_published": 0.126, "q_cv": 0.02, "q_mi": 1e-3,
    "loss_near": 0.5, "parameters": 0.0, "gflop": 0.0, "validation": 3e-3, "lytro": 2e-4,
}  # fmt: skip
OTHERS = 0.02  # decibels, PIQE, percent


def record() -> dict[str, Any]:
    """data/weights/evaluation.json; empty where there is none, so that every value differs from it."""
    path = data_root() / "weights" / "evaluation.json"
    return json.loads(path.read_text()) if path.exists() else {}


def differs(measured: Any, record: Any) -> list[str]:
    """One line for every value of `measured` that the record has otherwise, or not at all.

    >>> differs({"truth": {"psnr": [40.0, 41.0]}}, {"truth": {"psnr": [40.01, 43.0]}})
    ['truth psnr 1: 41.0, but recorded is 43.0']
    """
    known = dict(_leaves(record))
    return [
        f"{' '.join(place)}: {value}, but recorded is {known.get(place, 'nothing')}"
        for place, value in _leaves(measured)
        if not _alike(place, value, known.get(place))
    ]


def unmeasured(measured: Any, record: Any) -> list[str]:
    """The places of the record that were not measured, without those below a place that was not.

    >>> unmeasured({"truth": {"a": 1.0}}, {"truth": {"a": 1.0, "b": {"c": 2.0}}, "lytro": {"x": 1.0}})
    ['truth b', 'lytro']
    """
    if not isinstance(record, dict):
        return []
    found = []
    for key, value in record.items():
        if not isinstance(measured, dict) or key not in measured:
            found.append(str(key))
        else:
            found += [f"{key} {below}" for below in unmeasured(measured[key], value)]
    return found


def _leaves(record: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value that is neither a list nor a dictionary, and its place."""
    if isinstance(record, dict | list | tuple):
        for key, value in record.items() if isinstance(record, dict) else enumerate(record):
            yield from _leaves(value, (*place, str(key)))
    else:
        yield place, record


def _alike(place: Place, value: Any, other: Any) -> bool:
    if isinstance(value, float) and isinstance(other, int | float):
        named = [TOLERANCES[word] for word in reversed(place) if word in TOLERANCES]
        return value == other or abs(value - other) <= (named or [OTHERS])[0]
    return bool(value == other)


BLOCK = re.compile(r"(<!-- table: (?P<title>.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> list[Path]:
    """The files that hold tables."""
    return [*sorted((data_root() / "weights").glob("*.md")), data_root().parent / "docs" / "networks.md"]


def filled(text: str, measured: Mapping[str, Any]) -> str:
    """A page with each table between <!-- table: TITLE --> and <!-- end --> as measured.

    raises   KeyError for a table that is not there
    """
    found = [*tables(measured), *(card(measured, name) for name in measured.get("validation", ()))]
    by_title = {table.title: table for table in found}

    def block(match: re.Match[str]) -> str:
        lines = table_lines(by_title[match["title"]])
        return match[1] + "\n" + "\n".join(lines) + "\n\n" + match[3]

    return BLOCK.sub(block, text)


def main(evaluation: Path) -> None:
    """Record an evaluation and its manifest, and fill the pages; nothing is written unless all can be filled."""
    measured = json.loads(evaluation.read_text())
    texts = {page: filled(page.read_text(), measured) for page in pages()}
    for suffix in (".json", ".manifest.json"):
        name = f"evaluation{suffix}"
        texts[data_root() / "weights" / name] = evaluation.with_name(name).read_text()
    for page, text in texts.items():
        with atomic_write(page) as temporary:
            temporary.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
