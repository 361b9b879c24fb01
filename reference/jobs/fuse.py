"""Fuse two image files into a third: reading, size, depth, the pipeline, and what is written beside the result."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal

from reference.files import check_free, described_file, replacing, write_json
from reference.images.files import ImageFile, read_photograph, write_stored
from reference.images.output_check import check_output
from reference.images.region import Region
from reference.jobs.manifest import versions
from reference.jobs.sources import AS_THEY_ARE, Fit, Sources, matched
from reference.jobs.tiled_fusion import Assembled, assembled, fuse_tiled, work
from reference.jobs.tiles import estimate, said, side_for
from reference.methods.base import Fusing
from reference.pipeline import Fused, Trace, no_trace

__all__ = ["FuseJob", "decision_map_path", "fuse_files", "output_paths"]


@dataclass(frozen=True)
class FuseJob:
    """Two source files, the file of the result, and how it is to be made.

    fit        how sources of different size or view are brought onto one grid
    as_stored  take pixels as MATLAB's imread does, instead of turning photographs upright
    tile       side of the tiles in pixels; None for all at once, which alone has steps to show; "auto" by the size
    trace      shown every step
    done       told how many tiles of how many were worked on
    notice     told, in a sentence, of anything done beyond the paper's steps
    """

    path_a: Path
    path_b: Path
    output: Path
    fusing: Fusing
    fit: Fit = AS_THEY_ARE
    as_stored: bool = False
    tile: int | Literal["auto"] | None = "auto"
    trace: Trace = no_trace
    done: Callable[[int, int], None] = field(default=lambda done, of: None)
    notice: Callable[[str], None] = field(default=lambda sentence: None)


def decision_map_path(output: Path) -> Path:
    """The decision map lies beside the result: fused.png -> fused_decision_map.png."""
    return output.with_name(f"{output.stem}_decision_map.png")


def manifest_path(output: Path) -> Path:
    """The manifest lies beside the result: fused.png -> fused.png.json."""
    return output.with_name(f"{output.name}.json")


def output_paths(output: Path) -> tuple[Path, Path, Path]:
    """All that is written: result, decision map, manifest."""
    return output, decision_map_path(output), manifest_path(output)


def fuse_files(job: FuseJob) -> dict[str, Any]:
    """Fuse the files, write result, decision map and manifest, and return the manifest.

    raises  BadInput or MissingExtra, before anything is written
    """
    names = str(job.path_a), str(job.path_b)
    a, b = (read_photograph(path, job.as_stored) for path in (job.path_a, job.path_b))
    side, metadata = _side(job, a, b), a.metadata
    sources = matched(a, b, names, job.fit, job.notice)
    del a, b  # as they are before they are on one grid
    check_output(job.output, sources.stored, len(sources.a.shape) == 3)
    check_free(output_paths(job.output), (job.path_a, job.path_b))

    fused = assembled(_fused(job, sources, side), sources.a.shape, sources.stored)

    with ExitStack() as all_or_nothing:
        # The last one entered takes its place first: the manifest, which vouches for the others, comes last.
        manifest, decision_map, result = (
            all_or_nothing.enter_context(replacing(path)) for path in reversed(output_paths(job.output))
        )
        write_stored(result, fused.result, metadata)
        write_stored(decision_map, fused.decision_map)
        record = {
            "result": described_file(result, job.output.name),
            "decision_map": described_file(decision_map, decision_map_path(job.output).name),
            **_manifest(job, sources, fused),
            "tile": side,
            "versions": versions(),
        }
        write_json(manifest, record)
    return record


def _side(job: FuseJob, a: ImageFile, b: ImageFile) -> int | None:
    """Of the tiles; how much memory they need, or the whole, is said where the photographs are large."""
    larger = max(a, b, key=lambda image: math.prod(image.shape))
    of_its_size = side_for(larger.shape, job.fusing)
    side = of_its_size if job.tile == "auto" else job.tile
    if of_its_size:
        fitted = bool(job.fit.align or job.fit.found) or a.shape != b.shape
        how = f"in tiles of at most {side} x {side}" if side else "at once"
        job.notice(said(larger, how, estimate(larger, job.fusing, side, fitted)))
    return side


def _fused(job: FuseJob, sources: Sources, side: int | None) -> Iterator[tuple[Region, Fused]]:
    """Parts of the result, or all of it, with where they lie."""
    shape = sources.a.shape
    if side is None:
        yield Region(0, shape[0], 0, shape[1]), job.fusing(sources.image_a, sources.image_b, job.trace)
        return
    counter, total = count(1), work(shape, job.fusing, side)
    yield from fuse_tiled(
        sources.a.part, sources.b.part, shape, job.fusing, side, lambda tile: job.done(next(counter), total)
    )


def _manifest(job: FuseJob, sources: Sources, fused: Assembled) -> dict[str, Any]:
    """What is needed to make the result again; no times, so that equal runs have equal manifests."""
    return {
        "sources": [described_file(job.path_a), described_file(job.path_b)],
        "size": list(sources.a.shape[:2]),
        "stored": str(sources.stored),
        "upright": not job.as_stored,
        **sources.record,
        **job.fusing.record(),
        "decision_map_outside_0_1_by": fused.outside,
        "from_a": round(fused.from_a / fused.decision_map.size, 6),
    }
