"""The numbers of the training recipe (decision D13: the paper gives none)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


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
    neither_share: float = 0.0  # of crops with a region that is out of focus in both
    noise_share: float = 0.4  # of crops with noise, unequal in A and B
    noise_most: float = 0.04  # standard deviation
    jpeg_share: float = 0.2  # of crops that go through JPEG, quality 60 to 95
    physical_share: float = 0.0  # of crops made by reference.datasets.generator.physical, with its own ranges
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

# What `parfocal train --network NAME --start FILE` does: on from trained weights, half of the crops of the physical
# mode. `enhanced` begins with `half`, widened to the paper's widths; how it was made: data/weights/enhanced.md.
FURTHER = {
    name: Recipe(name, steps=3000, learning_rate=3e-4, map_steps=2000, map_learning_rate=3e-4, physical_share=0.5)
    for name in RECIPES
}
FURTHER["pixel"] = replace(RECIPES["pixel"], steps=8000, learning_rate=7e-4, neither_share=0.25)
