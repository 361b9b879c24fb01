"""A port asked for a case: for all of it, then, where it lacks a step in the middle, for what comes behind it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection
from pathlib import Path

from reference.conformance.arrays import write_array
from reference.conformance.cases import Case, Entry
from reference.conformance.ports import Answer, Port, read_answer

__all__ = ["PortProbe", "write_partial_case"]


def write_partial_case(
    case: Case, inputs: Collection[str], outputs: Collection[str], folder: Path, name: str = ""
) -> None:
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


class PortProbe:
    """A port, and which steps it has, as far as the cases so far have shown."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.has: dict[str, bool] = {}

    def __call__(self, case: Case) -> tuple[Answer, str]:
        """What the port computes of a case, and why it could not; golden outputs are never in its reach."""
        inputs = [name for name, entry in case.entries.items() if entry.role == "input"]
        answer, failed = self._run(case, inputs, [entry.name for entry in case.outputs], case.name)
        written = {*answer.arrays, *answer.malformed}
        absent = [entry for entry in case.outputs if entry.name not in written]
        if failed:
            return answer._replace(malformed={entry.name: failed for entry in absent} | answer.malformed), failed
        self.has |= {case.entries[name].step: True for name in written}
        wanted = [entry.name for entry in absent if self._has(case, entry, inputs)]
        if not wanted:
            return answer, ""
        golden = [name for name in case.entries if name not in wanted]
        more, failed = self._run(case, golden, wanted)
        arrays = {name: more.arrays[name] for name in wanted if name in more.arrays}
        malformed = {name: more.malformed[name] for name in wanted if name in more.malformed}
        return Answer(answer.arrays | arrays, answer.malformed | malformed, answer.strange), failed

    def _has(self, case: Case, entry: Entry, inputs: Collection[str]) -> bool:
        """Whether the port has the step of an array that it did not write: if not known, it is asked for it alone."""
        if entry.step not in self.has:
            could = set(entry.inputs) <= set(inputs)
            self.has[entry.step] = not could and self._writes(case, entry)
        return self.has[entry.step]

    def _writes(self, case: Case, entry: Entry) -> bool:
        answer, _ = self._run(case, entry.inputs, [entry.name])
        return entry.name in {*answer.arrays, *answer.malformed}

    def _run(self, case: Case, inputs: Collection[str], outputs: Collection[str], name: str = "") -> tuple[Answer, str]:
        with tempfile.TemporaryDirectory(prefix="parfocal-") as folder:
            given, results = Path(folder, "case"), Path(folder, "outputs")
            results.mkdir()
            write_partial_case(case, inputs, outputs, given, name)
            failed = self.port(given, results)
            return read_answer(case, results), failed
