"""Fuse two photographs of one scene, each in focus in a different part, into one that is sharp everywhere."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from reference.commands.arguments import add_fit, add_fusing, add_tile, fit, method_settings, reads, say


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
    from reference.jobs.fuse import FuseJob, decision_map_path, fuse_files
    from reference.jobs.progress import progress_bar

    with progress_bar(options.output.name) as progress:
        manifest = fuse_files(FuseJob(
            a=options.a, b=options.b, output=options.output, method=method_settings(options).load(), fit=fit(options),
            as_stored=options.deterministic, tile=options.tile, save_steps=options.save_steps, reads=reads(options),
            progress=progress, notice=say,
        )).manifest  # fmt: skip
    if options.json:
        print(json.dumps(manifest, indent=2))
    by_what = f"network {manifest['network']['name']}, {_arithmetic(manifest)}" if "network" in manifest else "by GFDF"
    say(f"{options.output} and {decision_map_path(options.output).name}: {manifest['from_a']:.0%} from A, {by_what}")
    return 0


def _arithmetic(manifest: dict[str, Any]) -> str:
    return f"{manifest['arithmetic']['mode']} arithmetic (threads: {manifest['arithmetic']['threads']})"
