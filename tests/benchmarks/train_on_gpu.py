"""Some minutes of training on a GPU that sees nothing but a checkout and one packed file of photographs.

python -m tests.benchmarks.train_on_gpu pack TRAINING VALIDATION photographs.zip   (25 MiB of gray, lossless WebP)
python -m tests.benchmarks.train_on_gpu train photographs.zip OUT --steps 2000     (at most 10 minutes)
python -m tests.benchmarks.train_on_gpu join OUT FOLDER                            (where the results are kept)
python -m tests.benchmarks.train_on_gpu one photographs.zip OUT --plan half --cool-down FOLDER --steps 150
                               (also without a GPU: ends a run whose learning rate had not decayed)

All networks are trained at once, each by a process of its own, and on the same crops: processes make these once and
leave them in memory. `--seconds` ends all of them, finished or not. OUT gets the weights as float16 in files of less
than 16 MiB, without moments of the optimizer, and for each network its log and a record.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from reference.network.training.crops import MARGIN, Crops, batch_of_crops, read_photographs
from reference.network.training.recipe import FURTHER, Recipe

SIZE = {"batch": 16, "crop": 128}  # of every run, as all see the same crops
WEIGHTS = Path("data/weights")


class Plan(NamedTuple):
    """A network to train: the weights it starts from, none for random ones; and what else its recipe says."""

    network: str
    start: str
    changes: dict[str, Any]


LEVELS = {"learning_rate": 1e-3, "map_learning_rate": 5e-4}
PLANS = {
    "enhanced": Plan("enhanced", "half", {"learning_rate": 5e-4, "map_learning_rate": 5e-4}),
    "half": Plan("half", "half", {}),
    "small": Plan("small", "small", {}),
    "liu2017": Plan("liu2017", "liu2017", {}),
    "filters_35577": Plan("small", "small", {"settings": {"filter_sizes": (3, 5, 5, 7, 7)}}),  # D3
    "levels_1": Plan("half", "", LEVELS | {"settings": {"levels": 1}}),
    "levels_3": Plan("half", "", LEVELS),
}


def pack(training: Path, validation: Path, packed: Path) -> None:
    """Write the photographs that `parfocal train` would read, as 8-bit gray."""
    from PIL import Image

    from reference.datasets.ground_truth import photographs_of

    least, testing = SIZE["crop"] + 2 * MARGIN, photographs_of("test")
    sets = {
        "training": read_photographs(training, least, without=testing | photographs_of("choose")),
        "validation": read_photographs(validation, least, without=testing),
    }
    with zipfile.ZipFile(packed, "w") as file:
        for name, photographs in sets.items():
            for number, photograph in enumerate(photographs):
                image, stored = Image.fromarray(np.round(255 * photograph).astype(np.uint8)), io.BytesIO()
                image.save(stored, "WEBP", lossless=True, quality=75, method=4)
                file.writestr(f"{name}/{number:03d}.webp", stored.getvalue())


def unpack(packed: Path, name: str) -> list[Any]:
    """The photographs of a set, gray in [0, 1], single."""
    from PIL import Image

    with zipfile.ZipFile(packed) as file:
        members = [member for member in sorted(file.namelist()) if member.startswith(name)]
        images = [np.asarray(Image.open(io.BytesIO(file.read(member))).convert("L")) for member in members]
    return [image.astype(np.float32) / 255 for image in images]


def recipe_of(options: argparse.Namespace, plan: Plan) -> Recipe:
    """The further training of the plan's network, half of the steps by the loss of the focus map."""
    of_map = options.steps // 2
    first = replace(FURTHER[plan.network], settings={}, seed=options.seed, validation_batches=4, **SIZE)
    recipe = replace(first, steps=options.steps - of_map, map_steps=of_map, **plan.changes)
    return replace(recipe, validate_every=max(options.steps // 5, 1), checkpoint_seconds=45.0)


def cool_down(recipe: Recipe, results: Path, steps: int) -> tuple[Recipe, Path]:
    """What ends a run that its time ended: a few steps more, in which the rate decays from where it was to 0."""
    from reference.network.training.train import learning_rate

    record = json.loads(results.with_suffix(".record.json").read_text())
    was = Recipe(**record["recipe"])
    rate = learning_rate(was, record["steps_done"])
    last = replace(recipe, steps=0, map_steps=steps, map_learning_rate=rate, warm_up=10, seed=was.seed + 1)
    return replace(last, validate_every=steps), results.with_suffix(".safetensors")


def make(options: argparse.Namespace) -> None:
    """Make every `of`-th batch of crops from `first` on; a file is complete when it has its name."""
    photographs = unpack(options.packed, "training")
    recipe = recipe_of(options, PLANS["small"])  # crops depend on no network
    for step in range(options.first, options.steps, options.of):
        crops = batch_of_crops(photographs, recipe, step)
        gray = [np.round(255 * x).astype(np.uint8) for x in crops.sources]
        path = options.crops / f"{step}.npz"
        with open(path.with_suffix(".part"), "wb") as file:
            np.savez(file, *gray, crops.label.astype(np.uint8), crops.texture.astype(np.float32))
        path.with_suffix(".part").rename(path)


def kept_crops(folder: Path, _: Any, steps: Iterable[int], __: int) -> Iterator[Crops]:
    """In place of `train.ahead`: the crops of every step, as soon as they are there."""
    for step in steps:
        path = folder / f"{step}.npz"
        while not path.exists():
            time.sleep(0.002)
        with np.load(path) as file:
            a, b, label, texture = (file[f"arr_{number}"] for number in range(4))
        yield Crops(np.stack([a, b]) / 255.0, label.astype(np.float64), texture, texture)  # no truth


def train_one(options: argparse.Namespace) -> None:
    """Train the network of one plan; ended by SIGINT, it keeps what it has learned."""
    import torch

    from reference.network.training import train as training

    plan, begun = PLANS[options.plan], time.monotonic()
    start = WEIGHTS / f"{plan.start}.safetensors" if plan.start else None
    recipe, folder = recipe_of(options, plan), options.out / options.plan
    if options.cool_down:
        recipe, start = cool_down(recipe, options.cool_down / options.plan, options.steps)
    photographs = [] if options.crops else unpack(options.packed, "training")
    crops = partial(kept_crops, options.crops) if options.crops else training.ahead
    torch.set_num_threads(1)
    try:
        with patch.object(training, "ahead", crops):
            training.train(recipe, photographs, unpack(options.packed, "validation"), folder, start)
    except KeyboardInterrupt:
        print(options.plan, "was ended before its steps were done")
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    record = {"recipe": asdict(recipe), "start": str(start), "seconds": time.monotonic() - begun,
              "device": name, "torch": torch.__version__}  # fmt: skip
    (folder / "record.json").write_text(json.dumps(record, indent=1) + "\n")


def train(options: argparse.Namespace) -> None:
    """Start the processes, end them when the time is over, and pack what they leave."""
    begun, work, crops = time.monotonic(), options.memory, options.memory / "crops"
    for folder in (crops, options.out):
        folder.mkdir(parents=True, exist_ok=True)
    module = [sys.executable, "-m", "tests.benchmarks.train_on_gpu"]
    common = ["--steps", str(options.steps), "--seed", str(options.seed), "--crops", str(crops)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}

    def begin(*arguments: str, log: str) -> subprocess.Popen[bytes]:
        with open(work / f"{log}.txt", "wb") as file:
            return subprocess.Popen([*module, *arguments, *common], stdout=file, stderr=file, env=environment)

    makers = [
        begin("make", str(options.packed), "--first", str(number), "--of", str(options.makers), log=f"make_{number}")
        for number in range(options.makers)
    ]
    trainers = {name: begin("one", str(options.packed), str(work), "--plan", name, log=name) for name in options.plans}
    while any(each.poll() is None for each in trainers.values()):
        time.sleep(0.2)
        if time.monotonic() - begun > options.seconds:
            break
    for each in trainers.values():
        if each.poll() is None:
            each.send_signal(2)
    for name, each in trainers.items():
        each.wait()
        lines = (work / f"{name}.txt").read_text(errors="replace").replace("\r", "\n").splitlines()
        print(name, each.returncode, lines[-1:], f"{time.monotonic() - begun:.0f} s")
    for maker in makers:
        maker.kill()
    print(len(list(crops.glob("*.npz"))), "batches of crops were made")
    for name in options.plans:
        leave(work / name, options.out / name)


def leave(folder: Path, out: Path) -> None:
    """Write the weights of a checkpoint into files of less than 16 MiB, with log and record in the metadata."""
    import torch
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(folder / "checkpoint.safetensors", framework="pt") as file:
        names = [key for key in file.keys() if key.startswith("model.")]  # noqa: SIM118
        tensors = {key[6:]: file.get_tensor(key).to(torch.float16).contiguous() for key in names}
        record = json.loads((folder / "record.json").read_text()) | {"steps_done": int(file.metadata()["step"])}
    metadata = {"record": json.dumps(record), "log": (folder / "log.jsonl").read_text()}
    parts: list[dict[str, torch.Tensor]] = [{} for _ in range(-(-sum(x.nbytes for x in tensors.values()) // 10**7))]
    for key in sorted(tensors, key=lambda key: -tensors[key].nbytes):
        min(parts, key=lambda part: sum(x.nbytes for x in part.values()))[key] = tensors[key]
    for number, part in enumerate(parts, 1):
        path = out.with_name(f"{out.name}_{number}.safetensors")
        save_file(part, path, metadata=metadata)
        assert path.stat().st_size < 16 * 2**20, path


def join(out: Path, folder: Path) -> None:
    """The files of each network as one, with its sha256, log and record beside it."""
    from safetensors import safe_open

    from reference.network.weights import build, config_of, write_weights

    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted({path.name.rpartition("_")[0] for path in out.glob("*_[0-9].safetensors")}):
        state: dict[str, Any] = {}
        for path in sorted(out.glob(f"{name}_[0-9].safetensors")):
            with safe_open(path, framework="pt") as file:
                metadata = file.metadata()
                state |= {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        record = json.loads(metadata["record"])
        module = build(record["recipe"]["network"], record["recipe"]["settings"])
        module.load_state_dict(state)
        weights = folder / f"{name}.safetensors"
        write_weights(weights, record["recipe"]["network"], state, config_of(module), half=True)
        (folder / f"{name}.log.jsonl").write_text(metadata["log"])
        (folder / f"{name}.record.json").write_text(json.dumps(record, indent=1) + "\n")
        print(weights, record["steps_done"], "steps")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for command, names in (("pack", "training validation packed"), ("join", "out folder"), ("make", "packed"),
                           ("one", "packed out"), ("train", "packed out")):  # fmt: skip
        one = commands.add_parser(command)
        for name in names.split():
            one.add_argument(name, type=Path)
        if command in ("make", "one", "train"):
            one.add_argument("--steps", type=int, required=True)
            one.add_argument("--seed", type=int, default=0)
            one.add_argument("--crops", type=Path, help="folder of crops made by others; none: make them here")
        if command == "make":
            one.add_argument("--first", type=int, required=True)
            one.add_argument("--of", type=int, required=True)
        if command == "one":
            one.add_argument("--plan", choices=PLANS, required=True)
            one.add_argument("--cool-down", type=Path, metavar="FOLDER", help="of joined results")
        if command == "train":
            one.add_argument("--plans", nargs="+", choices=PLANS, default=list(PLANS))
            one.add_argument("--makers", type=int, default=max((os.cpu_count() or 1) - 6, 1))
            one.add_argument("--seconds", type=float, default=540.0, help="after which all are ended")
            one.add_argument("--memory", type=Path, default=Path("/dev/shm/training"))
    options = parser.parse_args()
    if options.command == "pack":
        pack(options.training, options.validation, options.packed)
    elif options.command == "join":
        join(options.out, options.folder)
    else:
        {"make": make, "one": train_one, "train": train}[options.command](options)


if __name__ == "__main__":
    main()
