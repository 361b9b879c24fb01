"""The arrays of a port, from running a command or from a folder."""

from __future__ import annotations

import json
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reference.conformance.cases import Array, BadArray, Case, digest, read_array, write_array
from reference.errors import WrongUsage

# Computes the case in the first folder, and writes the arrays as NAME.npy to the second; returns why it failed, or "".
Port = Callable[[Path, Path], str]


class Answer(NamedTuple):
    """The arrays that a port wrote for a case."""

    arrays: dict[str, Array]
    malformed: dict[str, str]  # by name, why an array cannot be used
    unexpected: list[str]  # files that are no array of the case


def by_command(template: str, seconds: float = 600.0) -> Port:
    """A port that is run by a command such as "./port {case} {outputs}", in which the two folders are inserted."""
    try:
        words = shlex.split(template)
    except ValueError as error:
        raise WrongUsage(f"--port {template!r} cannot be read as a command: {error}") from error
    if missing := [name for name in ("{case}", "{outputs}") if not any(name in word for word in words)]:
        raise WrongUsage(f"--port {template!r} does not say where {' and '.join(missing)} goes")

    def run(case: Path, outputs: Path) -> str:
        command = [word.replace("{case}", str(case)).replace("{outputs}", str(outputs)) for word in words]
        try:
            process = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return f"it was not done after {seconds:g} seconds"
        except OSError as error:
            raise WrongUsage(f"{command[0]} cannot be run: {error.strerror}") from error
        if process.returncode:
            last = process.stderr.decode(errors="replace").strip().splitlines()[-1:]
            return f"it ended with exit code {process.returncode}{': ' if last else ''}{''.join(last)}"
        return ""

    return run


def ask(port: Port, case: Case) -> tuple[Answer, str]:
    """The arrays that a port computes for a case, and why it failed; it never sees golden outputs."""
    with tempfile.TemporaryDirectory(prefix="parfocal-") as folder:
        inputs, outputs = Path(folder, "case"), Path(folder, "outputs")
        inputs.mkdir()
        outputs.mkdir()
        rows = [row | {"file": f"{row['name']}.npy"} for row in case.record["arrays"]]
        (inputs / "case.json").write_text(json.dumps({**case.record, "flags": [], "arrays": rows}, indent=1))
        for row in rows:
            if row["role"] == "input":
                write_array(inputs / row["file"], case.entries[row["name"]].value)
        failed = port(inputs, outputs)
        answer = read_answer(case, outputs)
    silent = [entry.name for entry in case.outputs if entry.name not in answer.arrays] if failed else []
    return answer._replace(malformed=dict.fromkeys(silent, failed) | answer.malformed), failed


def read_answer(case: Case, folder: Path) -> Answer:
    """Read the arrays of a case that exist, and check their class and size."""
    arrays: dict[str, Array] = {}
    malformed: dict[str, str] = {}
    written = {path.stem: path for path in folder.glob("*.npy")} | _of_mat(folder)
    for entry in (entry for entry in case.outputs if entry.name in written):
        found, name = written[entry.name], f"{entry.name}.npy"
        try:
            array = read_array(found) if isinstance(found, Path) else found
            digest(array)  # refuses NaN
        except BadArray as error:
            malformed[entry.name] = str(error)
            continue
        kinds = "u" if entry.dtype == "|u1" else "fi"
        if array.shape != entry.shape:
            malformed[entry.name] = f"{name} has shape {array.shape}, but {entry.shape} is due"
        elif array.dtype.kind not in kinds:
            malformed[entry.name] = f"{name} is {array.dtype.str}, but {entry.dtype} is due"
        else:
            arrays[entry.name] = array
    return Answer(arrays, malformed, sorted(f"{name}.npy" for name in written if name not in case.entries))


def _of_mat(folder: Path) -> dict[str, Any]:
    """The variables of a .mat file in the folder of a case, or in its place; masks may be logical."""
    files = [*folder.glob("*.mat"), *folder.parent.glob(f"{folder.name}.mat")]
    if not files:
        return {}
    from scipy.io import loadmat

    try:
        values = loadmat(files[0], mat_dtype=True)
    except Exception as error:  # of version 7.3, or none
        raise WrongUsage(f"{files[0]} cannot be read, save it as -v7: {error}") from error
    numbers = {name: x for name, x in values.items() if isinstance(x, np.ndarray) and x.dtype.kind in "buif"}
    arrays = {name: x for name, x in numbers.items() if not name.startswith("wrong_")}  # of the case itself
    return {name: value.astype(np.uint8) if value.dtype == bool else value for name, value in arrays.items()}
