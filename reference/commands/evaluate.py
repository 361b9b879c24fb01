"""Measure the networks against ground truth and on the field's pairs, and hold the result against the model cards."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from reference.commands.arguments import add_data, add_device
from reference.errors import WrongUsage
from reference.network import AUTHORS, NETWORK_NAMES, TRAINED

OF_OUT = "folder (default: %(default)s); what it holds from the same weights and code is kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which networks, which parts, where to."""
    parts = "weights, validation, embedded, choice, truth, physical, ablation, lytro, children"
    parser.add_argument("--parts", metavar="LIST", help=f"with commas, of {parts} (default: all that the data allows)")
    which = f"of {', '.join(NETWORK_NAMES)} (default: all that are here)"
    parser.add_argument("--networks", metavar="LIST", help=which)
    parser.add_argument("--out", type=Path, default=Path("evaluation"), metavar="DIR", help=OF_OUT)
    parser.add_argument("--json", action="store_true", help="print evaluation.json on stdout instead of the tables")
    add_device(parser)
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Exit 0 if all is as recorded, 1 if a value differs."""
    from reference.datasets.registry import find_group
    from reference.experiments.baseline import differs, recorded_evaluation, unmeasured
    from reference.experiments.evaluate import PARTS, Evaluation
    from reference.experiments.tables import evaluation_tables
    from reference.files import write_json, write_text
    from reference.jobs.manifest import versions
    from reference.jobs.page import as_markdown

    here = (*TRAINED, *([AUTHORS] if find_group("liu_weights", options.data) else []))  # as far as it is fetched
    names = _listed(options.networks, NETWORK_NAMES, "network") if options.networks else here
    parts = _listed(options.parts, tuple(PARTS), "part") if options.parts else _possible(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    evaluation = Evaluation(names, options.out, options.data, options.device)
    measured: dict[str, Any] = {}
    for part in parts:
        measured[part] = getattr(evaluation, part)()
        write_json(options.out / "evaluation.json", measured)  # also what was done before a part that fails
    manifest = {"versions": versions(), "command": ["parfocal", *sys.argv[1:]]}
    write_json(options.out / "evaluation.manifest.json", manifest)
    page = as_markdown("Evaluation of the networks", [], evaluation_tables(measured))
    write_text(options.out / "evaluation.md", page)
    print(json.dumps(measured, indent=2) if options.json else page)
    recorded = recorded_evaluation()
    found, lacking = differs(measured, recorded), unmeasured(measured, recorded)
    for line in [*found, *(f"recorded, but not measured here: {place}" for place in lacking)]:
        print(line, file=sys.stderr)
    print(f"{len(found)} values are not as recorded", file=sys.stderr)
    return 1 if found else 0


def _listed(text: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    names = tuple(name for name in text.split(",") if name)
    if unknown := [name for name in names if name not in known] or [text] * (not names):
        raise WrongUsage(f"there is no {what} {unknown[0]}: choose {', '.join(known)}")
    return names


def _possible(data: Path | None) -> list[str]:
    """The parts whose data is here and that the record has; a word about the others."""
    from reference.datasets.registry import data_root, find_group
    from reference.experiments.ablation import ABLATIONS, ablation_file
    from reference.experiments.baseline import recorded_evaluation
    from reference.experiments.evaluate import PARTS

    recorded = recorded_evaluation()
    networks = [data_root() / "ablation" / ablation_file(name) for name in ABLATIONS]
    found = []
    for part, groups in PARTS.items():
        if missing := [group for group in groups if not find_group(group, data)]:
            print(f"{part} is left out: parfocal fetch {' '.join(missing)}", file=sys.stderr)
        elif recorded and part not in recorded:
            print(f"{part} is left out, as it is not recorded yet: --parts {part} measures it", file=sys.stderr)
        elif part == "ablation" and not all(path.exists() for path in networks):  # not part of an installed package
            print("ablation is left out: its networks are not here", file=sys.stderr)
        else:
            found.append(part)
    return found
