"""Writes the vectors: into a new folder, read back and checked, then swapped with the old one as a whole.

Run: python -m reference.conformance.make [FOLDER]         (default: data/vectors)
     python -m reference.conformance.make --full FOLDER    the full cases, of which the vectors hold digests only
     python -m reference.conformance.make --mat FOLDER     the vectors that ship, as .mat files
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from reference.conformance.arrays import Array, digest, write_array
from reference.conformance.compare import measure
from reference.conformance.drafts import Chain, Draft, Link
from reference.conformance.functions import STEPS
from reference.conformance.limits import MASKS, limits_of
from reference.conformance.micro_fusion import DRAFTS
from reference.conformance.micro_matlab import drafts
from reference.conformance.micro_network import network_drafts
from reference.conformance.mutants import MUTANTS
from reference.conformance.natural import full_drafts, natural_drafts
from reference.conformance.twins import write_twins
from reference.conformance.variants import worst
from reference.conformance.vectors import load_vectors
from reference.data_files import data_root
from reference.files import sha256_of
from reference.manifest import versions

__all__ = ["VERSION", "make"]

VERSION = "0.2.0"
LICENCE = "CC0-1.0"
SCHEMAS = ("case", "index", "report")


def make(root: Path, schemas: Path) -> None:
    """Write all cases and their index into a folder that does not exist yet; of the full ones the digests.

    schemas  folder of the JSON Schemas
    """
    rows = [_write(root, draft) for draft in [*DRAFTS, *drafts(), *network_drafts(), *natural_drafts()]]
    with tempfile.TemporaryDirectory(prefix="parfocal-") as elsewhere:
        for draft in full_drafts():
            row = _write(Path(elsewhere), draft, measured=False)
            (root / row["case"]).mkdir(parents=True)
            shutil.copy(Path(elsewhere, row["case"], "case.json"), root / row["case"])
            rows.append({**row, "stored": False})
    _write_index(root, schemas, rows)


def make_full(root: Path, schemas: Path) -> None:
    """Write the full cases with all their arrays."""
    _write_index(root, schemas, [_write(root, draft, measured=False) for draft in full_drafts()])


def _write_index(root: Path, schemas: Path, rows: list[dict[str, Any]]) -> None:
    """The index with its digest; then everything is read back."""
    shutil.copytree(schemas, root / "schema")
    index = {
        "version": VERSION, "schema": 1, "licence": LICENCE,
        "schemas": {name: sha256_of(root / "schema" / f"{name}.json") for name in SCHEMAS},
        "steps": list(STEPS), "cases": rows, "made_by": versions(),
    }  # fmt: skip
    path = root / "index.json"
    path.write_text(json.dumps(index, indent=1) + "\n")
    path.with_name("index.json.sha256").write_text(f"{sha256_of(path)}  index.json\n")
    load_vectors(root)


def _write(root: Path, draft: Draft | Chain, measured: bool = True) -> dict[str, Any]:
    """One case; returns its row of the index.

    measured  let the variants say how far off honest ports are
    """
    name = f"{draft.suite}/{draft.name}"
    folder = root / name
    folder.mkdir(parents=True)
    known = {name: _plain(value) for name, value in draft.inputs.items()}
    rows = [_row(folder, key, value, {"role": "input"}) for key, value in known.items()]
    for link, value in draft.outputs.items():
        known[link.name] = _plain(value)
        rows.append(_row(folder, link.name, known[link.name], _of_output(link, known, draft, measured)))
    record = {
        "case": name, "schema": 1, "origin": draft.origin, "purpose": draft.purpose,
        "parameters": dict(draft.parameters), **_weights(draft.parameters), "flags": _flags(folder, draft, known),
        "arrays": rows,
    }  # fmt: skip
    path = folder / "case.json"
    path.write_text(json.dumps(record, indent=1) + "\n")
    return {"case": name, "sha256": sha256_of(path)}


def _of_output(link: Link, known: Mapping[str, Array], draft: Draft | Chain, measured: bool) -> dict[str, Any]:
    """What is said of an output beside its class and size."""
    golden, limits = known[link.name], deepcopy(limits_of(link.step, known[link.name]))
    for profile, limit in limits.items() if measured else ():
        difference = worst(profile, link.step, [known[name] for name in link.inputs], draft.parameters, golden)
        if difference:
            limit["measured"] = float(f"{measure(difference, limit):.2g}")
    said: dict[str, Any] = {"role": "output", "step": link.step, "from": list(link.inputs)}
    if isinstance(draft, Chain) and link.step == "segmentation":
        said["ties"] = {"of": link.inputs[0], "kind": "threshold", "at": draft.parameters["focus_threshold"]}
    if isinstance(draft, Chain) and link.step == "uint8":
        said["ties"] = {"of": link.inputs[0], "kind": "half_levels"}
    return said | {"limits": limits}


def _weights(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The weights file that a case needs, by digest."""
    if "network" not in parameters:
        return {}
    path = data_root() / "weights" / f"{parameters['network']}.safetensors"
    return {"weights": {"file": path.name, "sha256": sha256_of(path)}}


def _flags(folder: Path, draft: Draft | Chain, known: Mapping[str, Array]) -> list[dict[str, Any]]:
    rows = []
    for bug in draft.bugs:
        mutant = MUTANTS[bug]
        link = next(link for link in draft.outputs if link.step == mutant.step)
        wrong = mutant.function([known[name] for name in link.inputs], draft.parameters)
        row = _row(folder, f"wrong_{bug}", wrong, {})
        rows.append({
            "name": bug, "step": link.step, "array": link.name, "effect": mutant.wrong, "file": row["file"],
            "sha256": row["sha256"],
        })  # fmt: skip
    return rows


def _plain(array: Array) -> Array:
    """As it is stored: masks are bytes, and there are two dimensions at least."""
    array = np.asarray(array)
    plain = array.astype(np.uint8) if array.dtype == np.bool_ else array
    return plain.reshape((1,) * (2 - plain.ndim) + plain.shape)


def _kind(name: str, stored: Array) -> str:
    """What bytes mean, which their class does not say."""
    if stored.dtype != np.uint8:
        return "real"
    return "mask" if name in MASKS else "levels"


def _row(folder: Path, name: str, value: Array, more: Mapping[str, Any]) -> dict[str, Any]:
    """Write an array; returns its entry."""
    stored = _plain(value)
    write_array(folder / f"{name}.npy", stored)
    return {
        "name": name, **more, "kind": _kind(name, stored), "file": f"{name}.npy", "dtype": stored.dtype.str,
        "shape": list(stored.shape), "sha256": digest(stored),
    }  # fmt: skip


def main(target: Path, full: bool) -> None:
    """Make them beside the old ones, which stay until the new ones have been read back."""
    new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
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
    if (options.full or options.mat) and options.folder == data_root() / "vectors":
        parser.error("name a folder of their own")
    if options.mat:
        write_twins(data_root() / "vectors", options.folder)
    else:
        main(options.folder, options.full)
