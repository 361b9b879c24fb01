"""A fused image file, scored against the files of its sources and, if there is one, of the truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from matlab_compat import im2uint8
from reference.errors import BadInput, ParfocalError
from reference.images.files import read_photograph
from reference.jobs.sources import tell_of_photograph
from reference.metrics.score import score


class Scored(NamedTuple):
    """The scores of a file by metric, and what is to be told of it; no scores where it could not be scored."""

    fused: Path
    scores: dict[str, float]
    notices: list[str]


@dataclass(frozen=True)
class ScoreJob:
    """What to score: the fused image, A, B, and the truth if there is one."""

    paths: tuple[Path, ...]
    names: tuple[str, ...] | None = None  # of the metrics; None for all that images of this size allow
    white: int = 0

    def do(self) -> Scored:
        """Score it; an error becomes a notice."""
        try:
            return score_files(self)
        except (ParfocalError, ValueError, TypeError, MemoryError) as error:
            return self.failed(str(error))

    def failed(self, why: str) -> Scored:
        """No scores, and the reason."""
        return Scored(self.paths[0], {}, [why])


def score_files(job: ScoreJob) -> Scored:
    """Score a fused image in 8 bits.

    raises   BadInput for a file that cannot be read, another size, or no metric that can be computed
    """
    files = [read_photograph(path, white=job.white) for path in job.paths]
    images = [im2uint8(file.pixels) for file in files]
    for path, image in zip(job.paths, images, strict=True):
        if image.shape[:2] != images[0].shape[:2]:
            (rows, columns), (rows_f, columns_f) = image.shape[:2], images[0].shape[:2]
            raise BadInput(f"{path} is {columns} x {rows} pixels, but {job.paths[0]} is {columns_f} x {rows_f}")
    fused, a, b, *truth = images
    compare = [name for name in ("psnr", "ssim") if name not in job.names] if job.names and truth else []
    notices: list[str] = []
    names = None if job.names is None else [*job.names, *compare]
    scores = score(fused, a, b, truth[0] if truth else None, names, notices.append)
    if not scores:
        raise BadInput(f"{job.paths[0]}: {notices[0]}")
    for path, file in zip(job.paths, files, strict=True):
        tell_of_photograph(file, str(path), notices.append)
    return Scored(job.paths[0], scores, notices)
