"""Write a network as ONNX, to score focus or weigh pixels from any language that has a runtime."""

import argparse
import sys
from pathlib import Path

from reference.commands.arguments import add_data, add_network
from reference.network import AUTHORS, PIXEL


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which network, and where to."""
    parser.add_argument("--onnx", type=Path, required=True, metavar="FILE", help="the file to write")
    add_network(parser, (PIXEL,))
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Write, and print where the file is."""
    from reference.network.loading import weights_path
    from reference.network.onnx_export import export_onnx
    from reference.network.weights import read_weights, widths_of

    path = options.weights or weights_path(options.network, options.data)
    file = read_weights(path, "liu2017" if options.network == AUTHORS else options.network)
    export_onnx(file, options.onnx)
    print(options.onnx)
    print(f"{options.network}: {widths_of(file.module)}; weights {file.path.name}", file=sys.stderr)
    return 0
