"""Checkpoints of a training run: weights and optimizer in a safetensors file, replaced as a whole.

Source: decision D13, since the paper does not describe its training.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from reference.errors import BadInput
from reference.files import atomic_write
from reference.network.training.recipe import Recipe


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
    """Restore the state and return the number of steps done.

    raises   BadInput if the file is damaged or belongs to another run
    """
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
