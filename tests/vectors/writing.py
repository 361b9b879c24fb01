"""Writing a case: its arrays with their entries, and the wrong arrays of its flags."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from reference.conformance.cases import Array, digest, write_array
from reference.conformance.compare import in_measures
from reference.datasets.registry import data_root
from reference.files import sha256_of
from tests.vectors.case_specs import CaseSpec, Chain, Link
from tests.vectors.limits import MASKS, limits_of
from tests.vectors.mutants import MUTANTS
from tests.vectors.variants import largest_difference


def write_case(root: Path, spec: CaseSpec | Chain, measured: bool = True) -> dict[str, Any]:
    """Write one case; returns its row of the index.

    measured  record the largest difference of honest variants
    """
    name = f"{spec.suite}/{spec.name}"
    folder = root / name
    folder.mkdir(parents=True)
    arrays = {name: _plain(value) for name, value in spec.inputs.items()}
    rows = [_row(folder, key, value, {"role": "input"}) for key, value in arrays.items()]
    for link, value in spec.outputs.items():
        arrays[link.name] = _plain(value)
        rows.append(_row(folder, link.name, arrays[link.name], _of_output(link, arrays, spec, measured)))
    record = {
        "case": name, "schema": 1, "origin": spec.origin, "purpose": spec.purpose,
        "parameters": dict(spec.parameters), **_weights(spec.parameters), "flags": _flags(folder, spec, arrays),
        "arrays": rows,
    }  # fmt: skip
    path = folder / "case.json"
    path.write_text(json.dumps(record, indent=1) + "\n")
    return {"case": name, "sha256": sha256_of(path)}


def _of_output(link: Link, arrays: Mapping[str, Array], spec: CaseSpec | Chain, measured: bool) -> dict[str, Any]:
    """The entry of an output, without class and size."""
    golden, limits = arrays[link.name], deepcopy(limits_of(link.step, arrays[link.name]))
    for profile, limit in limits.items() if measured else ():
        difference = largest_difference(
            profile, link.step, [arrays[name] for name in link.inputs], spec.parameters, golden
        )
        if difference:
            limit["measured"] = float(f"{in_measures(difference)[next(iter(limit))]:.2g}")
    record: dict[str, Any] = {"role": "output", "step": link.step, "from": list(link.inputs)}
    if isinstance(spec, Chain) and link.step == "segmentation":
        record["ties"] = {"of": link.inputs[0], "kind": "threshold", "at": spec.parameters["focus_threshold"]}
    if isinstance(spec, Chain) and link.step == "uint8":
        record["ties"] = {"of": link.inputs[0], "kind": "half_levels"}
    return record | {"limits": limits}


def _weights(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The weights file that a case needs, by digest."""
    if "network" not in parameters:
        return {}
    path = data_root() / "weights" / f"{parameters['network']}.safetensors"
    return {"weights": {"file": path.name, "sha256": sha256_of(path)}}


def _flags(folder: Path, spec: CaseSpec | Chain, arrays: Mapping[str, Array]) -> list[dict[str, Any]]:
    rows = []
    for bug in spec.bugs:
        mutant = MUTANTS[bug]
        link = next(link for link in spec.outputs if link.step == mutant.step)
        wrong = mutant.function([arrays[name] for name in link.inputs], spec.parameters)
        row = _row(folder, f"wrong_{bug}", wrong, {})
        rows.append({
            "name": bug, "step": link.step, "array": link.name, "effect": mutant.wrong, "file": row["file"],
            "sha256": row["sha256"],
        })  # fmt: skip
    return rows


def _plain(array: Array) -> Array:
    """The array as stored: masks as bytes, and at least two dimensions."""
    array = np.asarray(array)
    plain = array.astype(np.uint8) if array.dtype == np.bool_ else array
    return plain.reshape((1,) * (2 - plain.ndim) + plain.shape)


def _kind(name: str, stored: Array) -> str:
    """The kind of an array, which its class alone does not determine."""
    if stored.dtype == np.uint8:
        return "mask" if name in MASKS else "levels"
    return "features" if stored.dtype == np.float32 else "real"


def _row(folder: Path, name: str, value: Array, more: Mapping[str, Any]) -> dict[str, Any]:
    """Write an array; returns its entry."""
    stored = _plain(value)
    write_array(folder / f"{name}.npy", stored)
    return {
        "name": name, **more, "kind": _kind(name, stored), "file": f"{name}.npy", "dtype": stored.dtype.str,
        "shape": list(stored.shape), "sha256": digest(stored),
    }  # fmt: skip
