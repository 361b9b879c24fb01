"""The arguments that say what fuses: method, network, parameters."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from reference.commands.arguments import add_data, add_network, number, odd, whole_number
from reference.errors import WrongUsage
from reference.parameters import PRESETS, FusionParameters

if TYPE_CHECKING:
    from reference.fusing import Fusing

__all__ = ["OVERRIDES", "add_fusing", "add_tile", "fusing"]

METHODS = ("network", "gfdf")
# Options that replace a field of the preset when they are given.
OVERRIDES = {
    "area": "small_region_area", "radius": "guide_radius", "eps": "guide_eps",
    "pool_window": "pool_window", "pool_p": "pool_p", "pool_side": "pool_side",
}  # fmt: skip


def add_fusing(parser: argparse.ArgumentParser) -> None:
    """What fuses, with its parameters."""
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
    parser.add_argument("--reference", action="store_true", help="deterministic and as MATLAB: 1 thread, oneDNN off, "
                        "pixels as stored, whatever EXIF says of their orientation")  # fmt: skip


def add_tile(parser: argparse.ArgumentParser) -> None:
    """Whether a large image is done in tiles."""
    parser.add_argument(
        "--tile",
        type=_tile,
        default="auto",
        metavar="N",
        help="do the image in tiles of at most "
        "N x N pixels, 64 or more; none: at once (default, auto: by memory, if there are over 4 megapixels)",
    )


def _tile(text: str) -> int | str | None:
    return text if text == "auto" else None if text == "none" else whole_number(64)(text)


_tile.__name__ = "number of pixels"


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


def _refuse_for_gfdf(options: argparse.Namespace) -> None:
    """What GFDF has no use for is not passed over in silence."""
    for name in ("parameters", "pool_window", "pool_p", "pool_side", "weights"):
        if getattr(options, name) is not None:
            raise WrongUsage(f"--method gfdf has no --{name.replace('_', '-')}: it takes --area, --radius and --eps")
