"""Many fusions, one a line of a list: none depends on another, and what is done is not done again."""

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
from typing import Any, Literal, NamedTuple

from reference.errors import BadInput, ParfocalError, WrongUsage
from reference.files import resolved, sha256_of
from reference.images.stacks import planes
from reference.jobs.fuse import FuseJob, fuse_files, output_paths
from reference.jobs.manifest import computing_digest
from reference.jobs.parallel import Pool, finish
from reference.jobs.sources import AS_THEY_ARE, Fit
from reference.jobs.stack import StackJob, stack_files, stack_outputs
from reference.methods.settings import MethodSettings

__all__ = ["BatchItem", "BatchOptions", "BatchResult", "read_list", "run_batch"]


class BatchResult(NamedTuple):
    """What came of a line: the exit code, and the sentence that was said."""

    number: int
    code: int
    says: str


@dataclass(frozen=True)
class BatchOptions:
    """What all lines share, as plain values that travel to other processes.

    reads      files that every line reads besides its photographs
    made_with  what results depend on besides files and options, as JSON: weights, a motion
    """

    method: MethodSettings
    fit: Fit = AS_THEY_ARE
    tile: int | Literal["auto"] | None = "auto"
    reads: tuple[Path, ...] = ()
    made_with: Any = None

    def check_stack(self, number: int) -> None:
        """A stack leaves no choice of size, motion or tiles."""
        if self.fit._replace(align=None) != AS_THEY_ARE or self.tile != "auto":
            raise WrongUsage(f"a stack, as line {number} is, has no --strict-size, --onto, --motion or --tile")


@dataclass(frozen=True)
class BatchItem:
    """One fusion: of a pair, or of a stack where there are not two files."""

    number: int
    files: tuple[Path, ...]
    output: Path
    options: BatchOptions

    def do(self) -> BatchResult:
        """Fuse; whatever is wrong is told in a sentence."""
        try:
            self._fuse()
        except ParfocalError as error:
            return BatchResult(self.number, error.exit_code, str(error))
        except OSError as error:
            return BatchResult(self.number, 3, f"{error.filename or self.output}: {error.strerror or error}")
        return BatchResult(self.number, 0, "")

    def _fuse(self) -> None:
        options, method = self.options, self.options.method.load()
        as_stored = options.method.deterministic
        if len(self.files) == 2:
            a, b = self.files
            fuse_files(FuseJob(
                a, b, self.output, method, options.fit, as_stored, options.tile, reads=options.reads,
            ))  # fmt: skip
        else:
            stack = StackJob(planes(self.files), self.output, method, options.fit.align, as_stored, reads=options.reads)
            stack_files(stack)

    def failed(self, why: str) -> BatchResult:
        """Where the process died."""
        return BatchResult(self.number, 1, why)

    def key(self) -> str:
        """A digest of all that the result depends on; BadInput for a file that is not there."""
        options = self.options
        how = [vars(options.method), options.fit._replace(motion=None), options.tile, options.made_with]
        parts = [[sha256_of(file) for file in self.files], self.output, how, computing_digest()]
        return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def read_list(path: Path, options: BatchOptions) -> list[BatchItem]:
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
    lines = [_item(path, number, text, options) for number, text in enumerate(texts, 1) if text.strip()]
    _check_apart(path, lines)
    return lines


def _check_apart(path: Path, lines: Sequence[BatchItem]) -> None:
    """Done in any order, and some of them again, all lines give the same."""
    readers = {resolved(file): line.number for line in lines for file in line.files}
    writers: dict[Path, int] = {}
    for line in lines:
        for written in map(resolved, dict.fromkeys([*output_paths(line.output), *stack_outputs(line.output)])):
            other = writers.setdefault(written, line.number)
            if other != line.number:
                raise BadInput(f"{path}: lines {other} and {line.number} would both write {written.name}")
            if written in readers:
                raise BadInput(
                    f"{path}: line {line.number} would write {written.name}, which line {readers[written]} reads"
                )


def _item(path: Path, number: int, text: str, options: BatchOptions) -> BatchItem:
    try:
        record: Any = json.loads(text)
        files, output = record["files"], record["output"]
        sound = set(record) == {"files", "output"} and bool(files) and isinstance(files, list)
        sound = sound and not any("\0" in os.fsdecode(os.fsencode(name)) for name in [*files, output])
    except (ValueError, TypeError, KeyError, RecursionError):
        sound = False
    if not sound:
        raise BadInput(f'{path}, line {number} is not {{"files": [one or more], "output": one}}')
    return BatchItem(number, tuple(path.parent / name for name in files), path.parent / output, options)


def run_batch(
    items: Sequence[BatchItem], ledger: Path, pool: Pool, jobs: int, done: Callable[[BatchResult], None]
) -> list[BatchResult]:
    """Do every line that is not done yet, and return what came of these.

    ledger  file to which each result is added as soon as it is whole: a digest of what it depends on, and its sha256
    done    told of each line
    """
    kept = _kept(ledger)
    keys = {item.number: _key(item) for item in items}
    to_do = [item for item in items if not _is_done(item, kept.get(keys[item.number], ""))]
    for item in to_do:
        _sweep(item.output)
    outputs, results = {item.number: item.output for item in items}, []
    with ledger.open("a", encoding="utf-8") as file, closing(finish(to_do, pool, jobs)) as finished:
        if ledger.stat().st_size:
            file.write("\n")  # an earlier run may have ended within a line
        for result in finished:
            if result.code == 0 and keys[result.number]:
                entry = {"key": keys[result.number], "sha256": sha256_of(outputs[result.number])}
                file.write(json.dumps(entry) + "\n")
                file.flush()
                os.fsync(file.fileno())
            results.append(result)
            done(result)
    return results


def _key(item: BatchItem) -> str:
    try:
        return item.key()
    except BadInput:  # the command itself will say what is missing
        return ""


def _kept(ledger: Path) -> dict[str, str]:
    """Digest of the line: sha256 of its result; what an interrupt cut off is passed over."""
    return dict(_entries(ledger))


def _entries(ledger: Path) -> Iterator[tuple[str, str]]:
    if not ledger.exists():
        return
    for text in ledger.read_text(encoding="utf-8", errors="replace").splitlines():
        with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
            record = json.loads(text)
            yield str(record["key"]), str(record["sha256"])


def _is_done(item: BatchItem, sha256: str) -> bool:
    try:
        return bool(sha256) and sha256_of(item.output) == sha256
    except BadInput:
        return False


def _sweep(output: Path) -> None:
    """Remove what a killed process has left of this result, as `files.atomic_write` calls it."""
    beside = "|".join(("", "_decision_map", "_index", "_depth", re.escape(output.suffix)))
    left_behind = re.compile(rf"\.{re.escape(output.stem)}({beside})\.\d+\.partial\.\w+")
    for path in output.parent.glob(".*.partial.*"):
        if left_behind.fullmatch(path.name):
            path.unlink(missing_ok=True)
