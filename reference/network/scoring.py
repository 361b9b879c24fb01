"""A trained network (paper, section 3) as the pipeline uses it: doubles in and out, single precision between."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from reference.errors import BadInput, WrongUsage
from reference.network.enhanced import EnhancedNetwork, in_blocks
from reference.network.liu2017 import Liu2017Network
from reference.network.weights import NetworkFile
from reference.steps.arrays import Pyramid, Scores


@dataclass(frozen=True)
class ScoringNetwork:
    """Scores two pyramids by the network of a weights file (a `score_map.FocusNetwork`)."""

    file: NetworkFile
    deterministic: bool = False  # 1 thread, oneDNN off; otherwise all threads, on which the last digits depend
    progress: Callable[[int, int], None] | None = None  # receives how many blocks of how many are done
    device: str = "auto"  # one of DEVICES
    module: EnhancedNetwork | Liu2017Network = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        device = find_device(self.device, self.deterministic)
        layout = torch.contiguous_format if self.deterministic else torch.channels_last
        module = copy.deepcopy(self.file.module).eval().to(device, memory_format=layout)  # type: ignore[call-overload]
        object.__setattr__(self, "device", device.type)
        object.__setattr__(self, "module", module)

    def with_progress(self, progress: Callable[[int, int], None]) -> ScoringNetwork:
        """The same network, reporting its progress."""
        same = copy.copy(self)
        object.__setattr__(same, "progress", progress)
        return same

    @property
    def levels(self) -> int:
        """Number of pyramid levels that the network takes."""
        return self.module.levels

    @property
    def reach(self) -> int:
        """Pixels beyond its patch on which a score depends."""
        return self.module.reach

    def arithmetic_record(self) -> dict[str, Any]:
        """How it computes, for a manifest."""
        return arithmetic_record(self.deterministic, self.device)

    def __call__(self, pyramid_a: Pyramid, pyramid_b: Pyramid) -> Scores:
        """Probability of "A in focus" for every patch; network and softmax compute in single, as in MATLAB."""
        module = self.module
        with torch.inference_mode(), arithmetic(self.deterministic):
            levels_a, levels_b = ([_tensor(level).to(self.device) for level in p] for p in (pyramid_a, pyramid_b))
            if isinstance(module, EnhancedNetwork):
                logits = in_blocks(module, levels_a, levels_b, progress=self.progress)
            else:
                logits = module(levels_a, levels_b)
                if self.progress:
                    self.progress(1, 1)
            scores = torch.softmax(logits, dim=1)[0, 1].cpu()
        if not scores.isfinite().all():
            raise BadInput(f"{self.file.path} overflows single precision on these images: its weights are too large")
        return scores.double().numpy()


def arithmetic_record(deterministic: bool, device: str) -> dict[str, Any]:
    """How PyTorch computes, for a manifest."""
    return {
        "mode": "reference" if deterministic else "fast",
        "device": device,
        "threads": 1 if deterministic else torch.get_num_threads(),
        "onednn": not deterministic and torch.backends.mkldnn.is_available(),  # type: ignore[no-untyped-call]
    }


def find_device(name: str, deterministic: bool = False) -> torch.device:
    """The device of a name among DEVICES.

    raises   WrongUsage for one that PyTorch does not see, or for any but the CPU in deterministic arithmetic
    """
    seen = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    here = ["cpu"] if deterministic else [each for each, is_seen in seen.items() if is_seen]
    if name != "auto" and name not in here:
        why = "deterministic arithmetic is for the CPU alone" if deterministic else f"PyTorch sees {', '.join(here)}"
        raise WrongUsage(f"the device {name} cannot be used: {why}")
    return torch.device(here[0] if name == "auto" else name)


@contextmanager
def arithmetic(deterministic: bool) -> Iterator[None]:
    """A context in which PyTorch computes deterministically, or as fast as it can."""
    if not deterministic:
        yield
        return
    set_flags: Callable[[bool], Sequence[bool]] = torch.backends.mkldnn.set_flags
    threads = torch.get_num_threads()
    onednn = set_flags(False)[0]  # returns the previous flags
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        set_flags(onednn)


def _tensor(level: np.ndarray) -> torch.Tensor:
    """(H, W) double -> (1, 1, H, W) single."""
    return torch.from_numpy(level.astype(np.float32))[None, None]
