"""The whole report on the paper in one folder: a page, its numbers and figures, and the status of each claim."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import cache
from pathlib import Path

from tqdm import tqdm

from reference.files import write_json, write_text
from reference.jobs.manifest import versions
from reference.jobs.page import Bold, Picture, Table, as_html, as_markdown
from reference.jobs.parallel import processes
from reference.methods.base import network_record
from reference.network import NETWORK_NAMES
from reference.report.claims import Claim, expectations, judge, summary
from reference.report.contributions import part_contributions
from reference.report.part_figures import part_failures, part_figure_1, part_figure_2, part_figure_3
from reference.report.part_ours import part_deviations, part_embedded, part_liu, part_map, part_method
from reference.report.part_table_1 import part_bias, part_protocols, part_table_1, part_truth
from reference.report.run import Part, Run

__all__ = ["PARTS", "reproduce"]

PartOfReport = Callable[[Run], Part]
PROCESSES = min(2, os.cpu_count() or 1)  # each with networks of its own, about 1 GB
PARTS: dict[str, PartOfReport] = {
    "Table 1": part_table_1, "protocols": part_protocols, "bias": part_bias, "ground truth": part_truth,
    "contributions": part_contributions, "figure 1": part_figure_1, "figure 2": part_figure_2,
    "figure 3": part_figure_3, "failures": part_failures, "embedded pairs": part_embedded, "Liu's results": part_liu,
    "method": part_method, "deviations": part_deviations, "map": part_map,
}  # fmt: skip
FIRST = ("Liu's results", "contributions", "ground truth")  # these take longest
TITLE = "Parfocal: what of the paper can be reproduced"
ABOUT = (
    "CNN and Gaussian Pyramid-Based Approach For Enhance Multi-Focus Image Fusion (Ayub et al.), compared with its own "
    "printed numbers. Made by parfocal reproduce; every number below is in a JSON file beside this page."
)


def reproduce(out: Path, data: Path | None, say: Callable[[str], None]) -> list[Claim]:
    """Run every part in deterministic arithmetic, write results, report and claims.json, and return the claims.

    out   folder; results in it with the same inputs and code are reused
    data  folder with fetched data, searched first
    say   receives the lines of a part when it has ended
    """
    run = Run(out, data)
    parts = run_parts(PARTS, run, say)
    measured = {name: value for part in parts.values() for name, value in part.measured.items()}
    missing = {what: command for part in parts.values() for what, command in part.missing.items()}
    why = "not here: " + " ".join(["parfocal fetch", *_groups(missing.values())])
    claims = [judge(expectation, measured.get(expectation.id), why) for expectation in expectations()]
    sections: list[Table | Picture] = [_claims(claims), *([_missing(missing)] if missing else [])]
    sections += [section for part in parts.values() for section in part.sections]
    networks = {name: network_record(network) for name in NETWORK_NAMES if (network := run.network(name))}
    write_json(out / "claims.json", {**summary(claims), "networks": networks})
    write_json(out / "manifest.json", versions())
    write_text(out / "report.html", as_html(TITLE, [ABOUT], sections))
    write_text(out / "report.md", as_markdown(TITLE, [ABOUT], sections, out))
    return claims


def run_parts(parts: Mapping[str, PartOfReport], run: Run, say: Callable[[str], None]) -> dict[str, Part]:
    """The results of all parts, each computed by one of PROCESSES processes; those in FIRST begin first."""
    waiting = sorted(parts, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    done: dict[str, Part] = {}
    with processes(PROCESSES) as pool, tqdm(total=len(parts), desc="report", unit="part", leave=False) as bar:
        running: dict[Future[Part], str] = {}
        while waiting or running:
            while waiting and len(running) < PROCESSES:
                name = waiting.pop(0)
                running[pool.submit(_run_part, parts[name], run)] = name
            bar.set_postfix_str(", ".join(running.values()))
            for ended in wait(running, timeout=1, return_when=FIRST_COMPLETED).done:
                name = running.pop(ended)
                done[name] = ended.result()
                bar.update()
                for line in done[name].lines:
                    say(line)
    return {name: done[name] for name in parts}


def _run_part(part: PartOfReport, run: Run) -> Part:
    return part(_of_this_process(run))


@cache
def _of_this_process(run: Run) -> Run:
    """The first of equal runs, whose networks are loaded once."""
    return run


def _groups(commands: Iterable[str]) -> list[str]:
    """The groups of data in commands that fetch, each once.

    >>> _groups(["parfocal fetch lytro liu_weights", "parfocal fetch children liu_weights"])
    ['lytro', 'liu_weights', 'children']
    """
    return list(dict.fromkeys(word for command in commands for word in command.split()[2:]))


def _claims(claims: list[Claim]) -> Table:
    count = ", ".join(f"{status}: {number}" for status, number in summary(claims)["count"].items())
    text = f"{count}. As printed: the measured value, rounded to the printed digits, is the printed one."
    header = ["id", "place", "statement", "expected", "tolerance", "measured", "status", "why", "command"]
    return Table("Claims", text, header, [_row(claim) for claim in claims])


def _row(claim: Claim) -> list[str]:
    expected = claim.expectation
    tolerance = f"+- {expected.tolerance:g}" if expected.rule == "within" else expected.rule
    measured = "" if claim.measured is None else f"{claim.measured:.6g}"
    status = Bold(f"{claim.status}, was {expected.recorded}") if claim.changed else claim.status
    what = [expected.id, expected.place, expected.statement, expected.expected, tolerance]
    return [*what, measured, status, claim.why, expected.command]


def _missing(missing: dict[str, str]) -> Table:
    text = "These need data that may not be redistributed; fetch it and run again."
    rows = [[what, command] for what, command in missing.items()]
    return Table("What is missing here", text, ["what", "command"], rows)
