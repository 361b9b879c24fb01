"""A trained network as the pipeline uses it: doubles in and out, single precision between.

Source: the paper, section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch

from reference.errors import BadInput
from reference.network.blocks import in_blocks
from reference.network.enhanced import EnhancedNetwork
from reference.network.weights import NetworkFile
from reference.steps.arrays import Pyramid, Scores

__all__ = ["ScoringNetwork", "arithmetic"]


@dataclass(frozen=True)
class ScoringNetwork:
    """Scores two pyramids by the network of a weights file (a `score_map.FocusNetwork`).

    file           the network and the origin of its weights
    deterministic  1 thread, oneDNN off; otherwise all threads, on which the last digits depend
    progress       receives how many blocks of the scores are done; in deterministic mode there is only one
    """

    file: NetworkFile
    deterministic: bool = False
    progress: Callable[[int, int], None] | None = None

    def __post_init__(self) -> None:
        layout = torch.contiguous_format if self.deterministic else torch.channels_last
        self.file.module.eval().to(memory_format=layout)  # type: ignore[call-overload]

    def with_progress(self, progress: Callable[[int, int], None]) -> ScoringNetwork:
        """The same network, reporting its progress."""
        return replace(self, progress=progress)

    @property
    def levels(self) -> int:
        """Number of pyramid levels that the network takes."""
        return self.file.module.levels

    @property
    def reach(self) -> int:
        """Pixels beyond its patch on which a score depends."""
        return self.file.module.reach

    def __call__(self, pyramid_a: Pyramid, pyramid_b: Pyramid) -> Scores:
        """Probability of "A in focus" for every patch; network and softmax compute in single, as in MATLAB."""
        module = self.file.module
        with torch.inference_mode(), arithmetic(self.deterministic):
            levels_a, levels_b = ([_tensor(level) for level in p] for p in (pyramid_a, pyramid_b))
            if isinstance(module, EnhancedNetwork) and not self.deterministic:
                logits = in_blocks(module, levels_a, levels_b, progress=self.progress)
            else:
                logits = module(levels_a, levels_b)
                if self.progress:
                    self.progress(1, 1)
            scores = torch.softmax(logits, dim=1)[0, 1]
        if not scores.isfinite().all():
            raise BadInput(f"{self.file.path} overflows single precision on these images: its weights are too large")
        return scores.double().numpy()


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
