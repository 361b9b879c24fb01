"""Arguments that several subcommands share: what fuses, how sources are fitted, values checked when parsed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import fields
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference.errors import WrongUsage
from reference.methods.settings import LACKS, METHODS, MethodSettings
from reference.network import DEVICES, NETWORK_NAMES
from reference.parameters import PRESETS

if TYPE_CHECKING:
    from reference.jobs.sources import Fit
    from reference.methods.base import FusionMethod


def add_data(parser: argparse.ArgumentParser) -> None:
    """--data, the first folder on the search path."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder with fetched data, searched first")


def add_network(parser: argparse.ArgumentParser, others: tuple[str, ...] = ()) -> None:
    """--network and --weights."""
    says = "what scores focus (default: enhanced)"
    parser.add_argument("--network", choices=(*NETWORK_NAMES, *others), default="enhanced", help=says)
    parser.add_argument("--weights", type=Path, metavar="FILE", help="weights file, in place of the shipped one")


def add_device(parser: argparse.ArgumentParser) -> None:
    """--device, where networks compute."""
    says = "where a network computes (default: auto, a GPU if there)"
    parser.add_argument("--device", choices=DEVICES, default="auto", help=says)


def number(low: float, high: float = inf, open_low: bool = False) -> Callable[[str], float]:
    """A number between two limits."""

    def parse(text: str) -> float:
        value = float(text)
        above = low < value if open_low else low <= value
        if not (above and value <= high and value < inf):
            least = f"above {low:g}" if open_low else f"at least {low:g}"
            most = f" and at most {high:g}" if high < inf else ""
            raise argparse.ArgumentTypeError(f"{text} must be {least}{most}")
        return value

    parse.__name__ = "number"
    return parse


LARGEST = 10**9  # of any whole number: more than the pixels of an image, less than what overflows


def whole_number(low: int, high: int = LARGEST) -> Callable[[str], int]:
    """A whole number between two limits."""

    def parse(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} must be at least {low} and at most {high}")
        return value

    parse.__name__ = "whole number"
    return parse


def odd(text: str) -> int:
    """An odd window size."""
    value = int(text)
    if not 1 <= value <= LARGEST or value % 2 == 0:
        raise argparse.ArgumentTypeError(f"{text} must be odd: 1, 3, 5, ..., at most {LARGEST}")
    return value


def metric_names(text: str) -> list[str]:
    """Names of metrics, with commas: all, fast, survey, or single ones as functions are called or tables print them."""
    from reference.metrics.catalogue import METRICS, SURVEY

    known = [one.name for one in METRICS]
    sets = {"all": known, "fast": [one.name for one in METRICS if not one.slow], "survey": list(SURVEY)}
    symbols = {one.symbol.lower(): one.name for one in METRICS}
    given = [name.strip().lower() for name in text.split(",") if name.strip()]
    names = [one for name in given for one in sets.get(name, [symbols.get(name, name)])]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        choice = f"choose all, fast, survey, or of {', '.join(known)}"
        raise argparse.ArgumentTypeError(f"there is no metric {unknown[0] if unknown else repr(text)}: {choice}")
    return names


def say(sentence: str) -> None:
    """A sentence on stderr, above a progress bar, not into it."""
    from tqdm import tqdm

    tqdm.write(sentence, file=sys.stderr)


OF_METHOD = (
    "network: the paper's steps; gfdf: no network (Qiu et al. 2019), has --area, --radius, --eps; pixel: a network "
    "beyond the paper that weighs every pixel, for the best picture (default: {})"
)
OF_PARAMETERS = "preset: paper (default), or tuned (chosen for ground truth: area 0, radius 1, eps 0.01)"
OF_AREA = "smallest region kept, pixels; 0 keeps all (default: 0.01 H W)"
OF_TILE = (
    "do the image in tiles of at most N x N pixels, 64 or more; none: at once (default, auto: by memory, if there are "
    "over 4 megapixels)"
)


