"""Download what may not be redistributed: the paper's pair, Lytro, Liu's results and weights."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Groups of the registry."""
    parser.add_argument("groups", nargs="*", metavar="NAME", help="what to fetch; without a name, the list is printed")
    parser.add_argument("--into", type=Path, metavar="DIR", help="folder to download to (default: the cache)")


def run(options: argparse.Namespace) -> int:
    """Fetch, and print where the files are."""
    from reference.datasets.registry import fetch, registry

    if not options.groups:
        for name, group in registry().items():
            size = sum(file["bytes"] for file in group["files"])
            print(f"{name:14} {len(group['files']):3} file(s) {size / 1e6:6.1f} MB  {group['about']}")
        return 0
    for path in fetch(options.groups, options.into):
        print(path)
    return 0
