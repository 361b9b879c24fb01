"""Many fusions, one a line of a list: what is done is known, and not done again."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from reference.errors import BadInput
from reference.files import sha256_of
from reference.jobs.batch_list import Line, Outcome
from reference.jobs.parallel import Pool, finish

__all__ = ["run_batch"]


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
            if outcome.code == 0 and keys[outcome.number]:
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
        with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
            record = json.loads(text)
            yield str(record["key"]), str(record["sha256"])


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
