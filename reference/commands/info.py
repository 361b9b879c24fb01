"""Print versions, networks with their weights, and the data that is found."""

import argparse
import json
from pathlib import Path
from typing import Any

from reference.commands.arguments import add_data
from reference.errors import ParfocalError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only where to look, and the form of the answer."""
    add_data(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Collect and print."""
    from reference.jobs.manifest import versions

    record: dict[str, dict[str, Any]] = {"versions": versions()}
    record |= {"networks": _networks(options.data), "data": _data(options.data)}
    if options.json:
        print(json.dumps(record, indent=2))
        return 0
    for title, rows in record.items():
        print(title)
        for name, value in rows.items():
            print(f"  {name:24} {value}")
    return 0


def _networks(data: Path | None) -> dict[str, str]:
    """The weights each network would use, or why there are none."""
    from reference.network import NETWORK_NAMES, PIXEL
    from reference.network.loading import weights_path
    from reference.network.weights import read_weights, widths_of

    found = {}
    for name in (*NETWORK_NAMES, PIXEL):
        try:
            file = read_weights(weights_path(name, data))
            parameters = sum(p.numel() for p in file.module.parameters())
            size = f"{parameters / 1e6:.2f} M parameters: {widths_of(file.module)}"
            found[name] = f"{size}; {file.path}, sha256 {file.sha256[:12]}..."
        except ParfocalError as error:
            found[name] = str(error)
    return found


def _data(data: Path | None) -> dict[str, Any]:
    """The embedded pairs, and each fetched group as found or not."""
    from reference.datasets.pairs import embedded_pairs
    from reference.datasets.registry import find_group, registry, search_path

    found: dict[str, Any] = {"embedded pairs": ", ".join(pair.name for pair in embedded_pairs())}
    for group in registry():
        try:
            found[group] = "found" if find_group(group, data) else f"not here: parfocal fetch {group}"
        except ParfocalError as error:
            found[group] = str(error)
    return found | {"searched": ", ".join(str(folder) for folder in search_path(data))}
