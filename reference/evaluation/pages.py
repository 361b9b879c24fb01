"""The tables in the model cards and in docs/networks.md, made from the recorded evaluation.

Run: python -m reference.evaluation.pages evaluation/evaluation.json   (takes that evaluation as the record)
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reference.benchmark.tables import table_lines
from reference.data_files import data_root
from reference.evaluation.recorded import recorded
from reference.evaluation.tables import card, tables
from reference.files import replacing

__all__ = ["filled", "pages"]

BLOCK = re.compile(r"(<!-- table: (?P<title>.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> list[Path]:
    """The files that hold tables."""
    return [*sorted((data_root() / "weights").glob("*.md")), data_root().parent / "docs" / "networks.md"]


def filled(text: str, measured: Mapping[str, Any]) -> str:
    """A page with each table between <!-- table: TITLE --> and <!-- end --> as measured.

    raises   KeyError for a table that is not there
    """
    found = [*tables(measured), *(card(measured, name) for name in measured["weights"])]
    by_title = {table.title: table for table in found}

    def block(match: re.Match[str]) -> str:
        lines = table_lines(by_title[match["title"]])
        return match[1] + "\n" + "\n".join(lines) + "\n\n" + match[3]

    return BLOCK.sub(block, text)


def main(evaluation: Path) -> None:
    """Record an evaluation and fill the pages."""
    shutil.copyfile(evaluation, data_root() / "weights" / "evaluation.json")
    for page in pages():
        with replacing(page) as temporary:
            temporary.write_text(filled(page.read_text(), recorded()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
