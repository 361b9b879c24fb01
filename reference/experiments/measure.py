"""One task of a benchmark: the result of one method for one pair, with its time, memory and scores."""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.datasets.pairs import Pair
from reference.errors import BadInput, ParfocalError
from reference.experiments.methods import Method
from reference.files import sha256_of
from reference.images.files import read_image, size_text
from reference.jobs.sources import same_size
from reference.metrics.score import score

__all__ = ["Record", "Task", "Usage", "key_of", "measure_usage"]

T = TypeVar("T")
MIB = 2**20


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


@dataclass(frozen=True)
class Task:
    """The scoring of one method on one pair.

    metrics  names of the catalogue
    """

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
                _check_size(name, image, image_a)
            if self.method.fuses:
                record.seconds, record.peak_mib = usage
            record.scores = score(fused, im2uint8(image_a), im2uint8(same_b), truth, self.metrics, problems.append)
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


@dataclass
class Record:
    """The result of a task: scores by metric, or a sentence that says why there are none.

    seconds  to fuse the pair, and peak_mib, as in `Usage`; None if not measured
    """

    pair: str
    method: str
    scores: dict[str, float] = field(default_factory=dict)
    seconds: float | None = None
    peak_mib: float | None = None
    error: str = ""

    def missing(self, names: Iterable[str]) -> list[str]:
        """Those of the metrics without a score."""
        return [name for name in names if name not in self.scores]


def _check_size(name: str, image: NDArray[np.uint8] | None, image_a: NDArray[np.float64]) -> None:
    if image is not None and image.shape[:2] != image_a.shape[:2]:
        raise BadInput(f"{name} is {size_text(image.shape)} pixels, but image a is {size_text(image_a.shape)}")
