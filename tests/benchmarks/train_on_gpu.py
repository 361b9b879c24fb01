"""Some minutes of training at the paper's widths on a GPU that sees nothing but a checkout and one packed file.

python -m tests.benchmarks.train_on_gpu pack TRAINING VALIDATION photographs.zip   (25 MiB of gray, lossless WebP)
python -m tests.benchmarks.train_on_gpu train photographs.zip OUT                  (at most 10 minutes)
python -m tests.benchmarks.train_on_gpu join OUT enhanced.safetensors              (where the result is kept)

`train` widens the weights it starts from, measures a step, and spends the time given on as many as fit. Processes
make the crops, which cost more than the GPU's part. OUT gets the weights in two float16 files of less than 16 MiB, the
log and a record; no moments of the optimizer, so what goes on from there begins with fresh ones.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import signal
import tempfile
import time
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from reference.datasets.ground_truth import photographs_of
from reference.network.training.crops import MARGIN, batch_of_crops, read_photographs
from reference.network.training.recipe import FURTHER, Recipe

PROBE = 30  # steps that tell how long one takes, the first ten not counted
MAP_SHARE = 0.4  # of the steps, by the loss of the focus map


def pack(training: Path, validation: Path, packed: Path) -> None:
    """Write the photographs that `parfocal train` would read, as 8-bit gray."""
    from PIL import Image

    least, testing = FURTHER["enhanced"].crop + 2 * MARGIN, photographs_of("test")
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


make_batch: Callable[[int], Any]  # of a process that makes crops


def begin_process(packed: Path, recipe: Recipe) -> None:
    global make_batch  # noqa: PLW0603
    make_batch = partial(batch_of_crops, unpack(packed, "training"), recipe)


def batch(step: int) -> Any:
    return make_batch(step)


def ahead_in_processes(
    packed: Path, recipe: Recipe, workers: int, _: Any, steps: Iterable[int], __: int
) -> Iterator[Any]:
    """`train.ahead` without the lock that Python's threads share."""
    pool = ProcessPoolExecutor(workers, get_context("spawn"), begin_process, (packed, recipe))
    waiting: deque[Any] = deque()
    try:
        for step in steps:
            waiting.append(pool.submit(batch, step))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def train(options: argparse.Namespace) -> None:
    """Measure a step, train for the time that is left, and leave what was learned, finished or not."""
    import torch

    from reference.network.training import train as training

    begun = time.monotonic()
    os.environ["OMP_NUM_THREADS"] = "1"  # of the processes that make crops
    settings = dict(json.loads(options.settings))
    first = replace(FURTHER["enhanced"], settings=settings, batch=options.batch, seed=options.seed,
                    learning_rate=options.learning_rate, map_learning_rate=options.learning_rate,
                    validation_batches=4, log_every=10, checkpoint_seconds=60.0)  # fmt: skip
    photographs, validation = (unpack(options.packed, name) for name in ("training", "validation"))

    def run(recipe: Recipe, folder: Path) -> None:
        source = partial(ahead_in_processes, options.packed, recipe, options.workers)
        with patch.object(training, "ahead", source):
            training.train(recipe, photographs, validation, folder, options.start)

    with tempfile.TemporaryDirectory() as temporary:
        steps, folder = options.steps, Path(temporary) / "run"
        if not steps:
            run(
                replace(first, steps=PROBE, map_steps=0, validate_every=10**9, validation_batches=1),
                Path(temporary) / "probe",
            )
            lines = [json.loads(line) for line in (Path(temporary) / "probe" / "log.jsonl").read_text().splitlines()]
            seconds = {line["step"]: line["seconds"] for line in lines if "seconds" in line}
            step = (seconds[PROBE] - seconds[10]) / (PROBE - 10)
            steps = max(int(0.95 * (options.seconds - (time.monotonic() - begun) - 20) / step), 2)
        of_map = int(MAP_SHARE * steps)
        recipe = replace(first, steps=steps - of_map, map_steps=of_map, validate_every=max(steps // 5, 1))
        signal.signal(signal.SIGALRM, signal.default_int_handler)  # at the end of the time, what there is is kept
        signal.alarm(max(int(options.seconds - (time.monotonic() - begun)), 1))
        try:
            run(recipe, folder)
        except KeyboardInterrupt:
            print("the time is over before the steps are")
        signal.alarm(0)
        name = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
        record = {"recipe": asdict(recipe), "start": str(options.start), "seconds": time.monotonic() - begun,
                  "device": name, "torch": torch.__version__}  # fmt: skip
        leave(folder, options.out, record)


def leave(folder: Path, out: Path, record: dict[str, Any]) -> None:
    """Write the weights of a checkpoint as two files, the largest arrays first into the emptier one; log; record."""
    import torch
    from safetensors import safe_open
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    parts: list[dict[str, torch.Tensor]] = [{}, {}]
    with safe_open(folder / "checkpoint.safetensors", framework="pt") as file:
        record["steps_done"] = int(file.metadata()["step"])
        names = [key for key in file.keys() if key.startswith("model.")]  # noqa: SIM118
        tensors = {key[6:]: file.get_tensor(key).to(torch.float16).contiguous() for key in names}
    for key in sorted(tensors, key=lambda key: -tensors[key].numel()):
        min(parts, key=lambda part: sum(x.numel() for x in part.values()))[key] = tensors[key]
    for number, part in enumerate(parts, 1):
        save_file(part, out / f"part_{number}.safetensors")
        assert (out / f"part_{number}.safetensors").stat().st_size < 16 * 2**20
    shutil.copy(folder / "log.jsonl", out)
    (out / "record.json").write_text(json.dumps(record, indent=1) + "\n")


def join(out: Path, weights: Path) -> None:
    """The two files as one, with its sha256 beside it, as `--weights` and `--start` take it."""
    from safetensors.torch import load_file

    from reference.network.weights import build, config_of, write_weights

    settings = json.loads((out / "record.json").read_text())["recipe"]["settings"]
    state = load_file(out / "part_1.safetensors") | load_file(out / "part_2.safetensors")
    module = build("enhanced", settings)
    module.load_state_dict(state)
    print(write_weights(weights, "enhanced", state, config_of(module), half=True), weights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    packing, joining = commands.add_parser("pack"), commands.add_parser("join")
    for command, names in ((packing, ("training", "validation", "packed")), (joining, ("out", "weights"))):
        for name in names:
            command.add_argument(name, type=Path)
    one = commands.add_parser("train")
    one.add_argument("packed", type=Path)
    one.add_argument("out", type=Path)
    one.add_argument("--start", type=Path, default=Path("data/weights/enhanced.safetensors"))
    one.add_argument("--settings", default="{}", help='as JSON, such as {"filter_sizes": [3, 5, 5, 7, 7]}')
    one.add_argument("--seconds", type=float, default=540.0, help="from start to end")
    one.add_argument("--steps", type=int, default=0, help="as many, in place of what fits")
    one.add_argument("--batch", type=int, default=24)
    one.add_argument("--learning-rate", type=float, default=5e-4)
    one.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    one.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.command == "pack":
        pack(options.training, options.validation, options.packed)
    elif options.command == "train":
        train(options)
    else:
        join(options.out, options.weights)


if __name__ == "__main__":
    main()
