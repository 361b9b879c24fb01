"""Arguments that several subcommands share, and values that are checked while they are parsed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from math import inf
from pathlib import Path

from reference.network import NETWORK_NAMES

__all__ = ["add_data", "add_network", "metric_names", "number", "odd", "say", "whole_number"]


def add_data(parser: argparse.ArgumentParser) -> None:
    """--data, the first folder on the search path."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder with fetched data, searched first")


def add_network(parser: argparse.ArgumentParser) -> None:
    """--network and --weights."""
    parser.add_argument(
        "--network", choices=NETWORK_NAMES, default="enhanced", help="what scores focus (default: enhanced)"
    )
    parser.add_argument("--weights", type=Path, metavar="FILE", help="weights file, in place of the shipped one")


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
