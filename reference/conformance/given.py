"""A case cut out of another: golden arrays as inputs, so that a port starts in the middle."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from reference.conformance.arrays import write_array
from reference.conformance.cases import Case

__all__ = ["write_given"]


def write_given(case: Case, inputs: Collection[str], outputs: Collection[str], folder: Path, name: str = "") -> None:
    """Write a case whose inputs are those golden arrays and whose outputs are those, into a new folder.

    name     of the case; default: its own behind isolated/
    """
    folder.mkdir()
    record = json.loads((case.folder / "case.json").read_text())
    rows = {row["name"]: row for row in record["arrays"]}
    arrays = []
    for key in inputs:
        write_array(folder / rows[key]["file"], case.entries[key].value)
        given = {field: rows[key][field] for field in ("name", "kind", "file", "dtype", "shape", "sha256")}
        arrays.append({**given, "role": "input"})
    arrays += [row for key, row in rows.items() if key in outputs]
    record |= {"case": name or f"isolated/{case.name.partition('/')[2]}", "arrays": arrays}
    record.pop("flags", None)
    (folder / "case.json").write_text(json.dumps(record, indent=1))
