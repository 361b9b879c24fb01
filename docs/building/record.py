"""A new record of the evaluation, the pages with its tables, and all of its tables as CSV files.

Run: python -m docs.building.record evaluation/evaluation.json
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reference.datasets.registry import data_root
from reference.experiments.choose import blend_name
from reference.experiments.tables import CONDITION_NAMES, WORDS, cell, evaluation_tables
from reference.files import write_text
from reference.jobs.page import Table, table_lines
from reference.network import TRAINED
from reference.parameters import PAPER

__all__ = ["csv_files", "fill_tables", "pages"]

BLOCK = re.compile(r"(<!-- table: (?P<title>.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> list[Path]:
    """The files with tables of the evaluation."""
    cards = [data_root() / "weights" / f"{name}.md" for name in TRAINED]
    return [*cards, data_root().parent / "docs" / "networks.md"]


def fill_tables(text: str, measured: Mapping[str, Any]) -> str:
    """The page with each table between <!-- table: TITLE --> and <!-- end --> replaced by the measured one.

    raises   KeyError for an unknown table
    """
    all_tables = [*evaluation_tables(measured), *(card(measured, name) for name in measured.get("validation", ()))]
    all_tables += [summary(measured)] if "truth" in measured else []
    by_title = {table.title: table for table in all_tables}

    def block(match: re.Match[str]) -> str:
        lines = table_lines(by_title[match["title"]])
        return match[1] + "\n" + "\n".join(lines) + "\n\n" + match[3]

    return BLOCK.sub(block, text)


def card(measured: Mapping[str, Any], name: str) -> Table:
    """The results in the model card of a network."""
    weights, conditions, best = measured["weights"][name], measured["truth"]["conditions"], f"{name}:all"
    lytro, children = measured["lytro"]["ours"][name][blend_name(PAPER)], measured["children"][name]["paper"]
    embedded = [of_pair[name] for of_pair in measured["embedded"].values()]
    loss, accuracy = (cell(key, value) for key, value in measured["validation"][name].items())
    rows = {
        "parameters": f"{weights['parameters']:,}",
        "cost of a pair of 520 x 520": f"{weights['gflop']:.0f} GFLOP",
        "validation crops": f"loss {loss}, {accuracy} decided right, by weight",
        "six embedded pairs, PSNR, PAPER": f"{sum(embedded) / len(embedded):.2f} dB on the mean",
    }
    for condition, by_name in conditions.items():
        rows[f"40 pairs that test, {CONDITION_NAMES[condition]}"] = (
            f"{by_name[name]['psnr']:.2f} dB with PAPER, {by_name[best]['psnr']:.2f} dB with parameters chosen for "
            "this network without noise"
        )
    of_clean = conditions["clean"][name]
    wrong = f"{of_clean['wrong_near']:.1f} % near the boundary, {of_clean['wrong_far']:.2f} % farther off"
    rows["wrong decisions there, without noise"] = wrong
    rows["20 Lytro pairs, PAPER"] = (
        f"mean rank {lytro['rank']:.2f} among 18 published methods and it, the best of them "
        f"{lytro['best_published']:.2f}"
    )
    columns = ", ".join(f"{name} {children[name]:.4g}" for name in ("piqe", "psnr", "ssim", "entropy"))
    rows["Children, Table 1's columns, PAPER"] = columns
    return WORDS.table("card", [[*row] for row in rows.items()], name=name)


def summary(measured: Mapping[str, Any]) -> Table:
    """PSNR of each method, with its published parameters and with those chosen, under every condition."""
    by_condition = {CONDITION_NAMES[name]: of for name, of in measured["truth"]["conditions"].items()}
    by_condition |= {"physical pairs": measured["physical"]["kinds"]["all"]} if "physical" in measured else {}
    names = ["better source", "average", "gff", "gfdf", *measured["weights"], "pixel"]
    alike = {name: (name, f"{name}:all") for name in names} | {
        **{oracle: (f"{oracle}, PAPER", f"{oracle}, TUNED") for oracle in ("fitted scores", "true map")},
        "nearer pixels": ("nearer pixels", ""),
    }
    rows = []
    for name, both in alike.items():
        cells = (" / ".join(cell("psnr", of[one]["psnr"]) for one in both if one in of) for of in by_condition.values())
        rows.append([name, *cells])
    text = "PSNR in dB against ground truth, means over the 40 pairs that test: published parameters / chosen ones."
    return Table("Summary", text, ["method", *by_condition], rows)


def csv_files(measured: Mapping[str, Any]) -> dict[Path, str]:
    """Every table of an evaluation as a CSV file beside the pages."""
    folder = data_root().parent / "docs" / "tables" / "evaluation"
    files = {}
    for table in evaluation_tables(measured):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([table.header, *table.rows])
        name = re.sub("[^a-z0-9]+", "_", table.title.lower().replace("'", "")).strip("_")
        files[folder / f"{name}.csv"] = text.getvalue()
    return files


def main(evaluation: Path) -> None:
    """Record an evaluation and its manifest, and update the pages; nothing is written unless all can be updated."""
    measured = json.loads(evaluation.read_text())
    texts = {page: fill_tables(page.read_text(), measured) for page in pages()} | csv_files(measured)
    for suffix in (".json", ".manifest.json"):
        name = f"evaluation{suffix}"
        texts[data_root() / "weights" / name] = evaluation.with_name(name).read_text()
    for page, text in texts.items():
        write_text(page, text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
