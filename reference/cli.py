"""The command line: arguments in, calls out, one sentence and an exit code for whatever goes wrong.

Exit codes: 0 ok, 1 a claim does not hold, 2 usage, 3 bad input, 4 something optional is missing, 5 a port's output is
malformed, 130 interrupted, 141 the reader of stdout went away.
Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import argparse
import ctypes
import io
import logging
import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module

from reference import __version__
from reference.errors import ParfocalError

__all__ = ["COMMANDS", "main", "parser", "reuse_memory"]

COMMANDS = (
    "fuse", "align", "stack", "batch", "score", "audit", "benchmark", "reproduce", "fetch", "train", "evaluate",
    "explore", "conform", "export", "info",
)  # fmt: skip
# Of glibc's allocator: name in the environment, number in malloc.h, value.
ALLOCATOR = (
    ("MALLOC_ARENA_MAX", -8, 1), ("MALLOC_MMAP_THRESHOLD_", -3, 1 << 26), ("MALLOC_TRIM_THRESHOLD_", -1, 1 << 29),
)  # fmt: skip


def parser(*names: str) -> argparse.ArgumentParser:
    """The parser with the subcommands of these names, or with all: each is a module of `reference.commands`."""
    description = "Multi-focus image fusion, step by step as MATLAB does it."
    top = argparse.ArgumentParser(prog="parfocal", description=description)
    top.add_argument("--version", action="version", version=f"parfocal {__version__}")
    subcommands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in names or COMMANDS:
        module = import_module(f"reference.commands.{name}")
        summary = (module.__doc__ or "").splitlines()[0]
        command = subcommands.add_parser(name, help=summary, description=summary)
        command.set_defaults(run=module.run, parser=command)
        module.add_arguments(command)
    return top


def _parsed(words: list[str]) -> argparse.Namespace:
    """The options; for what no command takes, what may have been meant."""
    command = words[:1] if words[:1] and words[0] in COMMANDS else []
    top = parser(*command)
    if not command and words and (near := get_close_matches(words[0], COMMANDS, 1)):
        top.error(f"there is no command {words[0]}: did you mean {near[0]}?")
    options, left = top.parse_known_args(words)
    if left:
        near = get_close_matches(left[0], re.findall("--[a-z-]+", options.parser.format_help()), 1)
        many = ": parfocal stack takes many photographs" if left[0][:1] != "-" and command == ["fuse"] else ""
        options.parser.error(f"it does not take {left[0]}{f': did you mean {near[0]}?' if near else many}")
    return options


def reuse_memory() -> None:
    """Keep the memory of freed arrays, here and in later processes: taking it anew costs up to a third of the time.

    What the environment sets stands; without glibc nothing changes.
    """
    for name, number, value in ALLOCATOR:
        if name not in os.environ:
            os.environ[name] = str(value)
            with suppress(OSError, AttributeError, TypeError):
                ctypes.CDLL(None).mallopt(number, value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    if arguments is None:  # a program of its own, which is ended as it is interrupted
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        reuse_memory()
    words = sys.argv[1:] if arguments is None else [*arguments]
    options = _parsed(words)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names of files may hold anything
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # it logs what BadInput says in one sentence
    try:
        return int(options.run(options))
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
