"""Fuse many pairs and stacks, one a line of a list; run again, it resumes."""

import argparse
from pathlib import Path

from reference.commands import arguments
from reference.errors import WrongUsage

OF_LIST = (
    'a line each: {"files": ["a.jpg", "b.jpg"], "output": "fused.png"}, paths as seen from its folder; more than two '
    "files, or one that holds many, are a stack; what is done is noted in LIST.done"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The list, by how many processes, and what fuses every line."""
    parser.add_argument("list", type=Path, metavar="LIST", help=OF_LIST)
    parser.add_argument("--jobs", type=arguments.whole_number(1), default=1, metavar="N", help="processes (default: 1)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="do the work on a dask cluster that sees the same files")
    arguments.add_fusing(parser)
    arguments.add_fit(parser)
    arguments.add_tile(parser)
    arguments.add_files(parser)


def run(options: argparse.Namespace) -> int:
    """Exit 0 if every line is done, else 3, having done the others."""
    from tqdm import tqdm

    from reference.jobs.batch import BatchOptions, BatchResult, read_list, run_batch
    from reference.jobs.parallel import cluster, processes
    from reference.jobs.sources import AS_THEY_ARE

    # What is wrong with the options is told once, before any line is done.
    settings, fitted = arguments.method_settings(options), arguments.fit(options)
    made_with = [settings.load().record(), fitted.motion and fitted.motion.as_json()]
    reads = arguments.reads(options)
    shared = BatchOptions(settings, fitted, options.white, options.quality, options.tile, reads, made_with)
    items = read_list(options.list, shared)
    stack = next((item.number for item in items if len(item.files) != 2), None)
    if stack and (fitted._replace(align=None, match_exposure=False) != AS_THEY_ARE or options.tile != "auto"):
        raise WrongUsage(f"a stack, as line {stack} is, has no --strict-size, --onto, --motion or --tile")
    pool = processes if options.scheduler is None else cluster(options.scheduler)
    ledger = options.list.with_name(f"{options.list.name}.done")
    with tqdm(total=len(items), desc=options.list.name, unit="line", leave=False) as bar:

        def done(result: BatchResult) -> None:
            bar.update()
            if result.code:
                arguments.say(f"line {result.number}: {result.message}")

        results = run_batch(items, ledger, pool, options.jobs, done)
    failed = sum(result.code != 0 for result in results)
    before = f"{len(items) - len(results)} of {len(items)} were done before"
    arguments.say(f"{before}, {len(results) - failed} now, {failed} failed")
    return 3 if failed else 0
