"""Training of the small networks of the ablation, one for each change of a decision.

Run: python -m tests.benchmarks.train_ablation PHOTOGRAPHS VALIDATION RUNS [FILE ...]

An interrupted run resumes; given names of files (`ablation_file`), only those are trained.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from reference.datasets.registry import data_root
from reference.experiments.ablation import ABLATIONS, NetworkChange, ablation_file
from reference.files import write_json
from reference.network.weights import config_of, read_weights, write_weights

STEPS = 1000  # a short run, which distinguishes decisions but not tenths of a decibel


def main(photographs: str, validation: str, runs: str, *files: str) -> None:
    """Train the networks whose weights are missing."""
    folder = data_root() / "ablation"
    folder.mkdir(exist_ok=True)
    for name, change in ABLATIONS.items():
        file = ablation_file(name)
        if not (folder / file).exists() and (file in files or not files):
            out = Path(runs, file).with_suffix("")
            command = [sys.executable, "-m", "reference", "train", photographs, "--validation", validation]
            subprocess.run([*command, "--out", str(out), *_options(change)], check=True)
            trained = read_weights(out / "small.safetensors", "small").module
            digest = write_weights(folder / file, "small", trained.state_dict(), config_of(trained), half=True)
            record = json.loads((out / "small.json").read_text()) | {"weights": file, "sha256": digest}
            write_json((folder / file).with_suffix(".json"), record)


def _options(change: NetworkChange) -> list[str]:
    """Options of `parfocal train`.

    >>> _options(NetworkChange({"levels": 2}))
    ['--network=small', '--steps=1000', '--map-steps=0', '--seed=0', '--setting=levels=2']
    """
    settings = [f"--setting={name}={json.dumps(value)}" for name, value in change.settings.items()]
    return ["--network=small", f"--steps={STEPS}", "--map-steps=0", f"--seed={change.seed}", *settings]


if __name__ == "__main__":
    main(*sys.argv[1:])
