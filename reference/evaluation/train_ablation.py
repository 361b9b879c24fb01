"""Train the small networks of the ablation table one after the other; weights and recipes go to data/ablation.

Run: python -m reference.evaluation.train_ablation PHOTOGRAPHS VALIDATION RUNS [FILE ...]

An interrupted run goes on where it stopped; with names of files (`ablation_file`) only those are trained.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from reference.data_files import data_root
from reference.evaluation.ablation import ABLATIONS, Ablated, ablation_file
from reference.manifest import write_json
from reference.network.weights import config_of, read_weights, write_weights

STEPS = 1000  # a short run: enough to tell decisions apart, not the last tenths of a decibel


def main(photographs: str, validation: str, runs: str, *files: str) -> None:
    """Train those that are not there."""
    folder = data_root() / "ablation"
    folder.mkdir(exist_ok=True)
    for name, ablated in ABLATIONS.items():
        file = ablation_file(name)
        if not (folder / file).exists() and (file in files or not files):
            out = Path(runs, file).with_suffix("")
            command = [sys.executable, "-m", "reference", "train", photographs, "--validation", validation]
            subprocess.run([*command, "--out", str(out), *_options(ablated)], check=True)
            trained = read_weights(out / "small.safetensors", "small").module
            digest = write_weights(folder / file, "small", trained.state_dict(), config_of(trained), half=True)
            record = json.loads((out / "small.json").read_text()) | {"weights": file, "sha256": digest}
            write_json((folder / file).with_suffix(".json"), record)


def _options(ablated: Ablated) -> list[str]:
    """Of `parfocal train`.

    >>> _options(Ablated({"levels": 2}))
    ['--network=small', '--steps=1000', '--map-steps=0', '--seed=0', '--setting=levels=2']
    """
    settings = [f"--setting={name}={json.dumps(value)}" for name, value in ablated.settings.items()]
    return ["--network=small", f"--steps={STEPS}", "--map-steps=0", f"--seed={ablated.seed}", *settings]


if __name__ == "__main__":
    main(*sys.argv[1:])
