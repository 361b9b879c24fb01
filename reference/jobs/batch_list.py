"""The list of a batch: one fusion a line, and none that depends on another."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from reference.errors import BadInput
from reference.files import resolved, sha256_of
from reference.jobs.fuse import output_paths
from reference.jobs.manifest import computing_digest
from reference.jobs.stack import stack_outputs

__all__ = ["How", "Line", "Outcome", "read_list"]

Run = Callable[[tuple[str, ...], str, dict[str, Any]], tuple[int, str]]


class Outcome(NamedTuple):
    """What came of a line: the exit code, and the last sentence that was said."""

    number: int
    code: int
    says: str


class How(NamedTuple):
    """What all lines share.

    run        fuses files into an output by options, and gives the exit code and what was said
    made_with  what a result depends on besides files and options: weights, a motion
    """

    run: Run
    options: dict[str, Any]
    made_with: Any = None


@dataclass(frozen=True)
class Line:
    """One fusion.

    how  that all lines share
    """

    number: int
    files: tuple[str, ...]
    output: str
    how: How

    def do(self) -> Outcome:
        """Fuse, and keep what was said last."""
        code, said = self.how.run(self.files, self.output, self.how.options)
        lines = [line.strip() for line in said.replace("\r", "\n").splitlines() if line.strip()]
        return Outcome(self.number, code, lines[-1] if lines else "")

    def failed(self, why: str) -> Outcome:
        """Where the process died."""
        return Outcome(self.number, 1, why)

    def key(self) -> str:
        """A digest of all that the result depends on; BadInput for a file that is not there."""
        files = [sha256_of(Path(file)) for file in self.files]
        parts = [files, self.output, self.how.options, self.how.made_with, computing_digest()]
        return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def read_list(path: Path, how: How) -> list[Line]:
    """The lines of a list: {"files": ["a.jpg", "b.jpg"], "output": "fused.png"}, paths as seen from its folder.

    raises  BadInput, with the number of the line, for anything else, and where a line would write what another one
            writes or reads
    """
    try:
        texts = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise BadInput(f"{path} is no text in UTF-8: a list has one line of JSON for each result") from None
    lines = [_line(path, number, text, how) for number, text in enumerate(texts, 1) if text.strip()]
    _check_apart(path, lines)
    return lines


def _check_apart(path: Path, lines: Sequence[Line]) -> None:
    """Done in any order, and some of them again, all lines give the same."""
    readers = {resolved(Path(file)): line.number for line in lines for file in line.files}
    writers: dict[Path, int] = {}
    for line in lines:
        output = Path(line.output)
        for written in map(resolved, dict.fromkeys([*output_paths(output), *stack_outputs(output)])):
            other = writers.setdefault(written, line.number)
            if other != line.number:
                raise BadInput(f"{path}: lines {other} and {line.number} would both write {written.name}")
            if written in readers:
                raise BadInput(
                    f"{path}: line {line.number} would write {written.name}, which line {readers[written]} reads"
                )


def _line(path: Path, number: int, text: str, how: How) -> Line:
    try:
        record: Any = json.loads(text)
        files, output = record["files"], record["output"]
        sound = set(record) == {"files", "output"} and bool(files) and isinstance(files, list)
        sound = sound and not any("\0" in os.fsdecode(os.fsencode(name)) for name in [*files, output])
    except (ValueError, TypeError, KeyError, RecursionError):
        sound = False
    if not sound:
        raise BadInput(f'{path}, line {number} is not {{"files": [one or more], "output": one}}')
    return Line(number, tuple(str(path.parent / name) for name in files), str(path.parent / output), how)
