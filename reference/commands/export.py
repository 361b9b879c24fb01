"""Write a network as ONNX, to score focus from any language that has a runtime."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reference.commands.arguments import add_data, add_network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which network, and where to."""
    parser.add_argument("--onnx", type=Path, required=True, metavar="FILE", help="the file to write")
    add_network(parser)
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Write, and print where the file is."""
    from reference.network.loading import load_network
    from reference.network.onnx_export import export_onnx
    from reference.network.weights import widths_of

    file = load_network(options.network, options.weights, options.data).file
    export_onnx(file, options.onnx)
    print(options.onnx)
    print(f"{options.network}: {widths_of(file.module)}; weights {file.path.name}", file=sys.stderr)
    return 0
