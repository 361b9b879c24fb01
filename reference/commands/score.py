"""Score a fused image, or a folder of them, by every metric, against its sources and, if there is one, the truth."""

import argparse
import csv
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reference.commands.arguments import add_files, metric_names, say, whole_number

if TYPE_CHECKING:
    from reference.jobs.score import ScoreJob

OF_METRICS = (
    "all (default: all but Q_FMI of transforms), fast (without Q_FMI), survey (Liu et al. 2020), or names with commas"
)
OF_PAIRS = "FUSED, A, B and T are folders whose files go by the same names: CSV of a row for each, and the means"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The images, and which metrics."""
    parser.add_argument("fused", type=Path, metavar="FUSED", help="the fused image")
    parser.add_argument("a", type=Path, metavar="A", help="first source")
    parser.add_argument("b", type=Path, metavar="B", help="second source")
    parser.add_argument("--truth", type=Path, metavar="T", help="the scene sharp everywhere: adds PSNR and SSIM")
    parser.add_argument("--metrics", type=metric_names, metavar="NAMES", help=OF_METRICS)
    parser.add_argument("--pairs", action="store_true", help=OF_PAIRS)
    parser.add_argument("--jobs", type=whole_number(1), metavar="N", help="processes for --pairs (default: one a core)")
    add_files(parser, writes=False)
    parser.add_argument("--json", action="store_true", help="print JSON, with the hashes of the files")


def run(options: argparse.Namespace) -> int:
    """Print a table, or JSON; exit 3 if one of many could not be scored, having scored the others."""
    from reference.errors import WrongUsage
    from reference.jobs.manifest import versions
    from reference.jobs.score import ScoreJob, score_files

    needs = [] if options.truth else [name for name in ("psnr", "ssim") if name in (options.metrics or ())]
    if needs and set(options.metrics) <= set(needs):
        raise WrongUsage(f"{needs[0]} compares with the truth: give --truth")
    if options.fused.is_dir() and not options.pairs:
        raise WrongUsage(f"{options.fused} is a folder: --pairs scores folders")
    if options.jobs and not options.pairs:
        raise WrongUsage("--jobs goes with --pairs")
    for name in needs:
        say(f"{name} is left out: it compares with the truth, which --truth gives")
    names = tuple(options.metrics) if options.metrics else None
    if options.pairs:
        from reference.audit.printed import find_images

        sources = find_images([("", "")], options.fused, (options.a, options.b), options.truth)["", ""]
        jobs = [ScoreJob(tuple(path for path in files if path), names, options.white) for files in sources]
        return _print_all(jobs, options)
    paths = tuple(path for path in (options.fused, options.a, options.b, options.truth) if path)
    done = score_files(ScoreJob(paths, names, options.white))
    for notice in done.notices:
        say(notice)
    if options.json:
        found = {"files": _described(paths), "scores": _plain(done.scores), "versions": versions()}
        print(json.dumps(found, indent=2))
    else:
        _print(done.scores)
    return 0


def _print_all(jobs: "list[ScoreJob]", options: argparse.Namespace) -> int:
    """Score many files in several processes; a row for each, in the order of their names."""
    from tqdm import tqdm

    from reference.jobs.manifest import versions
    from reference.jobs.parallel import finish, processes

    found = {}
    with tqdm(total=len(jobs), desc=str(options.fused), unit="image", leave=False) as bar:
        for done in finish(jobs, processes, options.jobs or os.cpu_count() or 1):
            bar.update()
            for notice in done.notices:
                say(notice if str(done.fused) in notice else f"{done.fused}: {notice}")
            found[done.fused] = done.scores
    rows = {job.paths: found[job.paths[0]] for job in jobs if found[job.paths[0]]}
    names = [*dict.fromkeys(name for scores in rows.values() for name in scores)]
    columns = {name: [scores[name] for scores in rows.values() if name in scores] for name in names}
    means = {name: sum(values) / len(values) for name, values in columns.items()}
    if options.json:
        images = [{"files": _described(paths), "scores": _plain(scores)} for paths, scores in rows.items()]
        print(json.dumps({"images": images, "means": _plain(means), "versions": versions()}, indent=2))
    else:
        folder = options.fused if options.fused.is_dir() else options.fused.parent
        titled = {str(fused.relative_to(folder)): scores for (fused, *_), scores in rows.items()}
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(["image", *names])
        for title, scores in [*titled.items(), ("mean", means)]:
            table.writerow([title, *(scores.get(name, "") for name in names)])
    return 3 if len(rows) < len(jobs) else 0


def _described(paths: tuple[Path, ...]) -> dict[str, dict[str, str]]:
    """The files with their hashes, by what each is."""
    from reference.files import described_file

    return dict(zip(("fused", "a", "b", "truth"), map(described_file, paths), strict=False))


def _plain(scores: dict[str, float]) -> dict[str, float | str]:
    """The scores as JSON has them, which has no infinity."""
    return {name: value if abs(value) != float("inf") else str(value) for name, value in scores.items()}


def _print(scores: dict[str, float]) -> None:
    from reference.metrics.catalogue import metric

    print(f"{'metric':26} {'value':>11}  {'better':9}  follows truth  note")
    for name, value in scores.items():
        one = metric(name)
        follows = "" if one.follows is None else f"{one.follows:+.2f}"
        print(f"{one.symbol:26} {value:11.6g}  {one.better:9}  {follows:13}  {one.note}".rstrip())
    print(
        "follows truth: rank correlation with SSIM against ground truth over 30 published methods, where it is known; "
        "docs/metrics.md says more. All digits: --json",
        file=sys.stderr,
    )