def add_fusing(parser: argparse.ArgumentParser, stacked: bool = False) -> None:
    """What fuses, with its parameters."""
    add, default = parser.add_argument, "pixel, or network where an option is its" if stacked else "network"
    add("--method", choices=METHODS, default=None if stacked else "network", help=OF_METHOD.format(default))
    add_network(parser)
    parser.set_defaults(network=None)  # so that GFDF can refuse one
    add_device(parser)
    add_data(parser)
    add("--parameters", choices=PRESETS, help=OF_PARAMETERS)
    add("--area", type=whole_number(0), metavar="N", help=OF_AREA)
    add("--radius", type=whole_number(0), metavar="R", help="guided filter radius, pixels (paper: 8)")
    add("--eps", type=number(0, open_low=True), metavar="E", help="guided filter regularisation (paper: 0.1)")
    add("--pool-window", type=odd, metavar="K", help="mixed pooling window, odd (default: 1, no effect)")
    add("--pool-p", type=number(0, 1), metavar="P", help="mixed pooling: weight of the maximum (default: 0.5)")
    add("--pool-side", choices=("a", "b"), help="mixed pooling: whose map is pooled (default: a)")
    add("--deterministic", "--reference", action="store_true", help="as MATLAB: CPU, 1 thread, oneDNN off, pixels as "
        "stored, whatever EXIF says of their orientation")  # fmt: skip


def add_files(parser: argparse.ArgumentParser, writes: bool = True) -> None:
    """How pixels are read and written."""
    says = "the level that is white, as 1023 for 10 bits in 16 (default: the highest of the class)"
    parser.add_argument("--white-level", dest="white", type=whole_number(1, 65535), default=0, metavar="N", help=says)
    if writes:
        says = "of a JPEG, 1 to 100 (default: 95)"
        parser.add_argument("--quality", type=whole_number(1, 100), default=95, metavar="Q", help=says)
        says = "make all as bright as the first, each channel for itself, by what they show in common"
        parser.add_argument("--match-exposure", action="store_true", help=says)


def add_tile(parser: argparse.ArgumentParser) -> None:
    """Whether a large image is done in tiles."""
    parser.add_argument("--tile", type=_tile, default="auto", metavar="N", help=OF_TILE)


def _tile(text: str) -> int | str | None:
    return text if text == "auto" else None if text == "none" else whole_number(64)(text)


_tile.__name__ = "number of pixels"


def add_decision(parser: argparse.ArgumentParser, says: str) -> None:
    """--decision, one that was made before."""
    parser.add_argument("--decision", type=Path, metavar="FILE", help=f"apply a decision that was made before: {says}")


def load_method(options: argparse.Namespace, stacked: bool = False) -> FusionMethod:
    """What fuses: a method by its settings, or the decision that is given."""
    settings = method_settings(options)
    if not options.decision:
        return settings.load()
    from reference.methods.given import read_decision, read_index

    keeps = {"deterministic", "data", "device"} | ({"method", "parameters", "radius", "eps"} if stacked else set())
    for field in fields(MethodSettings):
        if field.name not in keeps and getattr(settings, field.name) != field.default:
            raise WrongUsage(f"--decision gives the decision: --{field.name.replace('_', '-')} has nothing to do")
    return read_index(options.decision, settings.chosen()) if stacked else read_decision(options.decision, say)


def method_settings(options: argparse.Namespace) -> MethodSettings:
    """What fuses: the options are called as the fields that they fill."""
    given = {field.name: getattr(options, field.name) for field in fields(MethodSettings)}
    of_network = any(given[name] is not None for name in (*LACKS["pixel"][0], "weights"))
    return MethodSettings(**{**given, "method": given["method"] or ("network" if of_network else "pixel")})


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
    """How sources are brought onto one grid: the options are called as the fields that they fill."""
    from reference.jobs.sources import Fit

    align = None if options.align == "none" else options.align
    if (align or options.motion) and options.onto != "a":
        raise WrongUsage(f"--onto {options.onto} is for sources that are not moved: an alignment brings B onto A")
    if options.motion and align:
        raise WrongUsage("--align finds a motion and --motion gives one: use one of them")
    fit = Fit(options.strict_size, options.onto, align, match_exposure=options.match_exposure)
    if options.motion:
        from reference.align.motion import read_motion

        fit = fit._replace(motion=read_motion(options.motion))
    return fit


def reads(options: argparse.Namespace) -> tuple[Path, ...]:
    """What is read besides photographs, and must not be written to."""
    return tuple(path for name in ("weights", "motion", "decision") if (path := getattr(options, name, None)))


def by_what(options: argparse.Namespace, manifest: dict[str, Any]) -> str:
    """What fused, for the last line of a command."""
    if options.decision:
        return f"as {options.decision} says"
    if "network" not in manifest:
        return "by GFDF"
    name, arithmetic = manifest["network"]["name"], manifest["arithmetic"]
    return f"network {name}, {arithmetic['mode']} arithmetic (threads: {arithmetic['threads']})"
