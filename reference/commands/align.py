"""Move photograph B onto photograph A, cut both to what they share, and write the motion for use again."""

import argparse
import json
from pathlib import Path

from reference.commands.arguments import KINDS, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sources, kind of motion, where to write."""
    parser.add_argument("a", type=Path, metavar="A", help="the photograph that stays")
    parser.add_argument("b", type=Path, metavar="B", help="the photograph that is moved")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="folder for both photographs, "
                        "aligned and cut, under their own names, and motion.json")  # fmt: skip
    motion = parser.add_mutually_exclusive_group()
    motion.add_argument("--motion", type=Path, metavar="FILE", help="use a motion found before")
    motion.add_argument("--align", choices=KINDS, help="kind of motion: scale (turned, scaled, shifted), affine, "
                        "homography (in perspective) (default: affine)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the motion and its figures on stdout")


def run(options: argparse.Namespace) -> int:
    """Align and say what was done."""
    from reference.align.motion import check_order, read_motion
    from reference.files import refuse_overwrite
    from reference.jobs.align import align_files
    from reference.jobs.sources import Fit

    found = read_motion(options.motion) if options.motion else None
    if found:
        check_order(found, options.a, options.b)
        refuse_overwrite([options.output / "motion.json"], [options.motion])
    fit = Fit(align=options.align or "affine", motion=found)
    record = align_files(options.a, options.b, options.output, fit, say)
    if options.json:
        print(json.dumps(record, indent=2))
    return 0
