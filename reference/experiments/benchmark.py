"""Running a benchmark: each method on each pair, with its time and memory; results of earlier runs are reused."""

from __future__ import annotations

import ctypes
import gc
import math
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tqdm import tqdm

from matlab_compat import im2uint8
from reference.datasets.pairs import Pair
from reference.errors import BadInput, ParfocalError
from reference.experiments.cache import ResultCache
from reference.experiments.methods import Method
from reference.files import sha256_of
from reference.images.files import read_image, size_text
from reference.jobs.parallel import Pool, finish
from reference.jobs.sources import same_size
from reference.metrics.catalogue import metric
from reference.metrics.score import score, scored_names

T = TypeVar("T")
MIB = 2**20


def run_benchmark(
    pairs: Sequence[Pair], methods: Sequence[Method], metrics: Sequence[str], folder: Path, pool: Pool, jobs: int,
    say: Callable[[str], None],
) -> list[Record]:  # fmt: skip
    """Score every method on every pair for which it has a result, and return the records in that order.

    What is measured is kept in `folder` at once, so an interrupted run resumes. A result of the same files, method and
    code is reused, and missing metrics are added to it.
    """
    kept = ResultCache(folder / "kept.jsonl")
    wanted = {(pair.name, method.name): (pair, method) for pair in pairs for method in methods if method.has(pair)}
    keys = {names: key_of(*both) for names, both in wanted.items()}
    records = {names: Record(*names, **kept.get(keys[names]) or {}) for names in wanted}
    to_do = []
    for names, (pair, method) in wanted.items():
        of_pair = scored_names(metrics, pair.truth is not None)
        if missing := tuple(name for name in of_pair if name not in records[names].scores):
            to_do.append(Task(pair, method, missing))
    if len(to_do) < len(records):
        say(f"{len(records) - len(to_do)} of {len(records)} results are kept from an earlier run")
    progress = tqdm(total=len(records), initial=len(records) - len(to_do), desc="benchmark", unit="result", leave=False)
    with progress, closing(finish(to_do, pool, jobs)) as done:
        for record in done:
            names = record.pair, record.method
            record.scores = records[names].scores | record.scores  # earlier metrics remain
            records[names] = record
            progress.update()
            if record.error:
                say(f"{record.pair}, {record.method}: {record.error}")
            else:
                kept.put(keys[names], {"scores": record.scores, "seconds": record.seconds, "peak_mib": record.peak_mib})
    return list(records.values())


@dataclass
class Record:
    """The result of a task: scores by metric, or a sentence that says why there are none."""

    pair: str
    method: str
    scores: dict[str, float] = field(default_factory=dict)  # by metric; NaN for those that need larger images
    seconds: float | None = None  # to fuse the pair; None if not measured
    peak_mib: float | None = None  # as in `Usage`
    error: str = ""


@dataclass(frozen=True)
class Task:
    """The scoring of one method on one pair by metrics of the catalogue."""

    pair: Pair
    method: Method
    metrics: tuple[str, ...]

    def do(self) -> Record:
        """Fuse or read, and score; any error becomes that of the record, and the other metrics remain."""
        record = self.failed("")
        problems: list[str] = []
        try:
            image_a, image_b = (read_image(path).pixels for path in self.pair[1:3])
            self.method.load()
            fused, usage = measure_usage(lambda: self.method.fused(self.pair))
            same_b = same_size(image_b, image_a.shape)
            truth = im2uint8(read_image(self.pair.truth).pixels) if self.pair.truth else None
            for name, image in (("its result", fused), ("its truth", truth)):
                if image is not None and image.shape[:2] != image_a.shape[:2]:
                    sizes = size_text(image.shape), size_text(image_a.shape)
                    raise BadInput("{} is {} pixels, but image a is {}".format(name, *sizes))
            if self.method.fuse:  # the time of results from elsewhere is meaningless
                record.seconds, record.peak_mib = usage
            fitting = [name for name in self.metrics if metric(name).least <= min(fused.shape[:2])]
            scores = score(fused, im2uint8(image_a), im2uint8(same_b), truth, fitting, problems.append)
            record.scores = dict.fromkeys(set(self.metrics) - set(fitting), math.nan) | scores
        except Exception as error:  # PyTorch and OpenCV raise errors of their own, for lack of memory among others
            problems.append(f"{error}".splitlines()[0] if f"{error}" else type(error).__name__)
        record.error = "; ".join(problems)
        return record

    def failed(self, why: str) -> Record:
        """The record of a task without scores."""
        return Record(self.pair.name, self.method.name, error=why)


def key_of(pair: Pair, method: Method) -> list[Any]:
    """Everything on which scores depend besides the code; a file that is missing is reported by the task itself."""
    try:
        files = [sha256_of(path) if path else None for path in (pair.image_a, pair.image_b, pair.truth)]
        return ["benchmark", files, method.cache_key(pair)]
    except ParfocalError:
        return []


class Usage(NamedTuple):
    """Wall time in seconds, and peak memory in MiB beyond what the process held before; None where unknown."""

    seconds: float
    peak_mib: float | None


def measure_usage(compute: Callable[[], T]) -> tuple[T, Usage]:
    """Run a computation, and measure its time and memory, the latter on Linux only.

    >>> value, usage = measure_usage(lambda: 6 * 7)
    >>> value, usage.seconds < 1
    (42, True)
    """
    before = _start_of_peak()
    start = time.perf_counter()
    value = compute()
    seconds = time.perf_counter() - start
    peak = None if before is None else max(_status("VmHWM") - before, 0.0)
    return value, Usage(seconds, peak)


def _start_of_peak() -> float | None:
    """Release free memory, reset the system's record of the peak, and return the memory held."""
    try:
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
        return _status("VmRSS")
    except (OSError, AttributeError):
        return None


def _status(field: str) -> float:
    """A field of this process's status, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) * 1024 / MIB
