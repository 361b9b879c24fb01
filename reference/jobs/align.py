"""Align two image files, and write both, cropped to what they share, with the motion and its figures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from reference.errors import BadInput
from reference.files import atomic_writes, described_file, refuse_overwrite, write_json
from reference.images.files import check_output, read_photograph, write_image
from reference.jobs.manifest import versions
from reference.jobs.sources import Fit, bring_to_one_grid


def align_files(path_a: Path, path_b: Path, folder: Path, fit: Fit, notice: Callable[[str], None]) -> dict[str, Any]:
    """Align A and B, write both and motion.json to a folder, all or nothing, and return the record in that file."""
    outputs = folder / path_a.name, folder / path_b.name, folder / "motion.json"
    if len(set(outputs)) < 3:
        raise BadInput(f"{path_a} and {path_b} have one name: copy one of them under another")
    a, b = (read_photograph(path) for path in (path_a, path_b))
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file, but a folder is to be written")
    with ExitStack() as all_or_nothing:
        for new_folder in [parent for parent in (folder, *folder.parents) if not parent.exists()][::-1]:
            all_or_nothing.callback(_remove_if_empty, new_folder)
        folder.mkdir(parents=True, exist_ok=True)
        for output in outputs[:2]:
            check_output(output, a.stored)
        refuse_overwrite(outputs, (path_a, path_b))
        sources = bring_to_one_grid(a, b, (str(path_a), str(path_b)), fit, notice)
        moved_a, moved_b, motion = all_or_nothing.enter_context(atomic_writes(*outputs))
        write_image(moved_a, sources.a.pixels, sources.a.stored, a.metadata)
        write_image(moved_b, sources.b.pixels, sources.a.stored, b.metadata)
        record = {
            **sources.record["alignment"],
            "sources": [described_file(path_a), described_file(path_b)],
            "resized_b_from": sources.record["resized_b_from"],
            "aligned": [described_file(moved_a, path_a.name), described_file(moved_b, path_b.name)],
            "versions": versions(),
        }
        write_json(motion, record)
    return record


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
