"""The reference as a port of itself, and the pattern for every other port.

Run: python -m tests.vectors.port CASE OUTPUTS
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from reference.conformance.cases import StepFunction, write_array
from reference.conformance.ports import Port
from tests.vectors.functions import STEPS


def port_of(functions: Mapping[str, StepFunction]) -> Port:
    """A port with the given steps, each computed from inputs of the case and earlier outputs."""

    def run(case: Path, outputs: Path) -> str:
        record = json.loads((case / "case.json").read_text())
        known = {row["name"]: np.load(case / row["file"]) for row in record["arrays"] if row["role"] == "input"}
        for row in record["arrays"]:
            if row["role"] == "output" and row["step"] in functions and set(row["from"]) <= set(known):
                arrays = [known[name] for name in row["from"]]
                value = np.asarray(functions[row["step"]](arrays, record["parameters"]))
                write_array(outputs / f"{row['name']}.npy", value)
                known[row["name"]] = np.load(outputs / f"{row['name']}.npy")
        return ""

    return run


if __name__ == "__main__":
    sys.exit(port_of(STEPS)(Path(sys.argv[1]), Path(sys.argv[2])) or 0)
