"""Fuse two image files: read them, bring them onto one grid, fuse, and write result, decision map and manifest."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from reference.errors import BadInput, WrongUsage
from reference.files import atomic_writes, described_file, refuse_overwrite, write_json
from reference.images.files import ImageFile, check_output, read_photograph, write_stored
from reference.images.region import Region
from reference.images.write import QUALITY
from reference.jobs.manifest import versions
from reference.jobs.progress import Progress, silent
from reference.jobs.sources import AS_THEY_ARE, Fit, Sources, bring_to_one_grid, tell_of_lost_colour
from reference.jobs.tiles import CollectedTiles, collect_tiles, estimate, fuse_tiled, memory_notice, tile_size_for
from reference.methods.base import FusionMethod
from reference.pipeline import Steps


@dataclass(frozen=True, kw_only=True)
class Job:
    """How photographs are read and results are written, of a pair or of a stack."""

    as_stored: bool = False  # take pixels as MATLAB's imread does, instead of turning photographs upright
    white: int = 0  # the level that is white, 0 for the highest of the class
    quality: int = QUALITY  # of a JPEG, 1 to 100
    reads: tuple[Path, ...] = ()  # further inputs that must not be overwritten: weights, a motion
    progress: Progress = silent  # receives parts done and all: of a stack 2 N - 1 passes over a photograph
    notice: Callable[[str], None] = field(default=lambda sentence: None)  # hears what is done beyond the steps

    def read(self, path: Path, page: int | None = None) -> ImageFile:
        """Read a photograph, turned upright unless wanted as stored."""
        return read_photograph(path, self.as_stored, page, self.white)


@dataclass(frozen=True)
class FuseJob(Job):
    """Two source files, the file of the result, and how to make it."""

    a: Path
    b: Path
    output: Path
    method: FusionMethod
    fit: Fit = AS_THEY_ARE
    tile: int | Literal["auto"] | None = "auto"  # pixels; "auto" by the size; None: no tiles, which alone gives steps
    save_steps: Path | None = None  # folder for every step as picture and as array


class FusedFiles(NamedTuple):
    """The manifest of a result, and its steps; none where it was made in tiles."""

    manifest: dict[str, Any]
    steps: Steps


def output_paths(output: Path) -> tuple[Path, ...]:
    """All outputs: result, decision map, confidence map of methods that have one, manifest."""
    return with_files_beside(output, "_decision_map.png", "_confidence.png")


def with_files_beside(output: Path, *ends: str) -> tuple[Path, ...]:
    """A result, the files beside it, which end so, and its manifest; BadInput for a folder."""
    if not output.name:
        raise BadInput(f"{output} is a folder: name a file in it")
    return output, *(output.with_name(output.stem + end) for end in ends), output.with_name(f"{output.name}.json")


def fuse_files(job: FuseJob) -> FusedFiles:
    """Fuse two files, and write result, decision map and manifest; bad input is refused before anything is written."""
    _check(job)
    a, b = job.read(job.a), job.read(job.b)
    side, metadata = _side(job, a, b), a.metadata
    tell_of_lost_colour(metadata, job.output, job.notice)
    sources = bring_to_one_grid(a, b, (str(job.a), str(job.b)), job.fit, job.notice)
    del a, b  # release them before fusing
    check_output(job.output, sources.a.stored)

    if job.save_steps:  # a folder that cannot be made is told before the work
        job.save_steps.mkdir(parents=True, exist_ok=True)
    shape, stored = sources.a.shape, sources.a.stored
    steps: Steps = {}
    if side is None:
        at_once = job.method.with_progress(job.progress)(sources.a.pixels, sources.b.pixels)
        job.progress(1, 1)
        steps = at_once.steps
        fused = collect_tiles([(Region(0, shape[0], 0, shape[1]), at_once)], shape, stored, job.white)
    else:
        parts = fuse_tiled(sources.a.part, sources.b.part, shape, job.method, side, job.progress)
        fused = collect_tiles(parts, shape, stored, job.white)

    if job.save_steps:
        from reference.jobs.step_files import write_steps

        write_steps(job.save_steps, steps)
    # The manifest takes its place last, since it vouches for the others.
    whole, map_beside, sure_beside, says = output_paths(job.output)
    written = [whole, map_beside, *([] if fused.confidence is None else [sure_beside]), says]
    with atomic_writes(*written) as (result, decision_map, *sure, manifest):
        write_stored(result, fused.result, metadata, job.quality)
        write_stored(decision_map, fused.decision_map)
        for path in sure:
            write_stored(path, np.asarray(fused.confidence))
        record = {
            "result": described_file(result, job.output.name),
            "decision_map": described_file(decision_map, map_beside.name),
            **({"confidence": described_file(sure[0], sure_beside.name)} if sure else {}),
            **_manifest(job, sources, fused),
            "tile": side,
            "versions": versions(),
        }
        write_json(manifest, record)
    if not sure:  # nothing of another picture stays beside this one
        sure_beside.unlink(missing_ok=True)
    return FusedFiles(record, steps)


def _check(job: FuseJob) -> None:
    """Refuse what the names alone show to be wrong, before anything is read."""
    refuse_overwrite(output_paths(job.output), (job.a, job.b, *job.reads))
    if job.fit.motion:
        from reference.align.motion import check_order

        check_order(job.fit.motion, job.a, job.b)
    if job.save_steps:
        if job.save_steps.resolve() in (source.resolve().parent for source in (job.a, job.b)):
            raise BadInput(f"a source lies in {job.save_steps}: choose another folder for the steps")
        if isinstance(job.tile, int):
            raise WrongUsage("--save-steps shows the whole image, but --tile asks for tiles: use one of them")


def _side(job: FuseJob, a: ImageFile, b: ImageFile) -> int | None:
    """The side of the tiles, None for the whole at once; for large photographs the user is told the memory."""
    larger = a if math.prod(a.shape) >= math.prod(b.shape) else b
    suggested = tile_size_for(larger.shape, job.method)
    side = None if job.save_steps else suggested if job.tile == "auto" else job.tile
    if suggested:
        fitted = bool(job.fit.align or job.fit.motion or job.fit.match_exposure) or a.shape != b.shape
        how = f"in tiles of at most {side} x {side}" if side else "at once"
        job.notice(memory_notice(larger, how, estimate(larger, job.method, side, fitted)))
    return side


def _manifest(job: FuseJob, sources: Sources, fused: CollectedTiles) -> dict[str, Any]:
    """What is needed to reproduce the result; without times, so that equal runs have equal manifests."""
    return {
        "sources": [described_file(job.a), described_file(job.b)],
        "size": list(sources.a.shape[:2]),
        "stored": str(sources.a.stored),
        "upright": not job.as_stored,
        **({"white_level": job.white} if job.white else {}),
        **sources.record,
        **job.method.record(),
        "decision_map_outside_0_1_by": fused.outside,
        "from_a": round(fused.from_a / fused.decision_map.size, 6),
    }
