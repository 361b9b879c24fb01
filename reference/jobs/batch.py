"""Many independent fusions, one per line of a list; an interrupted run resumes."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reference.errors import BadInput, ParfocalError
from reference.files import readable, resolved, sha256_of
from reference.images.stacks import planes
from reference.images.write import QUALITY
from reference.jobs.fuse import FuseJob, fuse_files, output_paths
from reference.jobs.manifest import computing_digest
from reference.jobs.parallel import Pool, finish
from reference.jobs.sources import AS_THEY_ARE, Fit
from reference.jobs.stack import StackJob, stack_files, stack_outputs
from reference.methods.settings import MethodSettings


class BatchResult(NamedTuple):
    """The result of a line: its exit code, and the message of a failure."""

    number: int
    code: int
    message: str


@dataclass(frozen=True)
class BatchOptions:
    """The options shared by all lines, as plain values that can be sent to other processes."""

    method: MethodSettings
    fit: Fit = AS_THEY_ARE
    white: int = 0
    quality: int = QUALITY
    tile: int | Literal["auto"] | None = "auto"
    reads: tuple[Path, ...] = ()  # files that every line reads besides its photographs
    made_with: Any = None  # further inputs on which results depend, as JSON: weights, a motion


@dataclass(frozen=True)
class BatchItem:
    """One line: the fusion of a pair, or of a stack where there are not two files."""

    number: int
    files: tuple[Path, ...]
    output: Path
    options: BatchOptions

    def do(self) -> BatchResult:
        """Fuse; errors become the message of the result."""
        try:
            self._fuse()
        except ParfocalError as error:
            return BatchResult(self.number, error.exit_code, str(error))
        except OSError as error:
            return BatchResult(self.number, 3, f"{error.filename or self.output}: {error.strerror or error}")
        return BatchResult(self.number, 0, "")

    def _fuse(self) -> None:
        options, method = self.options, self.options.method.load()
        alike: dict[str, Any] = {"white": options.white, "quality": options.quality, "reads": options.reads}
        alike["as_stored"] = options.method.deterministic
        if len(self.files) == 2:
            a, b = self.files
            fuse_files(FuseJob(a, b, self.output, method, options.fit, options.tile, **alike))
        else:
            fit = options.fit
            stack_files(StackJob(planes(self.files), self.output, method, fit.align, fit.match_exposure, **alike))

    def failed(self, why: str) -> BatchResult:
        """The result where the process died."""
        return BatchResult(self.number, 1, why)

    def key(self) -> str:
        """A digest of everything on which the result depends; empty where a file is missing, which `do` reports."""
        options = self.options
        settings = [vars(options.method), options.fit._replace(motion=None), options.tile, options.made_with]
        settings += [options.white, options.quality]
        try:
            parts = [[sha256_of(file) for file in self.files], self.output, settings, computing_digest()]
        except BadInput:
            return ""
        return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def read_list(path: Path, options: BatchOptions) -> list[BatchItem]:
    """Read a list of lines {"files": ["a.jpg", "b.jpg"], "output": "fused.png"}, paths relative to its folder.

    raises  BadInput, with the number of the line, for other lines, and one that writes what another writes or reads
    """
    try:
        with readable(path):
            texts = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is no text in UTF-8: a list has one line of JSON for each result") from None
    items = [_item(path, number, text, options) for number, text in enumerate(texts, 1) if text.strip()]
    _check_apart(path, items)
    return items


def _check_apart(path: Path, items: Sequence[BatchItem]) -> None:
    """Refuse lines that affect one another: the result must depend neither on their order nor on repetition."""
    readers = {resolved(file): item.number for item in items for file in item.files}
    writers: dict[Path, int] = {}
    for item in items:
        for written in map(resolved, dict.fromkeys([*output_paths(item.output), *stack_outputs(item.output)])):
            other = writers.setdefault(written, item.number)
            if other != item.number:
                raise BadInput(f"{path}: lines {other} and {item.number} would both write {written.name}")
            if written in readers:
                raise BadInput(
                    f"{path}: line {item.number} would write {written.name}, which line {readers[written]} reads"
                )


def _item(path: Path, number: int, text: str, options: BatchOptions) -> BatchItem:
    record: Any = None
    try:
        record = json.loads(text)
        files, output = record["files"], record["output"]
        sound = set(record) == {"files", "output"} and bool(files) and isinstance(files, list)
        sound = sound and not any("\0" in os.fsdecode(os.fsencode(name)) for name in [*files, output])
    except (ValueError, TypeError, KeyError, RecursionError):
        sound = False
    if not sound and isinstance(record, dict) and (more := sorted(set(record) - {"files", "output"})):
        raise BadInput(f"{path}, line {number} has the key {more[0]!r}, but a line has files and output")
    if not sound:
        raise BadInput(f'{path}, line {number} is not {{"files": [one or more], "output": one}}')
    return BatchItem(number, tuple(path.parent / name for name in files), path.parent / output, options)


def run_batch(
    items: Sequence[BatchItem], ledger: Path, pool: Pool, jobs: int, report: Callable[[BatchResult], None]
) -> list[BatchResult]:
    """Run every line that is not complete yet, and return their results.

    ledger  file to which each completed line is appended: the digest of its inputs, and the sha256 of its result
    """
    completed = _completed(ledger)
    keys = {item.number: item.key() for item in items}
    to_do = [item for item in items if not _is_done(item, completed.get(keys[item.number], ""))]
    for item in to_do:
        _sweep(item.output)
    outputs, results = {item.number: item.output for item in items}, []
    with ledger.open("a", encoding="utf-8") as file, closing(finish(to_do, pool, jobs)) as finished:
        if ledger.stat().st_size:
            file.write("\n")  # an earlier run may have been interrupted within a line
        for result in finished:
            if result.code == 0 and keys[result.number]:
                entry = {"key": keys[result.number], "sha256": sha256_of(outputs[result.number])}
                file.write(json.dumps(entry) + "\n")
                file.flush()
                os.fsync(file.fileno())
            results.append(result)
            report(result)
    return results


def _completed(ledger: Path) -> dict[str, str]:
    """The ledger as a mapping from the key of a line to the sha256 of its result; truncated entries are skipped."""
    completed: dict[str, str] = {}
    for text in ledger.read_text(encoding="utf-8", errors="replace").splitlines() if ledger.exists() else ():
        with suppress(ValueError, TypeError, KeyError, RecursionError):
            record = json.loads(text)
            completed[str(record["key"])] = str(record["sha256"])
    return completed


def _is_done(item: BatchItem, sha256: str) -> bool:
    try:
        return bool(sha256) and sha256_of(item.output) == sha256
    except BadInput:
        return False


def _sweep(output: Path) -> None:
    """Remove the temporary files of `files.atomic_write` that a killed process has left."""
    beside = "|".join(("", "_decision_map", "_index", "_depth", re.escape(output.suffix)))
    temporary = re.compile(rf"\.{re.escape(output.stem)}({beside})\.(\d+)\.[0-9a-f]+\.partial\.\w+")
    for path in output.parent.glob(".*.partial.*"):
        if (found := temporary.fullmatch(path.name)) and not _is_running(int(found[2])):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    """Whether a process of this number is there; on Windows, where to ask may end it, always."""
    try:
        if os.name == "posix":
            os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OverflowError, PermissionError):  # no number of a process, or that of another user's
        pass
    return True
