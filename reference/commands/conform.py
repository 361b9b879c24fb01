"""Check a port against the vectors, step by step: the first that diverges, where, and what it looks like."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reference.conformance.cases import Case

OF_PORT = 'command that computes a case, as "./port {case} {outputs}"'
OF_OUTPUTS = "results on disk, as DIR/micro/corner_touch/consistency.npy"
OF_LEAST = "exit 1 if fewer arrays agree, so that a step that vanishes is seen"
OF_KNOWN = "file of lines CASE::STEP  # reason, whose failure is known"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The port or its results, and how exact it should be."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--port", metavar="COMMAND", help=OF_PORT)
    what.add_argument("--outputs", type=Path, metavar="DIR", help=OF_OUTPUTS)
    parser.add_argument("--profile", choices=("float64", "float32"), default="float64", help="default: %(default)s")
    parser.add_argument("--cases", metavar="PATTERN", default="*", help="only some, as 'micro/*' or '*/corner_touch'")
    parser.add_argument("--least", type=int, metavar="N", default=0, help=OF_LEAST)
    parser.add_argument("--known", type=Path, metavar="FILE", help=OF_KNOWN)
    parser.add_argument("--vectors", type=Path, metavar="DIR", help="other vectors than those that ship")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write all that was found as JSON")


def run(options: argparse.Namespace) -> int:
    """Exit 0 if all agrees, 1 if a step diverges, 3 for damaged vectors, 5 for results that cannot be judged."""
    from reference.conformance.check import check_folder, check_port, known_failures
    from reference.conformance.ports import by_command
    from reference.conformance.report import as_json, as_text
    from reference.conformance.vectors import load_vectors
    from reference.datasets.registry import data_root
    from reference.errors import WrongUsage
    from reference.files import write_text

    try:
        known = known_failures(options.known.read_text() if options.known else "")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(f"--known {options.known} cannot be read: {error}") from error
    if options.report and not options.report.parent.is_dir():
        raise WrongUsage(f"--report {options.report} cannot be written: there is no folder {options.report.parent}")
    vectors = load_vectors(options.vectors or data_root() / "vectors")
    chosen = tuple(case for case in vectors.cases if fnmatch(case.name, options.cases))
    if not chosen:
        raise WrongUsage(f"--cases {options.cases!r} fits none, as {vectors.cases[0].name} would be")
    vectors = replace(vectors, cases=chosen)
    if options.port is not None:
        result = check_port(vectors, by_command(options.port), options.profile, known, _with_bar)
    else:
        result = check_folder(vectors, options.outputs, options.profile, known)
    print(as_text(result))
    if options.report:
        write_text(options.report, json.dumps(as_json(result, options.port), indent=1) + "\n")
    if result.verdict == "agrees" and result.count["agrees"] < options.least:
        print(f"{result.count['agrees']} arrays agree, fewer than --least {options.least}")
        return 1
    return {"agrees": 0, "diverges": 1, "malformed": 5}[result.verdict]


def _with_bar(cases: Iterable[Case]) -> Iterable[Case]:
    """The cases, with a progress bar; without one where tqdm is missing, as numpy alone is to be enough here."""
    try:
        from tqdm import tqdm
    except ImportError:
        return cases
    bar: Iterable[Case] = tqdm(cases, desc="cases", unit="case", leave=False, disable=None)
    return bar
