"""Many fusions, one a line of a list: what is done is known, and not done again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from reference.errors import BadInput
from reference.files import sha256_of
from reference.manifest import computing_digest
from reference.pools import Pool, finish

__all__ = ["Line", "Outcome", "read_list", "run_batch"]

Run = Callable[[tuple[str, ...], str, dict[str, Any]], tuple[int, str]]


class Outcome(NamedTuple):
    """What came of a line: the exit code, and the last sentence that was said."""

    number: int
    code: int
    says: str


@dataclass(frozen=True)
class Line:
    """One fusion.

    options  that all lines share
    run      fuses files into an output by such options, and gives the exit code and what was said
    """

    number: int
    files: tuple[str, ...]
    output: str
    options: dict[str, Any]
    run: Run

    def do(self) -> Outcome:
        """Fuse, and keep what was said last."""
        code, said = self.run(self.files, self.output, self.options)
        lines = [line.strip() for line in said.replace("\r", "\n").splitlines() if line.strip()]
        return Outcome(self.number, code, lines[-1] if lines else "")

    def failed(self, why: str) -> Outcome:
        """Where the process died."""
        return Outcome(self.number, 1, why)

    def key(self) -> str:
        """A digest of all that the result depends on; BadInput for a file that is not there."""
        parts = [[sha256_of(Path(file)) for file in self.files], self.output, self.options, computing_digest()]
        return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def read_list(path: Path, options: dict[str, Any], run: Run) -> list[Line]:
    """The lines of a list: {"files": ["a.jpg", "b.jpg"], "output": "fused.png"}, paths as seen from its folder.

    raises  BadInput, with the number of the line, for anything else, and for two lines with one output
    """
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error
    lines = [_line(path, number, text, options, run) for number, text in enumerate(texts, 1) if text.strip()]
    seen: dict[Path, int] = {}
    for line in lines:
        # f.png and f.tif would share f_decision_map.png
        first = seen.setdefault(Path(line.output).resolve().with_suffix(""), line.number)
        if first != line.number:
            raise BadInput(f"{path}, line {line.number}: {line.output} has the name of the output of line {first}")
    return lines


def _line(path: Path, number: int, text: str, options: dict[str, Any], run: Run) -> Line:
    try:
        record: Any = json.loads(text)
        files, output = record["files"], record["output"]
        sound = set(record) == {"files", "output"} and all(isinstance(name, str) for name in [*files, output])
    except (ValueError, TypeError, KeyError):
        sound, files = False, []
    if not sound or len(files) < 2 or isinstance(files, str):
        raise BadInput(f'{path}, line {number} is not {{"files": [two or more], "output": one}}')
    return Line(number, tuple(str(path.parent / name) for name in files), str(path.parent / output), options, run)


def run_batch(
    lines: Sequence[Line], ledger: Path, pool: Pool, jobs: int, done: Callable[[Outcome], None]
) -> list[Outcome]:
    """Do every line that is not done yet, and return what came of these.

    ledger  file to which each result is added as soon as it is whole: a digest of what it depends on, and its sha256
    done    told of each line
    """
    kept = _kept(ledger)
    keys = {line.number: _key(line) for line in lines}
    to_do = [line for line in lines if not _is_done(line, kept.get(keys[line.number], ""))]
    for line in to_do:
        _sweep(Path(line.output))
    outputs, outcomes = {line.number: line.output for line in lines}, []
    with ledger.open("a", encoding="utf-8") as file, closing(finish(to_do, pool, jobs)) as finished:
        if ledger.stat().st_size:
            file.write("\n")  # an earlier run may have ended within a line
        for outcome in finished:
            if outcome.code == 0:
                result = {"key": keys[outcome.number], "sha256": sha256_of(Path(outputs[outcome.number]))}
                file.write(json.dumps(result) + "\n")
                file.flush()
                os.fsync(file.fileno())
            outcomes.append(outcome)
            done(outcome)
    return outcomes


def _key(line: Line) -> str:
    try:
        return line.key()
    except BadInput:  # the command itself will say what is missing
        return ""


def _kept(ledger: Path) -> dict[str, str]:
    """Digest of the line: sha256 of its result; what an interrupt cut off is passed over."""
    return dict(_entries(ledger))


def _entries(ledger: Path) -> Iterator[tuple[str, str]]:
    if not ledger.exists():
        return
    for text in ledger.read_text(encoding="utf-8", errors="replace").splitlines():
        with contextlib.suppress(ValueError, TypeError, KeyError):
            record = json.loads(text)
            yield record["key"], record["sha256"]


def _is_done(line: Line, sha256: str) -> bool:
    try:
        return bool(sha256) and sha256_of(Path(line.output)) == sha256
    except BadInput:
        return False


def _sweep(output: Path) -> None:
    """Remove what a killed process has left of this result, as `files.replacing` calls it."""
    beside = "|".join(("", "_decision_map", "_index", "_depth", re.escape(output.suffix)))
    left_behind = re.compile(rf"\.{re.escape(output.stem)}({beside})\.\d+\.partial\.\w+")
    for path in output.parent.glob(".*.partial.*"):
        if left_behind.fullmatch(path.name):
            path.unlink(missing_ok=True)
