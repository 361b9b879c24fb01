"""One piece of work: one method's result for one pair, with its time, its memory and its scores."""

from __future__ import annotations

import ctypes
import gc
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.datasets.pairs import Pair
from reference.errors import BadInput
from reference.experiments.methods import Method
from reference.files import sha256_of
from reference.images.files import read_image
from reference.jobs.manifest import computing_digest
from reference.jobs.sources import same_size
from reference.metrics.score import score

__all__ = ["Measured", "Record", "Task", "do_task", "failed", "key_of", "measured", "place_of"]

T = TypeVar("T")
MIB = 2**20


class Measured(NamedTuple):
    """Wall time in seconds, and memory in MiB at its peak above what the process held before; None where unknown."""

    seconds: float
    peak_mib: float | None


def measured(compute: Callable[[], T]) -> tuple[T, Measured]:
    """Run a computation and measure it; memory is known on Linux only.

    >>> value, taken = measured(lambda: 6 * 7)
    >>> value, taken.seconds < 1
    (42, True)
    """
    before = _start_of_peak()
    start = time.perf_counter()
    value = compute()
    seconds = time.perf_counter() - start
    peak = None if before is None else max(_status("VmHWM") - before, 0.0)
    return value, Measured(seconds, peak)


def _start_of_peak() -> float | None:
    """Give free memory back, let the system's record of the peak start anew, and return what is held."""
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


@dataclass(frozen=True)
class Task:
    """What a process is asked to do; metrics are names of the catalogue, key says what the result depends on."""

    pair: Pair
    method: Method
    metrics: tuple[str, ...]
    key: str = ""

    def do(self) -> Record:
        """`do_task`."""
        return do_task(self)

    def failed(self, why: str) -> Record:
        """`failed`."""
        return failed(self, why)


def key_of(pair: Pair, method: Method) -> str:
    """Digest of all that scores depend on: files, method, code and its versions; ParfocalError for files not there."""
    files = [sha256_of(path) for path in (pair.image_a, pair.image_b, pair.truth) if path]
    parts = [files, pair.truth is not None, method.cache_key(pair), computing_digest()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass
class Record:
    """What came of a task: scores by metric, or a sentence that says why there are none.

    key       of the task; a record whose key is no longer the task's is out of date
    seconds   to fuse the pair, peak_mib the memory it took above what the process held; None: not measured
    """

    pair: str
    method: str
    key: str
    scores: dict[str, float] = field(default_factory=dict)
    seconds: float | None = None
    peak_mib: float | None = None
    error: str = ""

    def lacks(self, names: Iterable[str]) -> list[str]:
        """Those of the metrics that it has no score for."""
        return [name for name in names if name not in self.scores]

    @property
    def place(self) -> Path:
        """Where it lies under the folder of records."""
        return place_of(self.method, self.pair)

    def as_json(self) -> dict[str, Any]:
        """For `write_json`; infinity, the PSNR of equal images, becomes a word."""
        return asdict(self) | {"scores": {k: v if np.isfinite(v) else str(v) for k, v in self.scores.items()}}

    @classmethod
    def of_json(cls, record: dict[str, Any]) -> Record:
        """Back again."""
        return cls(**(record | {"scores": {k: float(v) for k, v in record["scores"].items()}}))


def do_task(task: Task) -> Record:
    """Fuse or read, and score; whatever goes wrong becomes the record's error, and the other metrics stand."""
    record = failed(task, "")
    problems: list[str] = []
    try:
        image_a, image_b = (read_image(path).pixels for path in task.pair[1:3])
        task.method.load()
        fused, taken = measured(lambda: task.method.fused(task.pair))
        same_b = same_size(image_b, image_a.shape)
        truth = im2uint8(read_image(task.pair.truth).pixels) if task.pair.truth else None
        for name, image in (("its result", fused), ("its truth", truth)):
            _check_size(name, image, image_a)
        if task.method.fuses:
            record.seconds, record.peak_mib = taken
        record.scores = score(fused, im2uint8(image_a), im2uint8(same_b), truth, task.metrics, problems.append)
    except Exception as error:  # torch and OpenCV have kinds of their own, for want of memory among them
        problems.append(f"{error}".splitlines()[0] if f"{error}" else type(error).__name__)
    record.error = "; ".join(problems)
    return record


def failed(task: Task, error: str) -> Record:
    """The record of a task that has no scores."""
    return Record(task.pair.name, task.method.name, task.key, error=error)


def _check_size(name: str, image: NDArray[np.uint8] | None, image_a: NDArray[np.float64]) -> None:
    if image is not None and image.shape[:2] != image_a.shape[:2]:
        (rows, columns), (rows_a, columns_a) = image.shape[:2], image_a.shape[:2]
        raise BadInput(f"{name} is {columns} x {rows} pixels, but image a is {columns_a} x {rows_a}")


def place_of(method: str, pair: str) -> Path:
    """Where the record of a method and a pair lies under the folder of records."""
    return Path(_file_name(method)) / f"{_file_name(pair)}.json"


def _file_name(name: str) -> str:
    """A name as a file may have it: no two names share one, and none leaves its folder.

    >>> _file_name("cup 1"), _file_name("a/b"), _file_name("..")
    ('cup 1', 'a%2Fb', '%2E%2E')
    """
    quoted = quote(name.encode("utf-8", "surrogateescape"), safe=" ")
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")
