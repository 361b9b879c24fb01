"""Measure the networks against ground truth and on the field's pairs, and hold the result against the model cards."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from reference.commands.arguments import add_data
from reference.network import TRAINED

OF_OUT = "folder (default: %(default)s); what it holds from the same weights and code is kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which networks, which parts, where to."""
    parts = "weights, embedded, choice, truth, ablation, lytro, children (default: all that the data here allows)"
    parser.add_argument("--parts", metavar="LIST", help=f"with commas: {parts}")
    parser.add_argument("--networks", metavar="LIST", help=f"of {', '.join(TRAINED)} (default: those that ship)")
    parser.add_argument("--out", type=Path, default=Path("evaluation"), metavar="DIR", help=OF_OUT)
    parser.add_argument("--json", action="store_true", help="print evaluation.json on stdout instead of the tables")
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Exit 0 if all is as recorded, 1 if a value differs."""
    from reference.benchmark.tables import as_markdown
    from reference.data_files import data_root
    from reference.evaluation.evaluate import PARTS, Evaluation
    from reference.evaluation.recorded import differs, recorded
    from reference.evaluation.tables import tables
    from reference.files import replacing
    from reference.manifest import versions, write_json

    shipped = tuple(name for name in TRAINED if (data_root() / "weights" / f"{name}.safetensors").exists())
    names = _listed(options.networks, TRAINED, "network") if options.networks else shipped
    parts = _listed(options.parts, tuple(PARTS), "part") if options.parts else _possible(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    evaluation = Evaluation(names, options.out, options.data)
    measured: dict[str, Any] = {part: getattr(evaluation, part)() for part in parts}
    write_json(options.out / "evaluation.json", measured)
    write_json(options.out / "evaluation.manifest.json", {"versions": versions(), "command": sys.argv})
    page = as_markdown("Evaluation of the networks", [], tables(measured))
    with replacing(options.out / "evaluation.md") as temporary:
        temporary.write_text(page)
    print(json.dumps(measured, indent=2) if options.json else page)
    found = differs(measured, recorded())
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(found)} values are not as recorded", file=sys.stderr)
    return 1 if found else 0


def _listed(text: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    from reference.errors import WrongUsage

    names = tuple(name for name in text.split(",") if name)
    if unknown := [name for name in names if name not in known] or [text] * (not names):
        raise WrongUsage(f"there is no {what} {unknown[0]}: choose {', '.join(known)}")
    return names


def _possible(data: Path | None) -> list[str]:
    """The parts whose data is here; a word about the others."""
    from reference.data_files import data_root, find_group
    from reference.evaluation.evaluate import PARTS

    found = []
    for part, groups in PARTS.items():
        if missing := [group for group in groups if not find_group(group, data)]:
            print(f"{part} is left out: parfocal fetch {' '.join(missing)}", file=sys.stderr)
        elif part == "ablation" and not (data_root() / "ablation").exists():  # they do not travel with the package
            print("ablation is left out: its networks are not here", file=sys.stderr)
        else:
            found.append(part)
    return found
