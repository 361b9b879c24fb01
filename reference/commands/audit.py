"""Find by which metric, dialect and protocol the numbers of a paper's table were computed, from its images."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reference.commands.arguments import say

OF_TABLE = "CSV: a column method, perhaps a column image, all others metrics, numbers as printed"
OF_FUSED = "the fused images: a file or a folder for each method, or files with the method in their names"
OF_OUT = "folder for audit.html, .json, .csv (default: audit); what it holds from the same images and code is kept"
OF_EVERYTHING = "try every metric on every column, whatever its heading"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The table, and where its images are."""
    parser.add_argument("table", type=Path, metavar="TABLE.csv", help=OF_TABLE)
    parser.add_argument("--fused", type=Path, required=True, metavar="DIR", help=OF_FUSED)
    for side in "ab":
        says = f"sources {side.upper()}: a file or a folder"
        parser.add_argument(f"--{side}", type=Path, required=True, metavar="DIR", help=says)
    parser.add_argument("--truth", type=Path, metavar="DIR", help="the scenes sharp everywhere: a file or a folder")
    parser.add_argument("--everything", action="store_true", help=OF_EVERYTHING)
    parser.add_argument("--out", "-o", type=Path, default=Path("audit"), metavar="DIR", help=OF_OUT)
    parser.add_argument("--json", action="store_true", help="print audit.json on stdout instead of the verdicts")


def run(options: argparse.Namespace) -> int:
    """Exit 0 whatever is found, 3 where no image of the table is here."""
    from reference.audit.printed import find_images, read_table
    from reference.audit.results import write_audit
    from reference.audit.search import search
    from reference.errors import BadInput
    from reference.experiments.cache import ResultCache
    from reference.jobs.page import as_markdown

    cells = read_table(options.table)
    rows = [*dict.fromkeys(cell.row for cell in cells)]
    images = find_images(rows, options.fused, (options.a, options.b), options.truth)
    if not images:
        raise BadInput(f"{options.fused} has no image of {rows[0][0]}, nor of any other method in {options.table}")
    options.out.mkdir(parents=True, exist_ok=True)
    found = search(cells, images, ResultCache(options.out / "cache.jsonl"), options.everything)
    missing = [row for row in rows if row not in images]
    tables = write_audit(found, missing, f"Audit of {options.table.name}", ["parfocal", *sys.argv[1:]], options.out)
    if missing:
        say(f"{len(missing)} of {len(rows)} rows have no images here")
    say(f"{options.out}: audit.html, audit.json, audit.csv")
    print((options.out / "audit.json").read_text() if options.json else as_markdown("Audit", [], tables[:1]), end="")
    return 0
