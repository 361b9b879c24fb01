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
from reference.jobs.page import Bold, Picture, Table, as_html, as_markdown, print_pdf
from reference.jobs.parallel import processes
from reference.network import NETWORK_NAMES
from reference.report.claims import KINDS, Claim, expectations, expected_text, judge, summary
from reference.report.contributions import part_contributions
from reference.report.first_screen import first_screen, glossary, statements, verdict
from reference.report.part_figures import part_failures, part_figure_1, part_figure_2, part_figure_3
from reference.report.part_ours import part_deviations, part_liu, part_map, part_method
from reference.report.part_table_1 import part_bias, part_embedded, part_piqe, part_protocols, part_table_1
from reference.report.run import WORDS, Part, Run

__all__ = ["PARTS", "reproduce"]

PartOfReport = Callable[[Run], Part]
PROCESSES = min(2, os.cpu_count() or 1)  # each with networks of its own, about 1 GB
PARTS: dict[str, PartOfReport] = {
    "Table 1": part_table_1, "PIQE": part_piqe, "protocols": part_protocols, "bias": part_bias,
    "embedded pairs": part_embedded, "contributions": part_contributions, "failures": part_failures,
    "figure 1": part_figure_1, "figure 2": part_figure_2, "figure 3": part_figure_3, "Liu's results": part_liu,
    "method": part_method, "deviations": part_deviations, "map": part_map,
}  # fmt: skip
FIRST = ("Liu's results", "contributions", "embedded pairs")  # these take longest
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
    sections: list[Table | Picture] = [WORDS.table("missing", [*missing.items()])] if missing else []
    sections += [section for part in parts.values() for section in part.sections]
    sections[len(missing) > 0 : len(missing) > 0] = [statements(claims)]
    sections += [_claims(claims), glossary()]
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
    def text(count: Mapping[str, int]) -> str:
        return ", ".join(f"{number} {status}" for status, number in count.items() if number)

    found = summary(claims)
    by_kind = "; ".join(f"{kind}: {text(of_kind)}" for kind, of_kind in found["by_kind"].items())
    explained = {kind.replace(" ", "_"): meaning for kind, meaning in KINDS.items()}
    return WORDS.table("claims", [_row(claim) for claim in claims], counts=by_kind, **explained)


def _row(claim: Claim) -> list[str]:
    one = claim.expectation
    of_paper = one.rule == "as printed" and one.kind != "regression"
    limits = ("", expected_text(one)) if not of_paper else (one.expected, "")
    measured = "" if claim.measured is None else f"{claim.measured:.6g}{' (recorded)' * (one.source == 'recorded')}"
    status = Bold(f"{claim.status}, was {one.recorded}") if claim.changed else claim.status
    return [one.kind, one.place, one.statement, limits[0], limits[1], measured, status, claim.why, one.command, one.id]
