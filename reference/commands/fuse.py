"""Fuse two photographs of one scene, each sharp somewhere else, into one that is sharp everywhere."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference.commands.arguments import add_data, add_network, number, odd, whole_number
from reference.errors import WrongUsage
from reference.parameters import PRESETS, FusionParameters

if TYPE_CHECKING:
    from reference.fusing import Fusing
    from reference.source_files import Fit

METHODS = ("network", "gfdf")
KINDS = ("scale", "affine", "homography")  # of motions: reference.align.motion

# Options that replace a field of the preset when they are given.
OVERRIDES = {
    "area": "small_region_area", "radius": "guide_radius", "eps": "guide_eps",
    "pool_window": "pool_window", "pool_p": "pool_p", "pool_side": "pool_side",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sources, result, network, parameters."""
    parser.add_argument("a", type=Path, metavar="A", help="first source, gray or RGB, 8 or 16 bits")
    parser.add_argument("b", type=Path, metavar="B", help="second source")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="F", help="the fused image; its decision "
                        "map and a JSON manifest are written beside it")  # fmt: skip
    parser.add_argument("--save-steps", type=Path, metavar="DIR", help="write every step as .png and .npy")
    parser.add_argument(
        "--method",
        choices=METHODS,
        default="network",
        help="network: the paper's steps (default); gfdf: no network (Qiu et al. 2019), has --area, --radius, --eps",
    )
    add_network(parser)
    add_data(parser)
    parser.add_argument(
        "--parameters",
        choices=PRESETS,
        help="preset: paper (default), or best (chosen for ground truth: area 0, radius 1, eps 0.01)",
    )
    parser.add_argument("--area", type=whole_number(0), metavar="N", help="smallest region kept, pixels; 0 keeps all "
                        "(default: 0.01 H W)")  # fmt: skip
    parser.add_argument("--radius", type=whole_number(0), metavar="R", help="guided filter radius, pixels (paper: 8)")
    parser.add_argument(
        "--eps", type=number(0, open_low=True), metavar="E", help="guided filter regularisation (paper: 0.1)"
    )
    parser.add_argument(
        "--pool-window", type=odd, metavar="K", help="mixed pooling window, odd (default: 1, no effect)"
    )
    parser.add_argument(
        "--pool-p", type=number(0, 1), metavar="P", help="mixed pooling: weight of the maximum (default: 0.5)"
    )
    parser.add_argument("--pool-side", choices=("a", "b"), help="mixed pooling: whose map is pooled (default: a)")
    add_fit(parser)
    parser.add_argument("--reference", action="store_true", help="deterministic: 1 thread, oneDNN off")
    parser.add_argument("--json", action="store_true", help="print the manifest on stdout")


def run(options: argparse.Namespace) -> int:
    """Fuse and say what was done."""
    from reference.errors import BadInput
    from reference.fuse_files import FuseJob, decision_map_path, fuse_files
    from reference.progress import StepProgress
    from reference.step_files import StepFiles
    from reference.stepping import no_trace

    by = fusing(options)
    steps = no_trace
    if options.save_steps:
        if options.save_steps.resolve() in (source.resolve().parent for source in (options.a, options.b)):
            raise BadInput(f"a source lies in {options.save_steps}: choose another folder for the steps")
        steps = StepFiles(options.save_steps)
    with StepProgress(options.output.name, steps) as trace:
        record = fuse_files(FuseJob(
            options.a, options.b, options.output, by, fit(options), trace, _say
        ))  # fmt: skip
    if options.json:
        print(json.dumps(record, indent=2))
    by_what = f"network {options.network}, {_arithmetic(record)}" if "network" in record else "by GFDF"
    _say(f"{options.output} and {decision_map_path(options.output).name}: {record['from_a']:.0%} from A, {by_what}")
    return 0


def fusing(options: argparse.Namespace) -> Fusing:
    """What fuses, with its parameters: the preset, with whatever was given explicitly in its place."""
    from reference.fusing import GFDF, ByGfdf, ByNetwork
    from reference.network.loading import load_network

    if options.method == "gfdf":
        _refuse_for_gfdf(options)
        return ByGfdf(parameters(options, GFDF))
    network = load_network(options.network, options.weights, options.data, options.reference)
    return ByNetwork(network, parameters(options, PRESETS[options.parameters or "paper"]))


def parameters(options: argparse.Namespace, preset: FusionParameters) -> FusionParameters:
    """The preset, with whatever was given explicitly in its place."""
    given = {field: getattr(options, option) for option, field in OVERRIDES.items()}
    return replace(preset, **{k: v for k, v in given.items() if v is not None})


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


def _refuse_for_gfdf(options: argparse.Namespace) -> None:
    """What GFDF has no use for is not passed over in silence."""
    for name in ("parameters", "pool_window", "pool_p", "pool_side", "weights"):
        if getattr(options, name) is not None:
            raise WrongUsage(f"--method gfdf has no --{name.replace('_', '-')}: it takes --area, --radius and --eps")


def _arithmetic(record: dict[str, Any]) -> str:
    return f"{record['arithmetic']['mode']} arithmetic (threads: {record['arithmetic']['threads']})"


def _say(sentence: str) -> None:
    from tqdm import tqdm

    tqdm.write(sentence, file=sys.stderr)  # above a progress bar, not into it
