"""Write the vectors to a new folder, read them back and check them, then replace the old folder as a whole.

Run: python -m tests.vectors.make [FOLDER]         (default: data/vectors)
     python -m tests.vectors.make --full FOLDER    the full cases, of which the vectors hold digests only
     python -m tests.vectors.make --mat FOLDER     the vectors that ship, as .mat files
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from reference.conformance.vectors import load_vectors
from reference.datasets.registry import data_root
from reference.errors import BadInput
from reference.files import sha256_of
from reference.jobs.manifest import versions
from tests.vectors.functions import STEPS
from tests.vectors.mat_files import export_mat
from tests.vectors.micro_fusion import PIPELINE_CASES
from tests.vectors.micro_matlab import matlab_cases
from tests.vectors.micro_network import network_cases
from tests.vectors.natural import full_cases, natural_cases
from tests.vectors.writing import write_case

VERSION = "0.4.0"
LICENCE = "CC0-1.0"
SCHEMAS = ("case", "index", "report")


def make(root: Path, schemas: Path) -> None:
    """Write all cases and their index to a new folder; of the full cases only digests.

    schemas  folder of the JSON Schemas
    """
    made_by = versions()  # before new files make the checkout unclean
    rows = [write_case(root, spec) for spec in [*PIPELINE_CASES, *matlab_cases(), *network_cases(), *natural_cases()]]
    with tempfile.TemporaryDirectory(prefix="parfocal-") as temporary:
        for spec in full_cases():
            row = write_case(Path(temporary), spec, measured=False)
            (root / row["case"]).mkdir(parents=True)
            shutil.copy(Path(temporary, row["case"], "case.json"), root / row["case"])
            rows.append({**row, "stored": False})
    _write_index(root, schemas, rows, made_by)


def make_full(root: Path, schemas: Path) -> None:
    """Write the full cases with all their arrays; BadInput where an exact one differs from the recorded.

    Numbers that depend on the network in single differ between machines in their last digits.
    """
    made_by = versions()
    rows = [write_case(root, spec, measured=False) for spec in full_cases()]
    for row in rows:
        record, recorded = (
            json.loads((folder / row["case"] / "case.json").read_text()) for folder in (root, schemas.parent)
        )
        for array, known in zip(record["arrays"], recorded["arrays"], strict=True):
            if (array["role"] == "input" or array["kind"] != "real") and array["sha256"] != known["sha256"]:
                raise BadInput(
                    f"{row['case']}: {array['name']} has digest {array['sha256']}, recorded {known['sha256']}"
                )
    _write_index(root, schemas, rows, made_by)


def _write_index(root: Path, schemas: Path, rows: list[dict[str, Any]], made_by: dict[str, Any]) -> None:
    """Write the index and its digest, then read everything back."""
    shutil.copytree(schemas, root / "schema")
    index = {
        "version": VERSION, "schema": 1, "licence": LICENCE,
        "schemas": {name: sha256_of(root / "schema" / f"{name}.json") for name in SCHEMAS},
        "steps": list(STEPS), "cases": rows, "made_by": made_by,
    }  # fmt: skip
    path = root / "index.json"
    path.write_text(json.dumps(index, indent=1) + "\n")
    path.with_name("index.json.sha256").write_text(f"{sha256_of(path)}  index.json\n")
    load_vectors(root)


def main(target: Path, full: bool) -> None:
    """Write new vectors beside the old ones, which are replaced once the new ones have been read back."""
    new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    if target.exists():
        if not (target / "index.json").exists():
            raise BadInput(f"{target} is there and holds no vectors: name a folder that can be replaced")
        shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    (make_full if full else make)(new, data_root() / "vectors" / "schema")
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the conformance vectors.")
    parser.add_argument("folder", nargs="?", type=Path, default=data_root() / "vectors")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--full", action="store_true", help="the full cases, into a folder of their own")
    what.add_argument("--mat", action="store_true", help="the vectors that ship as .mat files, into another folder")
    options = parser.parse_args()
    if (options.full or options.mat) and options.folder.resolve() == (data_root() / "vectors").resolve():
        parser.error("name a folder of their own")
    if options.mat:
        export_mat(data_root() / "vectors", options.folder)
    else:
        main(options.folder, options.full)
