"""The vectors as .mat files, for MATLAB users: the same names, shapes and values."""

from __future__ import annotations

from pathlib import Path

from reference.conformance.cases import Case
from reference.conformance.vectors import load_vectors
from reference.datasets.registry import data_root


def export_mat(vectors: Path, folder: Path) -> None:
    """Write FOLDER/SUITE/CASE.mat for every stored case, and the weights that the cases need as NAME.mat.

    In a .mat file: every array by its name, wrong ones as wrong_BUG, the parameters as the struct `parameters`; of
    weights every array by its name, with _ for its dots. Version 5, as MATLAB and Octave both read it.
    """
    cases = load_vectors(vectors).cases
    for case in cases:
        _write_case(case, folder / f"{case.name}.mat")
    for name in {case.parameters["network"] for case in cases if case.record.get("weights")}:
        _write_weights(name, folder / f"{name}.mat")


def _write_case(case: Case, path: Path) -> None:
    from scipy.io import savemat

    arrays = {name: entry.value for name, entry in case.entries.items()}
    wrong = {f"wrong_{flag.name}": flag.value for flag in case.flags}
    path.parent.mkdir(parents=True, exist_ok=True)
    # MATLAB cannot read back a struct without fields, so cases without parameters have none.
    parameters = {"parameters": dict(case.parameters)} if case.parameters else {}
    savemat(path, {**arrays, **wrong, **parameters}, long_field_names=True)


def _write_weights(name: str, path: Path) -> None:
    from safetensors.numpy import load_file
    from scipy.io import savemat

    weights = load_file(data_root() / "weights" / f"{name}.safetensors")
    savemat(path, {key.replace(".", "_"): value.astype("float32") for key, value in weights.items()})
