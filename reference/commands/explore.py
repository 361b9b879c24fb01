"""Show the nine steps in the browser, with formulas and sliders, on the embedded pairs or your own photographs."""

import argparse
import sys
from importlib.util import find_spec

from reference.commands.arguments import number, whole_number
from reference.errors import MissingExtra

OF_MEGAPIXELS = "larger photographs are scaled down to this (default: 1; a megapixel takes about 15 s and 1 GB)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where it is served, and how large photographs may be."""
    where = "on 127.0.0.1 (default: free, from 7860)"
    parser.add_argument("--port", type=whole_number(1, 65535), metavar="N", help=where)
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.add_argument("--megapixels", type=number(0.001, 50), default=1.0, metavar="N", help=OF_MEGAPIXELS)


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    if find_spec("gradio") is None:  # not imported yet: `serve` says first where its files are to lie
        raise MissingExtra('the explorer needs gradio: pip install "parfocal[explore]"')
    from reference.explorer.serve import serve
    from reference.explorer.uploads import Limits

    def ready(address: str) -> None:
        print(f"The explorer is at {address}; it answers this machine only. Ctrl-C ends it.", file=sys.stderr)

    serve(options.port, Limits(working=options.megapixels), not options.no_browser, ready)
    return 0
