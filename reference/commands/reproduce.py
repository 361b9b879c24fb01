"""Rebuild all of the paper's evidence into one folder, and judge every claim."""

import argparse
import sys
from pathlib import Path

from reference.commands.arguments import add_data, say
from reference.errors import MissingExtra

OF_OUT = "folder (default: results); scores that it holds of the same inputs, weights and code are taken"

OF_FETCH = (
    "first fetch the paper's pair, Lytro, Liu's weights and results into the cache, under the terms it says; what "
    "cannot be had in 10 seconds is left out"
)
FETCHED = ("children", "liu_weights", "lytro", "lytro_results")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where results go and data is found."""
    parser.add_argument("--out", type=Path, default=Path("results"), metavar="DIR", help=OF_OUT)
    parser.add_argument("--fetch", action="store_true", help=OF_FETCH)
    parser.add_argument("--json", action="store_true", help="print claims.json on stdout instead of a table")
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Exit 0 if every claim has its recorded status; what could not be checked is said."""
    from tqdm import tqdm

    from reference.report.claims import expected_text
    from reference.report.reproduce import reproduce

    def tell(sentence: str) -> None:
        if not options.json:
            tqdm.write(sentence)

    if options.fetch:
        _fetch(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    claims = reproduce(options.out, options.data, tell)
    for claim in claims:
        one = claim.expectation
        measured = "" if claim.measured is None else f"{claim.measured:.6g} (expected {expected_text(one)})"
        tell(f"{claim.status:16} {one.id:34} {measured or claim.why}")
    if options.json:
        print((options.out / "claims.json").read_text(), end="")
    else:
        print(f"{options.out / 'report.html'}")
    for claim in (found := [claim for claim in claims if claim.changed]):
        one = claim.expectation
        tqdm.write(f"{one.id} was {one.recorded}, is: {claim.status} {claim.why}", file=sys.stderr)
    return 1 if found else 0


def _fetch(data: Path | None) -> None:
    """Fetch what is not here yet, and say under which terms, or that it could not be had."""
    from reference.datasets.registry import fetch, find_group, registry

    for name in [name for name in FETCHED if find_group(name, data) is None]:
        group = registry()[name]
        say(f"{name}: {group['about']}, {group['origin']}; licence: {group['licence']}")
        try:
            fetch([name], timeout=10)
        except MissingExtra as error:
            say(f"{error}; going on without")
            return
