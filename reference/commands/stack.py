"""Fuse many photographs of one scene, each in focus in a different part, and say which is sharp where."""

import argparse
import json
from pathlib import Path

from reference.commands import arguments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Photographs, result, what fuses."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="two photographs or more, in their order "
                        "(img_10 after img_9); a TIFF may hold many, as pages or along Z (OME, ImageJ)")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="F", help="the fused image; F_index.png "
                        "(which photograph, in colours), F_index.tif (its number, from 0), F_depth.png, by pixel "
                        "F_confidence.png, and a JSON manifest lie beside it")  # fmt: skip
    parser.add_argument("--align", choices=("none", *arguments.KINDS), default="none", help="move all onto the first: "
                        "scale (turned, scaled, shifted), affine, homography (default: none)")  # fmt: skip
    arguments.add_fusing(parser, stacked=True)
    arguments.add_files(parser)
    arguments.add_decision(parser, "F_index.tif of another stack of this scene")
    parser.add_argument("--json", action="store_true", help="print the manifest on stdout")


def run(options: argparse.Namespace) -> int:
    """Fuse and say what was done."""
    from reference.images.stacks import in_natural_order, planes
    from reference.jobs.progress import progress_bar
    from reference.jobs.stack import StackJob, stack_files, stack_outputs

    given = planes(options.files)
    if (photographs := in_natural_order(given)) != given:
        arguments.say(f"taken by the numbers in their names: {photographs[0]}, {photographs[1]}, ... {photographs[-1]}")
    with progress_bar(options.output.name) as progress:
        manifest = stack_files(StackJob(
            planes=photographs, output=options.output, method=arguments.load_method(options, stacked=True),
            align=None if options.align == "none" else options.align, as_stored=options.deterministic,
            white=options.white, quality=options.quality, evens=options.match_exposure, reads=arguments.reads(options),
            progress=progress, notice=arguments.say,
        ))  # fmt: skip
    if options.json:
        print(json.dumps(manifest, indent=2))
    used = sum(share > 0 for share in manifest["share_of_each"])
    beside = ", ".join(path.name for path in stack_outputs(options.output)[1:-1] if path.exists())
    sharpest = f"{used} of {len(photographs)} photographs are sharpest somewhere"
    arguments.say(f"{options.output}, {beside}: {sharpest}, {arguments.by_what(options, manifest)}")
    return 0
