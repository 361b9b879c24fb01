"""The numbers of the training recipe (decision D13: the paper gives none)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Recipe"]


@dataclass(frozen=True)
class Recipe:
    """One training run; a run is determined by it, the photographs, the device and the number of threads."""

    network: str = "enhanced"
    steps: int = 2400
    batch: int = 12  # crops a step
    crop: int = 64  # pixels; a crop gives 25 x 25 scores
    learning_rate: float = 6e-4  # AdamW, warmed up over `warm_up` steps, then cosine decay to 0
    warm_up: int = 100
    weight_decay: float = 1e-4
    seed: int = 0
    radius_least: float = 0.7  # blur radius in pixels, drawn with even logarithm
    radius_most: float = 8.0
    gaussian_share: float = 0.3  # of crops blurred by a Gaussian (sigma = radius / 2) instead of a disc
    whole_share: float = 0.3  # of crops without a focus boundary
    soft_share: float = 0.3  # of crops whose sharp side is slightly soft too
    noise_share: float = 0.3  # of crops with noise, unequal in A and B
    noise_most: float = 0.01  # standard deviation
    texture_half: float = 0.01  # mean |A - B| of a patch that gets half the full weight in the loss
    bfloat16: bool = True  # mixed precision while training; fusing computes in single
    log_every: int = 20  # steps
    checkpoint_seconds: float = 120.0
    validation_batches: int = 8
    validate_every: int = 200
