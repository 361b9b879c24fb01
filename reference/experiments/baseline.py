"""The recorded evaluation, the comparison of a new one with it, and the pages with its tables.

Run: python -m reference.experiments.baseline evaluation/evaluation.json   (makes that evaluation the record)
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
from reference.files import write_text
from reference.jobs.page import table_lines

__all__ = ["differs", "fill_tables", "pages", "recorded_evaluation", "unmeasured"]

KeyPath = tuple[str, ...]

# Tolerances, by the last matching key of the path: other processors and thread counts change the last digits of scores,
# and with them a few decisions in a hundred thousand. What is chosen must be the same.
TOLERANCES = {
    "ssim": 2e-4, "entropy": 2e-4, "rank": 0.126, "best_published": 0.126, "q_cv": 0.02, "q_mi": 1e-3,
    "loss_near": 0.5, "parameters": 0.0, "gflop": 0.0, "validation": 3e-3, "lytro": 2e-4,
}  # fmt: skip
OTHERS = 0.02  # of all other values: decibels, PIQE, percent


def recorded_evaluation() -> dict[str, Any]:
    """The content of data/weights/evaluation.json; empty where there is none, so that every value differs from it."""
    path = data_root() / "weights" / "evaluation.json"
    return json.loads(path.read_text()) if path.exists() else {}


def differs(measured: Any, recorded: Any) -> list[str]:
    """One line for every value of `measured` that differs from the record or is missing there.

    >>> differs({"truth": {"psnr": [40.0, 41.0]}}, {"truth": {"psnr": [40.01, 43.0]}})
    ['truth psnr 1: 41.0, but recorded is 43.0']
    """
    values = dict(_leaves(recorded))
    return [
        f"{' '.join(path)}: {value}, but recorded is {values.get(path, 'nothing')}"
        for path, value in _leaves(measured)
        if not _alike(path, value, values.get(path))
    ]


def unmeasured(measured: Any, recorded: Any) -> list[str]:
    """Paths in the record that were not measured; only the top one of each part.

    >>> unmeasured({"truth": {"a": 1.0}}, {"truth": {"a": 1.0, "b": {"c": 2.0}}, "lytro": {"x": 1.0}})
    ['truth b', 'lytro']
    """
    if not isinstance(recorded, dict):
        return []
    missing = []
    for key, value in recorded.items():
        if not isinstance(measured, dict) or key not in measured:
            missing.append(str(key))
        else:
            missing += [f"{key} {below}" for below in unmeasured(measured[key], value)]
    return missing


def _leaves(record: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value that is neither a list nor a dictionary, with its path."""
    if isinstance(record, dict | list | tuple):
        for key, value in record.items() if isinstance(record, dict) else enumerate(record):
            yield from _leaves(value, (*path, str(key)))
    else:
        yield path, record


def _alike(path: KeyPath, value: Any, other: Any) -> bool:
    if isinstance(value, float) and isinstance(other, int | float):
        tolerances = [TOLERANCES[word] for word in reversed(path) if word in TOLERANCES]
        return value == other or abs(value - other) <= (tolerances or [OTHERS])[0]
    return bool(value == other)


BLOCK = re.compile(r"(<!-- table: (?P<title>.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> list[Path]:
    """The files with tables of the evaluation."""
    return [*sorted((data_root() / "weights").glob("*.md")), data_root().parent / "docs" / "networks.md"]


def fill_tables(text: str, measured: Mapping[str, Any]) -> str:
    """The page with each table between <!-- table: TITLE --> and <!-- end --> replaced by the measured one.

    raises   KeyError for an unknown table
    """
    all_tables = [*tables(measured), *(card(measured, name) for name in measured.get("validation", ()))]
    by_title = {table.title: table for table in all_tables}

    def block(match: re.Match[str]) -> str:
        lines = table_lines(by_title[match["title"]])
        return match[1] + "\n" + "\n".join(lines) + "\n\n" + match[3]

    return BLOCK.sub(block, text)


def main(evaluation: Path) -> None:
    """Record an evaluation and its manifest, and update the pages; nothing is written unless all can be updated."""
    measured = json.loads(evaluation.read_text())
    texts = {page: fill_tables(page.read_text(), measured) for page in pages()}
    for suffix in (".json", ".manifest.json"):
        name = f"evaluation{suffix}"
        texts[data_root() / "weights" / name] = evaluation.with_name(name).read_text()
    for page, text in texts.items():
        write_text(page, text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
