"""The tables in the model cards and in docs/networks.md, made from the recorded evaluation.

Run: python -m reference.evaluation.pages evaluation/evaluation.json   (takes that evaluation as the record)
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reference.data_files import data_root
from reference.evaluation.tables import card, tables
from reference.files import replacing
from reference.page import table_lines

__all__ = ["filled", "pages"]

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
        with replacing(page) as temporary:
            temporary.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
