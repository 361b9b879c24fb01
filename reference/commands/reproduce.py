"""Run everything there is to reproduce into one folder, and judge every claim."""

from __future__ import annotations

import argparse
from pathlib import Path

from reference.commands.arguments import add_data


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where results go and data is found."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("results"),
        metavar="DIR",
        help="folder (default: results); what it holds from the same inputs, weights and code is kept",
    )
    parser.add_argument("--json", action="store_true", help="print claims.json on stdout instead of a table")
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Exit 0 if no claim fails; what could not be checked is said."""
    from tqdm import tqdm

    from reference.report.reproduce import reproduce

    def say(sentence: str) -> None:
        if not options.json:
            tqdm.write(sentence)

    options.out.mkdir(parents=True, exist_ok=True)
    claims = reproduce(options.out, options.data, say)
    for claim in claims:
        measured = "" if claim.measured is None else f"{claim.measured:.2f} (expected at least {claim.expected:g})"
        say(f"{claim.status:12} {claim.name:28} {measured or claim.why}")
    if options.json:
        print((options.out / "claims.json").read_text(), end="")
    else:
        print(f"{options.out / 'claims.json'}")
    return 1 if any(claim.status == "fails" for claim in claims) else 0
