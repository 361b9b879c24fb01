"""Chains of all steps on the embedded pairs, cropped and whole."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from reference.conformance.cases import Array
from reference.parameters import PAPER, TUNED, FusionParameters
from tests.vectors.case_specs import Chain, Link, photograph
from tests.vectors.functions import STEPS

NETWORK = "small"
POOLED = replace(PAPER, pool_window=5, pool_p=0.25, pool_side="b")
# Crops that a focus boundary crosses: pair, first row and column, sides, parameters.
CROPS: dict[str, tuple[str, int, int, int, int, FusionParameters]] = {
    "cat_coffee": ("cat_coffee", 80, 96, 96, 96, PAPER),
    "astronaut_rocket": ("astronaut_rocket", 16, 64, 96, 96, PAPER),
    "gray_pair": ("camera_grass", 16, 0, 96, 96, PAPER),
    "odd_sides": ("coffee_gravel", 0, 240, 95, 89, PAPER),
    "best_parameters": ("rocket_cat", 144, 16, 96, 96, TUNED),
    "pooled_for_b": ("astronaut_brick", 160, 64, 96, 96, POOLED),
}


def natural_cases() -> list[Chain]:
    """The crops, with the paper's parameters unless their names say otherwise."""
    specs = []
    for name, (pair, top, left, rows, columns, parameters) in CROPS.items():
        image_a, image_b = (photograph(pair, side, rows, columns, top, left) for side in "ab")
        purpose = f"all steps in a row, {columns} x {rows} pixels of the embedded pair {pair}"
        specs.append(_chain(name, purpose, image_a, image_b, parameters))
    return specs


def full_cases() -> list[Chain]:
    """Whole pairs, with the default network and with the baseline."""
    specs = []
    for name, pair, network in (("enhanced", "cat_coffee", "enhanced"), ("baseline", "rocket_cat", "liu2017")):
        image_a, image_b = (photograph(pair, side, 259, 341, 0, 0) for side in "ab")
        purpose = f"all steps in a row, all of the embedded pair {pair}, the network {network}"
        specs.append(replace(_chain(name, purpose, image_a, image_b, PAPER, network), suite="full"))
    return specs


def _chain(
    name: str, purpose: str, image_a: Array, image_b: Array, parameters: FusionParameters, network: str = NETWORK
) -> Chain:
    """Run the pipeline deterministically, with every array as an output.

    image_a, image_b  in 8 bits
    """
    from matlab_compat import im2double
    from reference.network.loading import load_network
    from reference.pipeline import fuse

    scores = load_network(network, deterministic=True)
    steps = fuse(im2double(image_a), im2double(image_b), scores, parameters).steps
    values: dict[str, Array] = {**steps, "uint8": STEPS["uint8"]([steps["fusion"]], {})}
    rows, columns = image_a.shape[:2]
    numbers: dict[str, Any] = {
        **asdict(parameters), "small_region_area": parameters.area((rows, columns)), "rows": rows, "columns": columns,
        "network": network, "levels": scores.levels,
    }  # fmt: skip
    del numbers["small_region_ratio"]  # replaced by the area
    outputs = {link: values[link.name] for link in _links(scores.levels)}
    return Chain(name, purpose, {"image_a": image_a, "image_b": image_b}, outputs, numbers)


def _links(levels: int) -> list[Link]:
    """The outputs with their inputs, in the order of the pipeline."""
    below = range(1, levels)
    grays = [Link(f"gray_{side}", "gray", (f"image_{side}",)) for side in "ab"]
    pyramids = {side: [f"gray_{side}", *(f"pyramid_{side}_{level}" for level in below)] for side in "ab"}
    reduced = [Link(names[level], "pyramid", (names[level - 1],)) for names in pyramids.values() for level in below]
    return [
        *grays,
        *reduced,
        Link("score_map", "score_map", (*pyramids["a"], *pyramids["b"])),
        Link("focus_map", "focus_map", ("score_map",)),
        Link("mixed_pooling", "mixed_pooling", ("focus_map",)),
        Link("segmentation", "segmentation", ("mixed_pooling",)),
        Link("consistency", "consistency", ("segmentation",)),
        Link("guide", "guide", ("gray_a", "gray_b", "consistency")),
        Link("guided_filter", "guided_filter", ("guide", "consistency")),
        Link("fusion", "fusion", ("image_a", "image_b", "guided_filter")),
        Link("uint8", "uint8", ("fusion",)),
    ]
