"""Micro cases of the small network: its score map, and its layers one by one."""

from __future__ import annotations

from matlab_compat import impyramid, rgb2gray
from reference.conformance.cases import Array
from tests.vectors.case_specs import CaseSpec, Chain, Link, photograph
from tests.vectors.functions import STEPS
from tests.vectors.network_layers import LEVELS
from tests.vectors.network_mutants import NETWORK_MUTANTS

NETWORK = {"network": "small"}  # its weights ship
BUGS = ("ExchangedClasses", "ExchangedSources", "FullRangeGray")


def network_cases() -> list[CaseSpec | Chain]:
    """The small network on crops of an embedded pair."""
    scored = CaseSpec("small_network", "score_map", "the network small", _levels(24, 28), NETWORK, BUGS)
    return [scored, _layers(_levels(18, 20))]


def _levels(rows: int, columns: int) -> dict[str, Array]:
    """The pyramids of A and of B."""
    levels: dict[str, Array] = {}
    for side in "ab":
        level = rgb2gray(photograph("cat_coffee", side, rows, columns) / 255)
        levels[f"gray_{side}"] = level
        for number in range(1, LEVELS):
            levels[f"pyramid_{side}_{number}"] = level = impyramid(level, "reduce")
    return levels


def _layers(levels: dict[str, Array]) -> Chain:
    """A chain of layers: the finest level of A, then the features of all levels, then the decision."""
    outputs: dict[Link, Array] = {}
    known = dict(levels)

    def add(name: str, step: str, *inputs: str) -> str:
        known[name] = outputs[Link(name, step, inputs)] = STEPS[step]([known[key] for key in inputs], NETWORK)
        return name

    x = "gray_a"
    for step in ("convolution_1", "convolution_2", "halved", "convolution_3", "convolution_4", "convolution_5"):
        x = add(step, step, x)
    add("patch_mixed", "patch_mixed", x)
    add("patch_softmax", "patch_softmax", x)
    sources = enumerate(levels)  # gray_a, pyramid_a_1, ..., gray_b, ...
    features = [add(f"features_{'ab'[n // LEVELS]}_{n % LEVELS}", f"features_{n % LEVELS}", key) for n, key in sources]
    add("concatenation", "concatenation", *features)
    x = "concatenation"
    for step in ("fully_connected_1", "fully_connected_2", "fully_connected_3", "logits", "probability"):
        x = add(step, step, x)
    purpose = "the network small, layer by layer"
    return Chain("network_layers", purpose, levels, outputs, NETWORK, "micro", tuple(NETWORK_MUTANTS))
