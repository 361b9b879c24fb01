"""Fuse two image files into a third: reading, size, depth, the pipeline, and what is written beside the result."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from reference.arrays import Map
from reference.files import check_free, replacing
from reference.fusing import Fusing
from reference.image_io import check_output, read_image, write_image
from reference.manifest import described_file, versions, write_json
from reference.source_files import AS_THEY_ARE, Fit, Sources, matched
from reference.stepping import Trace, no_trace

__all__ = ["FuseJob", "decision_map_path", "fuse_files", "output_paths"]


@dataclass(frozen=True)
class FuseJob:
    """Two source files, the file of the result, and how it is to be made.

    fit     how sources of different size or view are brought onto one grid
    notice  told, in a sentence, of anything done beyond the paper's steps
    """

    path_a: Path
    path_b: Path
    output: Path
    fusing: Fusing
    fit: Fit = AS_THEY_ARE
    trace: Trace = no_trace
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
    a, b = read_image(job.path_a), read_image(job.path_b)
    sources = matched(a, b, names, job.fit, job.notice)
    check_output(job.output, sources.stored, sources.image_a.ndim == 3)
    check_free(output_paths(job.output), (job.path_a, job.path_b))

    fused = job.fusing(sources.image_a, sources.image_b, job.trace)

    with ExitStack() as all_or_nothing:
        # The last one entered takes its place first: the manifest, which vouches for the others, comes last.
        manifest, decision_map, result = (
            all_or_nothing.enter_context(replacing(path)) for path in reversed(output_paths(job.output))
        )
        write_image(result, fused.image, sources.stored)
        write_image(decision_map, np.clip(fused.decision_map, 0.0, 1.0))
        record = {
            "result": described_file(result, job.output.name),
            "decision_map": described_file(decision_map, decision_map_path(job.output).name),
            **_manifest(job, sources, fused.decision_map),
        }
        write_json(manifest, record)
    return record


def _manifest(job: FuseJob, sources: Sources, decision_map: Map) -> dict[str, Any]:
    """What is needed to make the result again; no times, so that equal runs have equal manifests."""
    outside = float(max(-decision_map.min(), decision_map.max() - 1, 0.0))
    return {
        "sources": [described_file(job.path_a), described_file(job.path_b)],
        "size": list(sources.image_a.shape[:2]),
        "stored": str(sources.stored),
        **sources.record,
        **job.fusing.record(),
        "decision_map_outside_0_1_by": outside,
        "from_a": round(float((decision_map > 0.5).mean()), 6),
        "versions": versions(),
    }
