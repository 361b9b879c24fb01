"""Compare fusion methods on pairs by every metric, and write tables, ranks and tests."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reference import __version__
from reference.commands.arguments import add_data, add_device, metric_names, say, whole_number
from reference.errors import WrongUsage

if TYPE_CHECKING:
    from reference.datasets.pairs import Pair
    from reference.experiments.benchmark import Record
    from reference.experiments.methods import Method
    from reference.experiments.results import BenchmarkResult
    from reference.experiments.scores import Scores

PATTERN = "{pair}[-_/]{side}.*"
METHODS = "enhanced,gff,gfdf,local_contrast,average,laplacian_pyramid"
PAIRS = "embedded, children, lytro, survey_gray, truth, physical, a folder, or a CSV file of columns pair, a, b, truth"
OF_PATHS = "of the files in a folder of pairs; {side} is a, A or 1, b, B or 2, truth, gt or GT"
OF_METHODS = (
    "with commas: pixel; enhanced, half, small, liu2017, liu2017_authors, each also with :tuned; gff, gfdf, "
    "local_contrast, average, laplacian_pyramid; survey:cnn, survey:gff, survey:gfdf (published results); a folder of "
    "results named after the pairs; NAME=PATTERN with {pair} in it"
)
OF_VALUES = "scores computed elsewhere: survey, or a CSV file with columns pair, method, metric, value; may be repeated"
OF_METRICS = "fast (default: all but Q_FMI), all, survey, or names with commas"
UNDER_WAY = 64  # results asked of a cluster at a time
OF_OUT = "folder (default: benchmark); what it holds from the same images, methods and code is kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Pairs, methods, metrics, where to, and by how many processes."""
    for option, default, word, text in (
        ("--pairs", "embedded", "PAIRS", PAIRS), ("--pattern", PATTERN, "PATTERN", OF_PATHS),
        ("--methods", METHODS, "LIST", OF_METHODS),
    ):  # fmt: skip
        parser.add_argument(option, default=default, metavar=word, help=f"{text} (default: %(default)s)")
    parser.add_argument("--values", action="append", default=[], metavar="FILE", help=OF_VALUES)
    parser.add_argument("--metrics", type=metric_names, default="fast", metavar="NAMES", help=OF_METRICS)
    parser.add_argument("--out", type=Path, default=Path("benchmark"), metavar="DIR", help=OF_OUT)
    parser.add_argument("--jobs", type=whole_number(1), metavar="N", help="processes (default: 1)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="do the work on a dask cluster that sees the same files")
    parser.add_argument("--json", action="store_true", help="print benchmark.json on stdout instead of the means")
    add_device(parser)
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Exit 0 if every result could be scored, else 3, having scored the others."""
    from reference.datasets.pairs import find_pairs
    from reference.experiments.benchmark import run_benchmark
    from reference.experiments.methods import find_methods
    from reference.experiments.results import BenchmarkResult
    from reference.experiments.scores import read_values
    from reference.experiments.tables import benchmark_tables, write_results
    from reference.jobs.page import as_markdown
    from reference.jobs.parallel import cluster, processes

    pairs = find_pairs(options.pairs, options.data, options.pattern)
    methods = find_methods([one for one in options.methods.split(",") if one], pairs, options.data, options.device)
    others = {source: read_values(source, options.data) for source in options.values}
    _check(methods, others, pairs, options.metrics)
    pool = processes if options.scheduler is None else cluster(options.scheduler)
    jobs = options.jobs or (1 if options.scheduler is None else UNDER_WAY)
    options.out.mkdir(parents=True, exist_ok=True)
    for method in methods:
        if any(path.suffix.lower() in (".jpg", ".jpeg") for path in method.files.values()):
            say(f"{method.name}: its results are JPEG files; beside lossless results every metric finds them worse")

    records = run_benchmark(pairs, methods, options.metrics, options.out, pool, jobs, say)

    hopeless = {r.pair for r in records} - {r.pair for r in records if r.scores}  # a source that cannot be read
    names = [pair.name for pair in pairs if pair.name not in hopeless]
    scores = _together(records, others, names, options.metrics)
    where = "on a cluster" if options.scheduler else f"on a machine of {os.cpu_count()} cores"
    result = BenchmarkResult(names, scores, records, f"up to {jobs} at a time {where}")
    title = f"Benchmark: {len(result.means)} methods on {options.pairs}"
    about = [
        "What each metric says, and which to believe: docs/metrics.md.", "",
        f"Made by parfocal {__version__}: {shlex.join(['parfocal', *sys.argv[1:]])}",
    ]  # fmt: skip
    write_results(result, title, about, sys.argv, options.out)
    if options.json:
        print((options.out / "benchmark.json").read_text(), end="")
    else:
        print(as_markdown(title, about, benchmark_tables(result)[:1]))
    return _report(result, options.out)


def _together(records: list[Record], others: dict[str, Scores], names: list[str], metrics: list[str]) -> Scores:
    """Our scores and those of others, of these pairs and metrics."""
    from reference.experiments.scores import tidy

    values = [(r.method, r.pair, name, value) for r in records for name, value in r.scores.items()]
    for source, other in others.items():
        unknown = sorted(set(other["pair"]) - set(names))
        if unknown and source != "survey":
            say(f"{source}: values of {_some(unknown)} are left out, which is no pair here")
        if lost := other["value"].isna().sum():
            say(f"{source}: {lost} values are NaN, and taken as missing")
        values += other.dropna().itertuples(index=False)
    scores = tidy(values).dropna()
    return scores[scores["pair"].isin(names) & scores["metric"].isin(metrics)]


def _check(methods: list[Method], others: dict[str, Scores], pairs: list[Pair], metrics: list[str]) -> None:
    """WrongUsage, before any work, where a name would mean two things or nothing could be computed."""
    from reference.metrics.score import scored_names

    for source, other in others.items():
        if both := sorted(set(other["method"]) & {method.name for method in methods}):
            raise WrongUsage(f"{source} has values of {both[0]}, which is a method here too: name it otherwise there")
    if not any(scored_names(metrics, pair.truth is not None) for pair in pairs):
        raise WrongUsage(f"{', '.join(metrics)}: ground truth is needed, which no pair has")


def _report(result: BenchmarkResult, out: Path) -> int:
    """Say what is not as it should be, and return the exit code."""
    say(f"{out}: benchmark.html, benchmark.md, benchmark.json, summary.csv, scores.csv")
    for name, missing in result.missing.items():
        say(f"{name} has no score of {_some(missing)}: it is listed, but not ranked")
    if not result.failures:
        return 0
    say(f"{len(result.failures)} of {len(result.records)} results could not be scored; run it again to retry them")
    return 3


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
