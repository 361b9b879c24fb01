"""The arguments that say how sources of different size or view are brought onto one grid."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from reference.errors import WrongUsage

if TYPE_CHECKING:
    from reference.source_files import Fit

__all__ = ["KINDS", "add_fit", "fit"]

KINDS = ("scale", "affine", "homography")  # of motions: reference.align.motion


def add_fit(parser: argparse.ArgumentParser) -> None:
    """How sources of different size or view are brought onto one grid."""
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--strict-size", action="store_true", help="refuse sources of different size")
    size.add_argument("--onto", choices=("a", "b", "larger"), default="a", help="whose size the result has, where the "
                      "sources differ (default: a)")  # fmt: skip
    parser.add_argument("--align", choices=("none", *KINDS), default="none", help="move B onto A first: scale (turned, "
                        "scaled, shifted), affine, homography (in perspective); both are cut to what they share "
                        "(default: none)")  # fmt: skip
    parser.add_argument("--motion", type=Path, metavar="FILE", help="move B by a motion that parfocal align has found")


def fit(options: argparse.Namespace) -> Fit:
    """What those options ask for."""
    from reference.align.motion_file import read_motion
    from reference.source_files import Fit

    aligned = options.align != "none" or options.motion
    if aligned and options.onto != "a":
        raise WrongUsage(f"--onto {options.onto} is for sources that are not moved: an alignment brings B onto A")
    if options.motion and options.align != "none":
        raise WrongUsage("--align finds a motion and --motion gives one: use one of them")
    found = read_motion(options.motion) if options.motion else None
    return Fit(options.strict_size, options.onto, None if options.align == "none" else options.align, found)
