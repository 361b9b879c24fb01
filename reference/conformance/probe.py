"""Running a port on a case, and again on the steps that follow a step that it lacks."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection
from pathlib import Path

from reference.conformance.arrays import write_array
from reference.conformance.cases import Case, Entry
from reference.conformance.ports import Answer, Port, read_answer

__all__ = ["PortProbe", "run_partial_case", "write_partial_case"]


def write_partial_case(
    case: Case, inputs: Collection[str], outputs: Collection[str], folder: Path, name: str = ""
) -> None:
    """Write a case with the given golden arrays as inputs and the given outputs to a new folder.

    name     of the case; by default its own below isolated/
    """
    folder.mkdir()
    record = json.loads((case.folder / "case.json").read_text())
    rows = {row["name"]: row for row in record["arrays"]}
    arrays = []
    for key in inputs:
        write_array(folder / rows[key]["file"], case.entries[key].value)
        fields = {field: rows[key][field] for field in ("name", "kind", "file", "dtype", "shape", "sha256")}
        arrays.append({**fields, "role": "input"})
    arrays += [row for key, row in rows.items() if key in outputs]
    record |= {"case": name or f"isolated/{case.name.partition('/')[2]}", "arrays": arrays}
    record.pop("flags", None)
    (folder / "case.json").write_text(json.dumps(record, indent=1))


def run_partial_case(
    port: Port, case: Case, inputs: Collection[str], outputs: Collection[str], name: str = ""
) -> tuple[Answer, str]:
    """Run a port on such a case: the arrays that it wrote, and why it failed."""
    with tempfile.TemporaryDirectory(prefix="parfocal-") as folder:
        case_folder, outputs_folder = Path(folder, "case"), Path(folder, "outputs")
        outputs_folder.mkdir()
        write_partial_case(case, inputs, outputs, case_folder, name)
        failed = port(case_folder, outputs_folder)
        return read_answer(case, outputs_folder), failed


class PortProbe:
    """A port, with what is known of its steps from the cases so far."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.has: dict[str, bool] = {}

    def __call__(self, case: Case) -> tuple[Answer, str]:
        """The arrays that the port computes for a case, and why it failed; it never sees golden outputs."""
        inputs = [name for name, entry in case.entries.items() if entry.role == "input"]
        answer, failed = run_partial_case(self.port, case, inputs, [entry.name for entry in case.outputs], case.name)
        written = {*answer.arrays, *answer.malformed}
        absent = [entry for entry in case.outputs if entry.name not in written]
        if failed:
            return answer._replace(malformed={entry.name: failed for entry in absent} | answer.malformed), failed
        self.has |= {case.entries[name].step: True for name in written}
        wanted = [entry.name for entry in absent if self._has(case, entry, inputs)]
        if not wanted:
            return answer, ""
        golden = [name for name in case.entries if name not in wanted]
        more, failed = run_partial_case(self.port, case, golden, wanted)
        arrays = {name: more.arrays[name] for name in wanted if name in more.arrays}
        malformed = {name: more.malformed[name] for name in wanted if name in more.malformed}
        return Answer(answer.arrays | arrays, answer.malformed | malformed, answer.unexpected), failed

    def _has(self, case: Case, entry: Entry, inputs: Collection[str]) -> bool:
        """Whether the port has the step of an array that it did not write; if unknown, it is run on that step alone."""
        if entry.step not in self.has:
            had_all_inputs = set(entry.inputs) <= set(inputs)
            self.has[entry.step] = not had_all_inputs and self._writes(case, entry)
        return self.has[entry.step]

    def _writes(self, case: Case, entry: Entry) -> bool:
        answer, _ = run_partial_case(self.port, case, entry.inputs, [entry.name])
        return entry.name in {*answer.arrays, *answer.malformed}
