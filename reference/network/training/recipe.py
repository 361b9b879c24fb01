"""The numbers of the training recipe (decision D13: the paper gives none), and checkpoints of a run.

A checkpoint holds weights and optimizer in a safetensors file, replaced as a whole.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from reference.errors import BadInput
from reference.files import atomic_write


@dataclass(frozen=True)
class Recipe:
    """One training run; a run is determined by it, the photographs, the device and the number of threads."""

    network: str = "enhanced"
    settings: dict[str, Any] = field(default_factory=dict)  # of the network, in place of its defaults
    steps: int = 4000
    batch: int = 6  # crops a step
    crop: int = 96  # pixels; a crop gives 41 x 41 scores
    learning_rate: float = 2e-3  # AdamW, warmed up over `warm_up` steps, then cosine decay to 0
    warm_up: int = 100
    weight_decay: float = 1e-4
    first_gain: float = 16.0  # of the first filters at the start, for gray levels in [0, 1]: see `train.initialise`
    seed: int = 0
    radius_least: float = 0.7  # blur radius in pixels, drawn with even logarithm
    radius_most: float = 8.0
    gaussian_share: float = 0.3  # of crops blurred by a Gaussian (sigma = radius / 2) instead of a disc
    whole_share: float = 0.25  # of crops without a focus boundary; with the next three the sum is 1
    cut_share: float = 0.3  # of crops with a boundary, by kind: see reference.datasets.generator.boundaries
    slope_share: float = 0.1
    occlusion_share: float = 0.35
    soft_share: float = 0.3  # of crops whose sharp side is slightly soft too
    noise_share: float = 0.4  # of crops with noise, unequal in A and B
    noise_most: float = 0.04  # standard deviation
    jpeg_share: float = 0.2  # of crops that go through JPEG, quality 60 to 95
    physical_share: float = 0.0  # of crops made by reference.datasets.generator.physical, with its own ranges
    physical_radius_most: float = 12.0  # of their blur, drawn likewise from 1 pixel on
    copy_noise: float = 0.2  # where the run starts from narrower weights: see reference.network.training.widening
    texture_half: float = 0.01  # mean |A - B| of a patch that gets half the full weight in the loss
    map_steps: int = 0  # after `steps`: the loss is then that of the focus map of step 4, pixel by pixel
    map_learning_rate: float = 5e-4  # warmed up and decayed again
    map_sharpness: float = 12.0  # slope of the decision at 1/2: an edge in the scores is a ramp of 16 pixels in the map
    map_texture_half: float = 0.03  # |A - B| of a pixel that gets half the full weight
    patch_share: float = 0.3  # of the loss of the patches, that is still added
    bfloat16: bool = True  # mixed precision where the device multiplies in it; fusing computes in single
    log_every: int = 20  # steps
    checkpoint_seconds: float = 120.0
    validation_batches: int = 16
    validate_every: int = 200


# What `parfocal train --network NAME` does; `half` (100 minutes on two cores), `small` and `liu2017` were made by it.
RECIPES = {
    "enhanced": Recipe("enhanced", steps=7000, learning_rate=1e-3, map_steps=700),
    "half": Recipe("half", steps=7000, learning_rate=1e-3, map_steps=700),
    "small": Recipe("small", steps=7000, map_steps=700),
    "liu2017": Recipe("liu2017", steps=7000, map_steps=700),
    "pixel": Recipe("pixel", steps=20000, crop=128, physical_share=0.5, noise_most=0.06),
}

# What `train --network NAME --start FILE` does: on from trained weights, half of the crops of the physical mode.
# `enhanced` began with `half`, widened (data/weights/enhanced.md); `pixel` with its first weights, on wider blur.
FURTHER = {
    name: Recipe(name, steps=3000, learning_rate=3e-4, map_steps=2000, map_learning_rate=3e-4, physical_share=0.5)
    for name in RECIPES
}
FURTHER["pixel"] = replace(
    RECIPES["pixel"], steps=10000, learning_rate=7e-4, radius_most=40.0, physical_radius_most=24.0
)


@dataclass(frozen=True)
class Run:
    """The identity of a run: its recipe, and digests of its photographs and of the weights it started from."""

    recipe: Recipe
    photographs: str
    start: str = ""


def save_checkpoint(path: Path, module: nn.Module, optimizer: torch.optim.Optimizer, run: Run, step: int) -> None:
    """Write the state after `step` steps; the previous file stays until the new one is complete."""
    tensors = {f"model.{key}": value.contiguous() for key, value in module.state_dict().items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{key}": value.contiguous() for key, value in state.items()}
    with atomic_write(path) as temporary:
        save_file(tensors, temporary, metadata={"run": json.dumps(asdict(run)), "step": str(step)})


def load_checkpoint(path: Path, module: nn.Module, optimizer: torch.optim.Optimizer, run: Run) -> int:
    """Restore the state and return the number of steps done; BadInput for a damaged file, or one of another run."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise BadInput(f"{path} is not a readable checkpoint: {error}") from error
    if not {"run", "step"} <= set(metadata):
        raise BadInput(f"{path} is a safetensors file, but no checkpoint of a training run")
    saved, wanted = (_numbers(json.loads(text)) for text in (metadata["run"], json.dumps(asdict(run))))
    if differ := [key for key in wanted if wanted[key] != saved.get(key)]:
        raise BadInput(
            f"{path} was trained with {', '.join(f'{key} = {saved.get(key)}' for key in differ)}, not "
            f"{', '.join(str(wanted[key]) for key in differ)}; train into another folder, or as that run was"
        )
    module.load_state_dict({key[6:]: value for key, value in tensors.items() if key.startswith("model.")})
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, number, name = key.split(".")
            state.setdefault(int(number), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return int(metadata["step"])


def _numbers(run: dict[str, Any]) -> dict[str, Any]:
    """The record of a run in one level; what an older record does not name has its default."""
    return {**asdict(Recipe()), **run["recipe"], "photographs": run["photographs"], "start": run.get("start", "")}
