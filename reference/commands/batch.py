"""Fuse many pairs and stacks, one a line of a list; run again, it goes on where it stopped."""

from __future__ import annotations

import argparse
import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference.commands import fuse, stack
from reference.commands.arguments import add_fit, add_fusing, add_tile, fit, fusing, say, whole_number
from reference.errors import ParfocalError, WrongUsage

if TYPE_CHECKING:
    from reference.jobs.batch_list import How

OF_LIST = (
    'a line each: {"files": ["a.jpg", "b.jpg"], "output": "fused.png"}, paths as seen from its folder; more than two '
    "files, or one that holds many, are a stack; what is done is noted in LIST.done"
)
OWN = ("command", "list", "jobs", "scheduler")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The list, by how many processes, and what fuses every line."""
    parser.add_argument("list", type=Path, metavar="LIST", help=OF_LIST)
    parser.add_argument("--jobs", type=whole_number(1), default=1, metavar="N", help="processes (default: 1)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="do the work on a dask cluster that sees the same files")
    add_fusing(parser)
    add_fit(parser)
    add_tile(parser)


def run(options: argparse.Namespace) -> int:
    """Exit 0 if every line is done, else 3, having done the others."""
    from tqdm import tqdm

    from reference.jobs.batch import run_batch
    from reference.jobs.batch_list import Outcome, read_list
    from reference.jobs.parallel import cluster, processes

    lines = read_list(options.list, _how(options))
    _check_stacks([line.number for line in lines if len(line.files) != 2], options)
    pool = processes if options.scheduler is None else cluster(options.scheduler)
    ledger = options.list.with_name(f"{options.list.name}.done")
    with tqdm(total=len(lines), desc=options.list.name, unit="line", leave=False) as bar:

        def done(outcome: Outcome) -> None:
            bar.update()
            if outcome.code:
                say(f"line {outcome.number}: {outcome.says}")

        outcomes = run_batch(lines, ledger, pool, options.jobs, done)
    failed = sum(outcome.code != 0 for outcome in outcomes)
    say(f"{len(lines) - len(outcomes)} of {len(lines)} were done before, {len(outcomes) - failed} now, {failed} failed")
    return 3 if failed else 0


def _how(options: argparse.Namespace) -> How:
    """What is wrong with the options is told once, before any line is done."""
    from reference.jobs.batch_list import How

    shared = {name: value for name, value in vars(options).items() if name not in OWN}
    found = fit(options).found
    made_with = [fusing(options).record(), found and found.as_json()]
    return How(fuse_or_stack, shared, made_with)


def _check_stacks(numbers: list[int], options: argparse.Namespace) -> None:
    if numbers and (options.strict_size or options.motion or options.onto != "a" or options.tile != "auto"):
        raise WrongUsage(f"a stack, as line {numbers[0]} is, has no --strict-size, --onto, --motion or --tile")


def fuse_or_stack(files: tuple[str, ...], output: str, shared: dict[str, Any]) -> tuple[int, str]:
    """`parfocal fuse` of two files, `parfocal stack` of others: the exit code, and what it said."""
    paths, said = [Path(file) for file in files], io.StringIO()
    options = argparse.Namespace(**shared, output=Path(output), json=False, save_steps=None, files=paths)
    options.a, options.b = paths[0], paths[-1]
    with contextlib.redirect_stderr(said):
        try:
            if len(paths) == 2:
                return fuse.run(options), said.getvalue()
            return stack.run(options), said.getvalue()
        except ParfocalError as error:
            return error.exit_code, str(error)
        except OSError as error:
            return 3, f"{error.filename or output}: {error.strerror or error}"
