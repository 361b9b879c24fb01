"""Fuse two photographs of one scene, each in focus in a different part, into one that is sharp everywhere."""

import argparse
import json
from pathlib import Path

from reference.commands import arguments
from reference.errors import WrongUsage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sources, result, network, parameters."""
    parser.add_argument("a", type=Path, metavar="A", help="first source, gray or RGB, 8 or 16 bits")
    parser.add_argument("b", type=Path, metavar="B", help="second source; for more: parfocal stack")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="F", help="the fused image; its decision "
                        "map, by pixel a confidence map, and a JSON manifest are written beside it")  # fmt: skip
    parser.add_argument("--save-steps", type=Path, metavar="DIR", help="write every step as .png and .npy")
    arguments.add_tile(parser)
    arguments.add_fusing(parser)
    arguments.add_fit(parser)
    arguments.add_files(parser)
    arguments.add_decision(parser, "the array of --save-steps (08_guided_filter.npy), or F_decision_map.png")
    parser.add_argument("--json", action="store_true", help="print the manifest on stdout")


def run(options: argparse.Namespace) -> int:
    """Fuse and say what was done."""
    from reference.jobs.fuse import FuseJob, fuse_files
    from reference.jobs.progress import progress_bar

    if options.decision and isinstance(options.tile, int):
        raise WrongUsage("--decision is of the whole image, but --tile asks for tiles: use one of them")
    with progress_bar(options.output.name) as progress:
        manifest = fuse_files(FuseJob(
            a=options.a, b=options.b, output=options.output, method=arguments.load_method(options),
            fit=arguments.fit(options), as_stored=options.deterministic, white=options.white, quality=options.quality,
            tile=None if options.decision else options.tile, save_steps=options.save_steps,
            reads=arguments.reads(options), progress=progress, notice=arguments.say,
        )).manifest  # fmt: skip
    if options.json:
        print(json.dumps(manifest, indent=2))
    beside = [manifest[name]["file"] for name in ("decision_map", "confidence") if name in manifest]
    files = " and ".join([str(options.output), *beside])
    arguments.say(f"{files}: {manifest['from_a']:.0%} from A, {arguments.by_what(options, manifest)}")
    return 0
