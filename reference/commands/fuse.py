"""Fuse two photographs of one scene, each sharp somewhere else, into one that is sharp everywhere."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from reference.commands.arguments import add_fit, add_fusing, add_tile, fit, fusing, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sources, result, network, parameters."""
    parser.add_argument("a", type=Path, metavar="A", help="first source, gray or RGB, 8 or 16 bits")
    parser.add_argument("b", type=Path, metavar="B", help="second source; for more: parfocal stack")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="F", help="the fused image; its decision "
                        "map and a JSON manifest are written beside it")  # fmt: skip
    parser.add_argument("--save-steps", type=Path, metavar="DIR", help="write every step as .png and .npy")
    add_tile(parser)
    add_fusing(parser)
    add_fit(parser)
    parser.add_argument("--json", action="store_true", help="print the manifest on stdout")


def run(options: argparse.Namespace) -> int:
    """Fuse and say what was done."""
    from reference.align.motion import check_order
    from reference.errors import BadInput, WrongUsage
    from reference.files import check_free
    from reference.jobs.fuse import FuseJob, decision_map_path, fuse_files, output_paths
    from reference.jobs.step_files import StepFiles, StepProgress
    from reference.pipeline import no_trace

    by, fitted, steps = fusing(options), fit(options), no_trace
    if fitted.found:
        check_order(fitted.found, options.a, options.b)
    check_free(output_paths(options.output), filter(None, (options.motion, options.weights)))
    if options.save_steps:
        if options.save_steps.resolve() in (source.resolve().parent for source in (options.a, options.b)):
            raise BadInput(f"a source lies in {options.save_steps}: choose another folder for the steps")
        if isinstance(options.tile, int):
            raise WrongUsage("--save-steps shows the whole image, but --tile asks for tiles: use one of them")
        steps, options.tile = StepFiles(options.save_steps), None
    with StepProgress(options.output.name, steps) as trace:
        record = fuse_files(FuseJob(
            options.a, options.b, options.output, by, fitted, options.reference, options.tile, trace,
            trace.tiles, say,
        ))  # fmt: skip
    if options.json:
        print(json.dumps(record, indent=2))
    by_what = f"network {options.network}, {_arithmetic(record)}" if "network" in record else "by GFDF"
    say(f"{options.output} and {decision_map_path(options.output).name}: {record['from_a']:.0%} from A, {by_what}")
    return 0


def _arithmetic(record: dict[str, Any]) -> str:
    return f"{record['arithmetic']['mode']} arithmetic (threads: {record['arithmetic']['threads']})"
