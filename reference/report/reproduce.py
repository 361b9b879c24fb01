"""The whole report on the paper in one folder: a page, its numbers and figures, and the status of each claim."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, wait
from pathlib import Path

from tqdm import tqdm

from reference.files import write_json, write_text
from reference.jobs.manifest import versions
from reference.jobs.page import Picture, Table, as_html, as_markdown, print_pdf
from reference.jobs.parallel import processes
from reference.network import NETWORK_NAMES
from reference.report.claims import Claim, claim_tables, expectations, first_screen, judge, summary, verdict
from reference.report.contributions import part_contributions
from reference.report.failures import part_failures
from reference.report.paper_map import part_deviations, part_map
from reference.report.parts import part_figure_1, part_figure_2, part_figure_3, part_liu, part_method
from reference.report.protocols import part_piqe, part_protocols
from reference.report.run import WORDS, Part, Run
from reference.report.table_1 import part_bias, part_embedded, part_table_1

PartOfReport = Callable[[Run], Part]
PROCESSES = min(2, os.cpu_count() or 1)  # each with networks of its own, about 1 GB
PARTS: dict[str, PartOfReport] = {
    "Table 1": part_table_1, "PIQE": part_piqe, "protocols": part_protocols, "bias": part_bias,
    "embedded pairs": part_embedded, "contributions": part_contributions, "failures": part_failures,
    "figure 1": part_figure_1, "figure 2": part_figure_2, "figure 3": part_figure_3, "Liu's results": part_liu,
    "method": part_method, "deviations": part_deviations, "map": part_map,
}  # fmt: skip
FIRST = ("Liu's results", "contributions", "embedded pairs")  # these take longest
TITLE, ABOUT = (WORDS.sections["page"][name] for name in ("title", "about"))


def reproduce(out: Path, data: Path | None, say: Callable[[str], None]) -> list[Claim]:
    """Run every part in deterministic arithmetic, write results, report and claims.json, and return the claims.

    out   folder; results in it with the same inputs and code are reused
    """
    run = Run(out, data)
    parts = run_parts(PARTS, run, say)
    measured = {name: value for part in parts.values() for name, value in part.measured.items()}
    missing = {what: command for part in parts.values() for what, command in part.missing.items()}
    groups = dict.fromkeys(word for command in missing.values() for word in command.split()[2:])
    why = " ".join(["not here: parfocal fetch", *groups])
    claims = [judge(expectation, measured.get(expectation.id), why) for expectation in expectations()]
    by_statement, *tables = claim_tables(claims)
    sections: list[Table | Picture] = [WORDS.table("missing", [*missing.items()])] if missing else []
    sections += [by_statement, *(section for part in parts.values() for section in part.sections), *tables]
    networks = {name: network.file.record() for name in NETWORK_NAMES if (network := run.network(name))}
    write_json(out / "claims.json", {**summary(claims), "networks": networks})
    write_json(out / "manifest.json", versions())
    note = "Measured in this run, PSNR in dB on six pairs whose truth is known: " + parts["embedded pairs"].note + "."
    write_text(out / "report.html", as_html(TITLE, [ABOUT], sections, first_screen(claims, note)))
    print_pdf(out / "report.html")
    write_text(out / "report.md", as_markdown(TITLE, [*verdict(claims), "", note, "", ABOUT], sections, out))
    return claims


def run_parts(parts: Mapping[str, PartOfReport], run: Run, say: Callable[[str], None]) -> dict[str, Part]:
    """The results of all parts, each computed by one of PROCESSES processes; those in FIRST begin first."""
    in_order = sorted(parts, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    with processes(PROCESSES) as pool, tqdm(total=len(parts), desc="report", unit="part", leave=False) as bar:
        waiting = {name: pool.submit(parts[name], run) for name in in_order}
        done: dict[str, Part] = {}
        while waiting:
            bar.set_postfix_str(", ".join([*waiting][:PROCESSES]))
            ended = wait(waiting.values(), return_when=FIRST_COMPLETED).done
            for name in [name for name, future in waiting.items() if future in ended]:
                done[name] = waiting.pop(name).result()
                bar.update()
                for line in done[name].lines:
                    say(line)
    return {name: done[name] for name in parts}
