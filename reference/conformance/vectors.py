"""Reading the vectors: every file is checked by its digest; damaged vectors are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reference.conformance.cases import Array, BadArray, Case, Entry, Flag, Limit, Vectors, as_bytes, digest, read_array
from reference.errors import BadInput
from reference.files import check_sha256, sha256_of


class Damaged(BadInput):
    """Vectors that differ from the released ones."""


def load_vectors(root: Path) -> Vectors:
    """Read all vectors; Damaged, with the place, for a changed byte, or a missing or extra file."""
    index = _index(root)
    files = {"index.json", "index.json.sha256", *(f"schema/{kind}.json" for kind in index["schemas"])}
    cases = []
    for row in index["cases"]:
        folder = root / row["case"]
        _check_digest(folder / "case.json", row["sha256"])
        files.add(f"{row['case']}/case.json")
        if row.get("stored", True):
            record = json.loads((folder / "case.json").read_text())  # its digest was right
            cases.append(_read_case(record, folder, root))
            files |= {f"{row['case']}/{each['file']}" for each in (*record["arrays"], *record.get("flags", ()))}
            derived = filter(None, (step_by_step(record), behind_the_network(record)))
            cases += [_read_case(each, folder, root) for each in derived]
    existing = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    if more := sorted(existing - files):
        raise Damaged(f"{root / more[0]} is no file of these vectors")
    names = frozenset(row["case"] for row in index["cases"]) | {case.name for case in cases}
    return Vectors(index["version"], tuple(index["steps"]), tuple(cases), names)


def _index(root: Path) -> dict[str, Any]:
    """index.json, checked by its digest; then the schemas, by the digests in it."""
    path = root / "index.json"
    note = path.with_name("index.json.sha256")
    if not note.exists():
        raise Damaged(f"{note} is missing")
    try:
        check_sha256(path)
        index: dict[str, Any] = json.loads(path.read_text())
        for kind, expected in index["schemas"].items():
            _check_digest(root / "schema" / f"{kind}.json", expected)
    except (BadInput, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise error if isinstance(error, Damaged) else Damaged(f"{path} cannot be used: {error}") from error
    return index


def _check_digest(path: Path, expected: str) -> None:
    try:
        actual = sha256_of(path)
    except BadInput as error:
        raise Damaged(str(error)) from error
    if actual != expected:
        raise Damaged(f"{path} has sha256 {actual}, but index.json says {expected}")


def step_by_step(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The case isolated/NAME of a case in which steps follow each other: the same steps, each from golden inputs.

    A golden array is an input of it, with "golden_" before its name where a step of it computes the same array.
    """
    rows = {row["name"]: row for row in record["arrays"]}
    outputs = {name for name, row in rows.items() if row["role"] == "output"}
    later = [rows[name] for name in rows if name in outputs and outputs & {*rows[name]["from"]}]
    golden = {name: f"golden_{name}" if name in outputs else name for row in later for name in row["from"]}
    inputs = [
        {field: rows[name][field] for field in ("kind", "file", "dtype", "shape", "sha256")}
        | {"name": golden[name], "role": "input"} for name in rows if name in golden
    ]  # fmt: skip
    steps = [
        {field: row[field] for field in row if field != "ties"} | {"from": [golden[name] for name in row["from"]]}
        for row in later
    ]
    name = f"isolated/{record['case'].partition('/')[2]}"
    return {**record, "case": name, "flags": [], "arrays": [*inputs, *steps]} if later else None


def behind_the_network(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The case behind_network/NAME of a whole one: a port without the network goes on from the golden score map."""
    rows = [row for row in record["arrays"] if row.get("step") != "pyramid"]
    given = [row for row in rows if row.get("step") == "score_map"]
    inputs = [{field: row[field] for field in ("name", "kind", "file", "dtype", "shape", "sha256")} for row in given]
    arrays = [row for row in rows if row["role"] == "input"] + [each | {"role": "input"} for each in inputs]
    arrays += [row for row in rows if row["role"] == "output" and row not in given]
    name = f"behind_network/{record['case'].partition('/')[2]}"
    follows = any("score_map" in row.get("from", ()) for row in rows)
    return {**record, "case": name, "flags": [], "arrays": arrays} if given and follows else None


def _read_case(record: Mapping[str, Any], folder: Path, root: Path) -> Case:
    """Read one case, and check its arrays by their digests."""
    entries = {row["name"]: _entry(folder, row) for row in record["arrays"]}
    if weights := record.get("weights"):  # with which it was made; they may lie beside the vectors
        path = root.parent / "weights" / weights["file"]
        if path.exists() and (actual := sha256_of(path)) != weights["sha256"]:
            raise Damaged(f"{path} has sha256 {actual}, but {record['case']} was made with {weights['sha256']}")
    flags = tuple(
        Flag(row["name"], row["step"], row["array"], row["effect"], _checked_array(folder / row["file"], row["sha256"]))
        for row in record.get("flags", ())
    )
    return Case(folder, record, entries, flags)


def _entry(folder: Path, row: Mapping[str, Any]) -> Entry:
    value = _checked_array(folder / row["file"], row["sha256"])
    if (value.dtype.str, list(value.shape)) != (row["dtype"], row["shape"]):
        raise Damaged(f"{folder / row['file']} is {value.dtype.str} of shape {value.shape}, not as its case.json says")
    limits: Mapping[str, Limit] = row.get("limits", {})
    if row["role"] == "output" and not (limits and all(set(limit) - {"measured"} for limit in limits.values())):
        raise Damaged(f"{folder / 'case.json'} sets no limit for {row['name']}")
    return Entry(
        row["name"], row["role"], row["kind"], row["dtype"], value.shape, value, row.get("step", ""),
        tuple(row.get("from", ())), limits, row.get("ties"),
    )  # fmt: skip


def _checked_array(path: Path, expected: str) -> Array:
    try:
        array = read_array(path)
        actual = digest(array)
        canonical = as_bytes(array) == path.read_bytes()
    except BadArray as error:
        raise Damaged(f"{path}: {error}") from error
    if actual != expected:
        raise Damaged(f"{path} has digest {actual}, but its case.json says {expected}")
    if not canonical:
        raise Damaged(f"{path} holds the right values, but not in the form in which the kit writes them")
    return array
