"""Score a fused image by every metric, against its sources and, if there is one, the truth."""

import argparse
import json
import sys
from pathlib import Path

from reference.commands.arguments import add_files, metric_names, say

OF_METRICS = (
    "all (default: all but Q_FMI of transforms), fast (without Q_FMI), survey (Liu et al. 2020), or names with commas"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The images, and which metrics."""
    parser.add_argument("fused", type=Path, metavar="FUSED", help="the fused image")
    parser.add_argument("a", type=Path, metavar="A", help="first source")
    parser.add_argument("b", type=Path, metavar="B", help="second source")
    parser.add_argument("--truth", type=Path, metavar="T", help="the scene sharp everywhere: adds PSNR and SSIM")
    parser.add_argument("--metrics", type=metric_names, metavar="NAMES", help=OF_METRICS)
    add_files(parser, writes=False)
    parser.add_argument("--json", action="store_true", help="print JSON, with the hashes of the files")


def run(options: argparse.Namespace) -> int:
    """Print a table, or JSON."""
    from matlab_compat import im2uint8
    from reference.errors import BadInput, WrongUsage
    from reference.files import described_file
    from reference.images.files import read_photograph
    from reference.jobs.manifest import versions
    from reference.jobs.sources import tell_of_photograph
    from reference.metrics.score import score

    needs = [] if options.truth else [name for name in ("psnr", "ssim") if name in (options.metrics or ())]
    if needs and set(options.metrics) <= set(needs):
        raise WrongUsage(f"{needs[0]} compares with the truth: give --truth")
    paths = [path for path in (options.fused, options.a, options.b, options.truth) if path]
    files = [read_photograph(path, white=options.white) for path in paths]
    images = [im2uint8(file.pixels) for file in files]
    for path, image in zip(paths, images, strict=True):
        if image.shape[:2] != images[0].shape[:2]:
            (rows, columns), (rows_f, columns_f) = image.shape[:2], images[0].shape[:2]
            raise BadInput(f"{path} is {columns} x {rows} pixels, but {options.fused} is {columns_f} x {rows_f}")
    fused, a, b, *truth = images
    names = [*(options.metrics or ()), *(["psnr", "ssim"] if truth and options.metrics else [])] or None
    problems = [f"{name} is left out: it compares with the truth, which --truth gives" for name in needs]
    scores = score(fused, a, b, truth[0] if truth else None, names, problems.append)
    if not scores:
        raise BadInput(f"{options.fused}: {problems[0]}")
    for path, file in zip(paths, files, strict=True):
        tell_of_photograph(file, str(path), problems.append)
    for problem in problems:
        say(problem)
    if options.json:
        described = dict(zip(("fused", "a", "b", "truth"), map(described_file, paths), strict=False))
        values = {name: value if abs(value) != float("inf") else str(value) for name, value in scores.items()}
        print(json.dumps({"files": described, "scores": values, "versions": versions()}, indent=2))
    else:
        _print(scores)
    return 0


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
