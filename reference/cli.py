"""The command line: arguments in, calls out, one sentence and an exit code for whatever goes wrong.

Exit codes: 0 ok, 1 a claim does not hold, 2 usage, 3 bad input, 4 something optional is missing, 5 a port's output is
malformed, 130 interrupted, 141 the reader of stdout went away.
Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import argparse
import io
import logging
import signal
import sys
from collections.abc import Sequence

from reference import __version__
from reference.commands import (
    align,
    batch,
    benchmark,
    conform,
    evaluate,
    explore,
    export,
    fetch,
    fuse,
    info,
    reproduce,
    score,
    stack,
    train,
)
from reference.errors import ParfocalError

__all__ = ["main"]

COMMANDS = {
    "fuse": fuse, "align": align, "stack": stack, "batch": batch, "score": score, "benchmark": benchmark,
    "reproduce": reproduce, "fetch": fetch, "train": train, "evaluate": evaluate, "explore": explore,
    "conform": conform, "export": export, "info": info,
}  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The parser with every subcommand."""
    description = "Multi-focus image fusion, step by step as MATLAB does it."
    top = argparse.ArgumentParser(prog="parfocal", description=description)
    top.add_argument("--version", action="version", version=f"parfocal {__version__}")
    subcommands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        module.add_arguments(subcommands.add_parser(name, help=summary, description=summary))
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    if arguments is None:  # a program of its own, which is ended as it is interrupted
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names of files may hold anything
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # it logs what BadInput says in one sentence
    try:
        return int(COMMANDS[options.command].run(options))
    except ParfocalError as error:
        print(f"parfocal: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("parfocal: interrupted; no file is left half-written", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of stdout went away
        sys.stderr.close()
        return 141
    except OSError as error:  # a full disk, a folder that may not be written
        print(f"parfocal: {error.filename or 'file'}: {error.strerror or error}", file=sys.stderr)
        return 3
    except MemoryError as error:
        print(f"parfocal: there is too little memory: {error or 'no more could be had'}", file=sys.stderr)
        return 3
