"""Fuse many photographs of one scene, each sharp somewhere else, and say which is sharp where."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from reference.commands.arguments import KINDS, add_fusing, fusing, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Photographs, result, what fuses."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="two photographs or more, in any order: "
                        "they are taken by name; a TIFF may hold many, as pages or along Z (OME, ImageJ)")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="F", help="the fused image; F_index.png "
                        "(which photograph, from 0), F_depth.png and a JSON manifest lie beside it")  # fmt: skip
    parser.add_argument("--align", choices=("none", *KINDS), default="none", help="move all onto the first by name: "
                        "scale (turned, scaled, shifted), affine, homography (default: none)")  # fmt: skip
    add_fusing(parser)
    parser.add_argument("--json", action="store_true", help="print the manifest on stdout")


def run(options: argparse.Namespace) -> int:
    """Fuse and say what was done."""
    from tqdm import tqdm

    from reference.files import check_free
    from reference.images.stacks import planes
    from reference.jobs.stack import StackJob, stack_files, stack_outputs

    align = None if options.align == "none" else options.align
    photographs = planes(options.files)
    check_free(stack_outputs(options.output), filter(None, [options.weights]))
    with tqdm(total=2 * len(photographs) - 1, desc=options.output.name, unit="step", leave=False) as bar:

        def done(what: str) -> None:
            bar.set_postfix_str(what)
            bar.update()

        record = stack_files(StackJob(
            photographs, options.output, fusing(options), align, options.reference, done, say
        ))  # fmt: skip
    if options.json:
        print(json.dumps(record, indent=2))
    used = sum(share > 0 for share in record["share_of_each"])
    index, depth = (path.name for path in stack_outputs(options.output)[1:3])
    say(f"{options.output}, {index} and {depth}: {used} of {len(photographs)} photographs are sharpest somewhere")
    return 0
