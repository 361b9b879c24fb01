"""The vectors on disk: every case is read, held against its schema and its digests, or refused as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reference.conformance.arrays import Array, BadArray, digest, read_array
from reference.conformance.schema import violations
from reference.errors import BadInput
from reference.files import check_sha256, sha256_of

__all__ = ["Case", "Damaged", "Entry", "Flag", "Limit", "Vectors", "load_vectors", "read_case"]


class Damaged(BadInput):
    """Vectors that are not what was released."""


@dataclass(frozen=True)
class Limit:
    """What a difference may be: `peak` and `rms`, or `relative`, or `mismatches`, or `levels` and `fraction`.

    measured  the worst that honest variants gave when the limit was set
    """

    peak: float | None = None
    rms: float | None = None
    relative: float | None = None
    mismatches: int | None = None
    levels: int | None = None
    fraction: float | None = None
    measured: float | None = None


@dataclass(frozen=True)
class Entry:
    """One array of a case.

    step, inputs  of an output: the function that gives it, and the arrays that it takes
    limits        of an output, by profile
    ties          of an output of integers: values of which array decide it by a hair, see `compare.ties_of`
    """

    name: str
    role: str
    dtype: str
    shape: tuple[int, ...]
    value: Array
    step: str = ""
    inputs: tuple[str, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    ties: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Flag:
    """A bug that a case shows: the array that comes out of it instead of the right one."""

    name: str
    step: str
    array: str
    effect: str
    value: Array


@dataclass(frozen=True)
class Case:
    """A case: its folder, and case.json with the arrays read."""

    folder: Path
    name: str
    origin: str
    purpose: str
    parameters: Mapping[str, Any]
    entries: Mapping[str, Entry]
    flags: tuple[Flag, ...] = ()
    weights: Mapping[str, str] | None = None

    @property
    def outputs(self) -> list[Entry]:
        """In the order of the steps."""
        return [entry for entry in self.entries.values() if entry.role == "output"]


@dataclass(frozen=True)
class Vectors:
    """All cases that are stored."""

    root: Path
    version: str
    steps: tuple[str, ...]
    cases: tuple[Case, ...]


def load_vectors(root: Path) -> Vectors:
    """Read everything; Damaged, with the place, for a byte that is changed, a file that is missing, a field unknown."""
    try:
        check_sha256(root / "index.json")
    except BadInput as error:
        raise Damaged(str(error)) from error
    index = _checked_json(root / "index.json", "index", root)
    for kind, expected in index["schemas"].items():
        if (found := _sha256(root / "schema" / f"{kind}.json")) != expected:
            raise Damaged(f"{root / 'schema' / kind}.json has sha256 {found}, but index.json says {expected}")
    cases = []
    for row in index["cases"]:
        if row.get("stored", True):
            folder = root / row["case"]
            if (found := _sha256(folder / "case.json")) != row["sha256"]:
                raise Damaged(f"{folder / 'case.json'} has sha256 {found}, but index.json says {row['sha256']}")
            cases.append(read_case(folder, root))
    return Vectors(root, index["version"], tuple(index["steps"]), tuple(cases))


def read_case(folder: Path, root: Path) -> Case:
    """Read one case, its arrays held against their digests."""
    record = _checked_json(folder / "case.json", "case", root)
    entries = {row["name"]: _entry(folder, row) for row in record["arrays"]}
    flags = tuple(_flags(folder, record.get("flags", ())))
    return Case(
        folder, record["case"], record["origin"], record["purpose"], record["parameters"], entries, flags,
        record.get("weights"),
    )  # fmt: skip


def _entry(folder: Path, row: Mapping[str, Any]) -> Entry:
    value = _checked_array(folder / row["file"], row["sha256"])
    if (value.dtype.str, list(value.shape)) != (row["dtype"], row["shape"]):
        raise Damaged(f"{folder / row['file']} is {value.dtype.str} of shape {value.shape}, not as its case.json says")
    limits = {profile: Limit(**numbers) for profile, numbers in row.get("limits", {}).items()}
    return Entry(
        row["name"], row["role"], row["dtype"], value.shape, value, row.get("step", ""), tuple(row.get("from", ())),
        limits, row.get("ties"),
    )  # fmt: skip


def _flags(folder: Path, rows: Any) -> Iterator[Flag]:
    for row in rows:
        value = _checked_array(folder / row["file"], row["sha256"])
        yield Flag(row["name"], row["step"], row["array"], row["effect"], value)


def _checked_array(path: Path, expected: str) -> Array:
    try:
        array = read_array(path)
        found = digest(array)
    except BadArray as error:
        raise Damaged(f"{path}: {error}") from error
    if found != expected:
        raise Damaged(f"{path} has digest {found}, but its case.json says {expected}")
    return array


def _checked_json(path: Path, kind: str, root: Path) -> dict[str, Any]:
    """Read JSON and hold it against schema/KIND.json."""
    try:
        record = json.loads(path.read_text())
        schema = json.loads((root / "schema" / f"{kind}.json").read_text())
    except (OSError, ValueError) as error:
        raise Damaged(f"{path} cannot be read: {error}") from error
    if wrong := next(violations(record, schema), None):
        raise Damaged(f"{path}: {wrong}")
    return record  # type: ignore[no-any-return]


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except BadInput as error:
        raise Damaged(str(error)) from error
