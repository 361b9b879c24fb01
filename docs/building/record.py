"""A new record of the evaluation, and the pages with its tables.

Run: python -m docs.building.record evaluation/evaluation.json
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reference.datasets.registry import data_root
from reference.experiments.evaluation_tables import card, tables
from reference.files import write_text
from reference.jobs.page import table_lines

__all__ = ["fill_tables", "pages"]

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
