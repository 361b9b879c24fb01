"""Running a benchmark, with results of earlier runs reused, and writing its results."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tqdm import tqdm

from reference.datasets.pairs import Pair
from reference.experiments.benchmark_tables import tables
from reference.experiments.cache import ResultCache
from reference.experiments.measure import Record, Task, key_of
from reference.experiments.methods import Method
from reference.experiments.results import BenchmarkResult
from reference.experiments.scores import cell
from reference.files import atomic_write, write_json
from reference.jobs.manifest import versions
from reference.jobs.page import as_html, as_markdown
from reference.jobs.parallel import Pool, finish
from reference.metrics.score import scored_names

__all__ = ["run_benchmark", "write_results"]


def run_benchmark(
    pairs: Sequence[Pair], methods: Sequence[Method], metrics: Sequence[str], folder: Path, pool: Pool, jobs: int,
    say: Callable[[str], None],
) -> list[Record]:  # fmt: skip
    """Score every method on every pair for which it has a result, and return the records in that order.

    What is measured is kept in `folder` at once, so an interrupted run resumes. A result of the same files, method and
    code is reused, and missing metrics are added to it.

    raises  OSError if a result cannot be kept
    """
    kept = ResultCache(folder / "kept.jsonl")
    wanted = {(pair.name, method.name): (pair, method) for pair in pairs for method in methods if method.has(pair)}
    keys = {names: key_of(*both) for names, both in wanted.items()}
    records = {names: Record(*names, **kept.get(keys[names]) or {}) for names in wanted}
    to_do = [
        Task(pair, method, tuple(missing))
        for names, (pair, method) in wanted.items()
        if (missing := records[names].missing(scored_names(metrics, pair.truth is not None)))
    ]
    if len(to_do) < len(records):
        say(f"{len(records) - len(to_do)} of {len(records)} results are kept from an earlier run")
    progress = tqdm(total=len(records), initial=len(records) - len(to_do), desc="benchmark", unit="result", leave=False)
    with progress, closing(finish(to_do, pool, jobs)) as done:
        for record in done:
            names = record.pair, record.method
            record.scores = records[names].scores | record.scores  # earlier metrics remain
            records[names] = record
            progress.update()
            if record.error:
                say(f"{record.pair}, {record.method}: {record.error}")
            else:
                kept.put(keys[names], {"scores": record.scores, "seconds": record.seconds, "peak_mib": record.peak_mib})
    return list(records.values())


def write_results(result: BenchmarkResult, title: str, about: Sequence[str], command: Sequence[str], out: Path) -> None:
    """Write scores.csv, summary.csv, benchmark.json, .md and .html, each whole or not at all."""
    _write_csv(out / "scores.csv", ["pair", "method", "metric", "value"], [
        [cell(pair), cell(method), name, repr(value)] for method, pair, name, value in result.scores
    ])  # fmt: skip
    _write_csv(out / "summary.csv", ["method", "metric", "pairs", "mean", "low_95", "high_95", "rank"], [
        [cell(method), name, m.n, repr(m.value), repr(m.low), repr(m.high), result.ranks[name].get(method, "")]
        for method, of_method in result.means.items() for name, m in of_method.items()
    ])  # fmt: skip
    write_json(out / "benchmark.json", {"command": list(command), "versions": versions(), **result.as_json()})
    sections = tables(result)
    for name, write in (("benchmark.md", as_markdown), ("benchmark.html", as_html)):
        with atomic_write(out / name) as temporary:
            temporary.write_text(write(title, about, sections), "utf-8", "surrogateescape")


def _write_csv(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    with (
        atomic_write(path) as temporary,
        open(temporary, "w", newline="", encoding="utf-8", errors="surrogateescape") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
