"""Writes the vectors: into a new folder, read back and checked, then swapped with the old one as a whole.

Run: python -m reference.conformance.make [FOLDER]   (default: data/vectors)
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reference.conformance.arrays import Array, digest, write_array
from reference.conformance.drafts import Draft
from reference.conformance.functions import STEPS
from reference.conformance.limits import limits_of
from reference.conformance.micro_fusion import DRAFTS
from reference.conformance.micro_matlab import drafts
from reference.conformance.mutants import MUTANTS
from reference.conformance.vectors import load_vectors
from reference.data_files import data_root
from reference.files import sha256_of
from reference.manifest import versions

__all__ = ["VERSION", "make"]

VERSION = "0.1.0"
LICENCE = "CC0-1.0"
SCHEMAS = ("case", "index", "report")


def make(root: Path, schemas: Path) -> None:
    """Write all cases and their index into a folder that does not exist yet.

    schemas  folder of the JSON Schemas
    """
    shutil.copytree(schemas, root / "schema")
    rows = [_write(root, draft) for draft in [*DRAFTS, *drafts()]]
    index = {
        "version": VERSION, "schema": 1, "licence": LICENCE,
        "schemas": {name: sha256_of(root / "schema" / f"{name}.json") for name in SCHEMAS},
        "steps": list(STEPS), "cases": rows, "made_by": versions(),
    }  # fmt: skip
    path = root / "index.json"
    path.write_text(json.dumps(index, indent=1) + "\n")
    path.with_name("index.json.sha256").write_text(f"{sha256_of(path)}  index.json\n")
    load_vectors(root)


def _write(root: Path, draft: Draft) -> dict[str, Any]:
    """One case; returns its row of the index."""
    name = f"micro/{draft.name}"
    folder = root / name
    folder.mkdir(parents=True)
    output = draft.output if draft.expected is None else np.asarray(draft.expected).astype(draft.output.dtype)
    inputs = [_row(folder, key, value, {"role": "input"}) for key, value in draft.inputs.items()]
    of_output = {"role": "output", "step": draft.step, "from": list(draft.inputs)}
    rows = [*inputs, _row(folder, draft.step, output, of_output | {"limits": limits_of(draft.step, _plain(output))})]
    record = {
        "case": name, "schema": 1, "origin": "reference" if draft.expected is None else "analytic",
        "purpose": draft.purpose, "parameters": dict(draft.parameters), "flags": _flags(folder, draft, draft.bugs),
        "arrays": rows,
    }  # fmt: skip
    path = folder / "case.json"
    path.write_text(json.dumps(record, indent=1) + "\n")
    return {"case": name, "sha256": sha256_of(path)}


def _flags(folder: Path, draft: Draft, bugs: Iterable[str]) -> list[dict[str, Any]]:
    rows = []
    for bug in bugs:
        wrong = MUTANTS[bug].function(list(draft.inputs.values()), draft.parameters)
        row = _row(folder, f"wrong_{bug}", wrong, {})
        rows.append({
            "name": bug, "step": draft.step, "array": draft.step, "effect": MUTANTS[bug].wrong, "file": row["file"],
            "sha256": row["sha256"],
        })  # fmt: skip
    return rows


def _plain(array: Array) -> Array:
    """As it is stored: masks are bytes, and there are two dimensions at least."""
    array = np.asarray(array)
    plain = array.astype(np.uint8) if array.dtype == np.bool_ else array
    return plain.reshape((1,) * (2 - plain.ndim) + plain.shape)


def _row(folder: Path, name: str, value: Array, more: Mapping[str, Any]) -> dict[str, Any]:
    """Write an array; returns its entry."""
    stored = _plain(value)
    write_array(folder / f"{name}.npy", stored)
    return {
        "name": name, **more, "file": f"{name}.npy", "dtype": stored.dtype.str, "shape": list(stored.shape),
        "sha256": digest(stored),
    }  # fmt: skip


def main(target: Path) -> None:
    """Make them beside the old ones, which stay until the new ones have been read back."""
    new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir(parents=True)
    make(new, data_root() / "vectors" / "schema")
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else data_root() / "vectors")
