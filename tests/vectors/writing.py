"""A case written: its arrays, what is said of each, and the wrong ones of its flags."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from reference.conformance.arrays import Array, digest, write_array
from reference.conformance.compare import measure
from reference.datasets.registry import data_root
from reference.files import sha256_of
from tests.vectors.drafts import CaseSpec, Chain, Link
from tests.vectors.limits import MASKS, limits_of
from tests.vectors.mutants import MUTANTS
from tests.vectors.variants import worst

__all__ = ["write_case"]


def write_case(root: Path, draft: CaseSpec | Chain, measured: bool = True) -> dict[str, Any]:
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


def _of_output(link: Link, known: Mapping[str, Array], draft: CaseSpec | Chain, measured: bool) -> dict[str, Any]:
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


def _flags(folder: Path, draft: CaseSpec | Chain, known: Mapping[str, Array]) -> list[dict[str, Any]]:
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
