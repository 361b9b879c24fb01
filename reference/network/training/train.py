"""The training loop (D13): resumable, crops made in advance, determined by photographs, recipe, device and threads."""

from __future__ import annotations

import hashlib
import json
import math
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from matlab_compat import impyramid
from reference.errors import BadInput
from reference.files import sha256_of, write_text
from reference.network.enhanced import EnhancedNetwork
from reference.network.pixel import PixelNetwork
from reference.network.scoring import find_device
from reference.network.training.crops import Crops, Photographs, batch_of_crops
from reference.network.training.loss import focus_loss, fused_loss, map_loss
from reference.network.training.recipe import Recipe, Run, load_checkpoint, save_checkpoint
from reference.network.training.widening import grow
from reference.network.weights import Network, build, config_of, read_weights, widths_of

S = TypeVar("S")
T = TypeVar("T")


def ahead(work: Callable[[S], T], items: Iterable[S], threads: int) -> Iterator[T]:
    """The results of `work` in the order of the items, computed in threads up to two items per thread in advance.

    >>> list(ahead(str, range(5), threads=2))
    ['0', '1', '2', '3', '4']
    """
    pool = ThreadPoolExecutor(threads)
    waiting: deque[Future[T]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # also when the consumer stops early
        pool.shutdown(cancel_futures=True)


VALIDATION_STEP = 10**9  # first "step" of the validation crops, beyond every step of training


def train(
    recipe: Recipe,
    photographs: Photographs,
    validation: Photographs,
    out: Path,
    start: Path | None = None,
    device: str = "auto",
) -> Network:
    """Train a network; an interrupted run in `out` resumes.

    photographs, validation  gray in [0, 1], each at least crop + 24 pixels wide and high
    out                      folder for checkpoint.safetensors and log.jsonl
    start                    weights to begin with, of the recipe's network or of a smaller one, which is made larger
    """
    out.mkdir(parents=True, exist_ok=True)
    place = find_device(device)
    torch.manual_seed(recipe.seed)
    module = begin(recipe, start)
    module.to(place, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(module.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay)
    run = Run(recipe, _digest(photographs), sha256_of(start) if start else "")
    checkpoint = out / "checkpoint.safetensors"
    done = load_checkpoint(checkpoint, module, optimizer, run) if checkpoint.exists() else 0
    _forget_after(done, out)
    saved = time.monotonic()
    last = recipe.steps + recipe.map_steps
    progress = tqdm(range(done, last), initial=done, total=last, desc="training", unit="step")
    recent: list[tuple[float, float]] = []  # loss and accuracy of the steps since the last record
    whole = True  # false during an update of the weights
    threads = 1 if place.type == "cpu" else os.cpu_count() or 1
    crops = ahead(partial(batch_of_crops, photographs, recipe), range(done, last), threads)
    try:
        for step, batch in zip(progress, crops, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(recipe, step)
            if step == recipe.steps:
                optimizer.state.clear()  # its moments belong to the other loss
            loss, accuracy = _evaluate(module, recipe, batch, of_map=step >= recipe.steps)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            whole = False
            optimizer.step()
            done, whole = step + 1, True
            recent.append((loss.item(), accuracy.item()))
            if done % recipe.log_every == 0:
                means = dict(zip(("loss", "accuracy"), np.mean(recent, axis=0).tolist(), strict=True))
                progress.set_postfix({name: f"{value:.4f}" for name, value in means.items()})
                _log(out, {"step": done, **means, "seconds": round(progress.format_dict["elapsed"], 1)})
                recent.clear()
            if done % recipe.validate_every == 0 or done in (recipe.steps, last):
                _log(out, {"step": done, **validate(module, recipe, validation, of_map=done > recipe.steps)})
            if time.monotonic() - saved > recipe.checkpoint_seconds:
                save_checkpoint(checkpoint, module, optimizer, run, done)
                saved = time.monotonic()
    finally:  # also when interrupted; within an update the last checkpoint stays
        if whole:
            save_checkpoint(checkpoint, module, optimizer, run, done)
    return module.cpu()


def begin(recipe: Recipe, start: Path | None) -> Network:
    """The recipe's network, with the function of `start` or random weights; BadInput for a file that does not fit."""
    wanted = build(recipe.network, recipe.settings)
    if not start:
        initialise(wanted, recipe.first_gain)
        return wanted
    held = read_weights(start).module
    if config_of(held) == config_of(wanted):
        return held
    try:
        if isinstance(held, EnhancedNetwork) and isinstance(wanted, EnhancedNetwork):
            return grow(held, wanted.config, recipe.copy_noise, recipe.seed)
        raise ValueError(f"its variant is {widths_of(held)}, not {widths_of(wanted)}")
    except ValueError as error:
        raise BadInput(f"{start} cannot start this run: {error}") from error


def _digest(photographs: Photographs) -> str:
    """The first digits of the sha256 of all photographs, in their order."""
    whole = hashlib.sha256()
    for photograph in photographs:
        whole.update(photograph.tobytes())
    return whole.hexdigest()[:16]


def validate(module: Network, recipe: Recipe, photographs: Photographs, of_map: bool) -> dict[str, float]:
    """Loss and accuracy on crops of other photographs, the same at every call."""
    with torch.inference_mode():
        steps = range(VALIDATION_STEP, VALIDATION_STEP + recipe.validation_batches)
        results = [_evaluate(module, recipe, batch_of_crops(photographs, recipe, step), of_map) for step in steps]
    loss, accuracy = (float(np.mean([float(pair[k]) for pair in results])) for k in (0, 1))
    return {"validation_loss": loss, "validation_accuracy": accuracy}


def learning_rate(recipe: Recipe, step: int) -> float:
    """Linear warm-up, then half a cosine to 0 at the last step; the same again for the loss of the map."""
    highest, steps = recipe.learning_rate, recipe.steps
    if step >= steps:
        highest, step, steps = recipe.map_learning_rate, step - steps, recipe.map_steps
    if step < recipe.warm_up:
        return highest * (step + 1) / recipe.warm_up
    part = (step - recipe.warm_up) / max(steps - recipe.warm_up, 1)
    return highest * 0.5 * (1 + math.cos(math.pi * part))


def _evaluate(module: Network, recipe: Recipe, crops: Crops, of_map: bool) -> tuple[Tensor, Tensor]:
    """Loss and accuracy of the crops of one step: of their patches, of their focus maps, or of their fused images."""
    device = next(module.parameters()).device
    if isinstance(module, PixelNetwork):
        sources, label, texture, truth = (torch.from_numpy(x).float().to(device) for x in crops)
        return fused_loss(*module.logits(sources[:, :, None]), sources[:, :, None], truth, label, texture)
    pyramid_a, pyramid_b = (_pyramid(side, module.levels, device) for side in crops.sources)
    with torch.autocast(device.type, torch.bfloat16, enabled=recipe.bfloat16 and _has_bfloat16(device)):
        logits = module(pyramid_a, pyramid_b)
    label, texture = (torch.from_numpy(x).float().to(device) for x in (crops.label, crops.texture))
    loss, accuracy = focus_loss(logits, label, texture, recipe.texture_half)
    if not of_map:
        return loss, accuracy
    map_part, accuracy = map_loss(logits, label, texture, recipe.map_texture_half, recipe.map_sharpness)
    return map_part + recipe.patch_share * loss, accuracy


def _has_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies in bfloat16; a processor that emulates it is many times slower."""
    known: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()  # older versions of torch lack it
    return device.type != "cpu" or bool(known.get("avx512_bf16") or known.get("bf16"))  # of x86, of ARM


def _pyramid(crops: NDArray[np.float64], levels: int, device: torch.device) -> list[Tensor]:
    """The Gaussian pyramid of a batch (B, H, W), level by level as (B, 1, H / 2^l, W / 2^l) in single."""
    stack: list[NDArray[Any]] = [np.moveaxis(crops, 0, -1)]  # impyramid takes the batch as channels
    for _ in range(levels - 1):
        stack.append(impyramid(stack[-1], "reduce"))
    return [torch.from_numpy(np.moveaxis(x, -1, 0)[:, None].astype(np.float32)).to(device) for x in stack]


def initialise(module: Network, first_gain: float) -> None:
    """He initialisation (zero biases, normal weights of variance 2 / fan-in), with first filters of zero mean.

    The first filters also have the gain `first_gain` for gray levels in [0, 1]. Focus shows in small differences, which
    the local brightness would mask if filters had a mean.
    """
    layers = [layer for layer in module.modules() if isinstance(layer, nn.Conv2d)]
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    with torch.no_grad():
        first = layers[0].weight
        first.sub_(first.mean(dim=(2, 3), keepdim=True))
        if isinstance(module, PixelNetwork):
            module.decide.weight.mul_(0.1)
            module.decide.bias[1] = -9.0  # type: ignore[index]
        else:
            first.mul_(first_gain / module.input_gain)


def _forget_after(step: int, out: Path) -> None:
    """Remove log records after the last checkpoint of a killed run: those steps are repeated."""
    if (log := out / "log.jsonl").exists():
        *lines, _ = log.read_text().split("\n")  # what follows the last end of line is empty or incomplete
        write_text(log, "".join(f"{line}\n" for line in lines if json.loads(line)["step"] <= step))


def _log(out: Path, record: dict[str, float]) -> None:
    with open(out / "log.jsonl", "a") as file:
        file.write(json.dumps(record) + "\n")
