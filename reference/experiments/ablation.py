"""Ablation: the effect of changing one decision at a time, on ground truth and on the columns of Table 1."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from matlab_compat import imguidedfilter
from reference.datasets.ground_truth import scenes
from reference.datasets.registry import data_root
from reference.experiments.against_truth import against_truth, difference, means
from reference.experiments.cache import ResultCache
from reference.experiments.lytro import columns_of
from reference.experiments.methods import Method, by_pipeline
from reference.network.cached import CachedNetwork
from reference.network.loading import load_network
from reference.parameters import PAPER, TUNED
from reference.pipeline import Fusion, fuse
from reference.steps import fusion
from reference.steps.arrays import Image, Map

Row = dict[str, Any]


class NetworkChange(NamedTuple):
    """The change of a network: settings that replace the network's own, and the seed of its training."""

    settings: dict[str, Any]
    seed: int = 0


# One change each, in small networks trained by the same short recipe (tests/benchmarks/train_ablation.py). A difference
# no larger than that between the two seeds shows no effect.
ABLATIONS = {
    "as decided": NetworkChange({}),
    "as decided, another seed": NetworkChange({}, seed=1),
    "D2: 1 level": NetworkChange({"levels": 1}),
    "D2: 2 levels": NetworkChange({"levels": 2}),
    "D2: 4 levels": NetworkChange({"levels": 4}),
    "D3: filters 3, 5, 5, 7, 7": NetworkChange({"filter_sizes": [3, 5, 5, 7, 7]}),
    "D4: p fixed at 0.5": NetworkChange({"pooling_p": 0.5}),
    "D4: maximum pooling": NetworkChange({"pooling_p": 1.0}),
    "D4: average pooling": NetworkChange({"pooling_p": 0.0}),
    "D7: attention": NetworkChange({"softmax_pooling": "attention"}),
    "D7: maximum": NetworkChange({"softmax_pooling": "max"}),
}


def ablation(
    network: CachedNetwork, children: tuple[Image, Image] | None, result_cache: ResultCache, data: Path | None
) -> dict[str, Row]:
    """The effect of each change: PSNR and wrong decisions on the choosing pairs without noise, and Children's columns.

    The test pairs are not used, since later decisions would then depend on them.

    network   scores for all changes of the steps after the network; changes of the network have small networks
    """
    variants = [*_step_variants(network), *_network_variants(network.folder)]
    pairs = scenes("choose")
    scores = against_truth(variants, result_cache, data, pairs, ("clean",))
    by_name = means(scores, pairs, "clean")
    rows: dict[str, Row] = {}
    for name, key, fused in ((variant.name, variant.key, variant.fuse) for variant in variants):
        unchanged = f"small, as decided, {name.rpartition(', ')[2]}" if name.startswith("small, ") else "PAPER"
        rows[name] = {measure: by_name[name][measure] for measure in ("psnr", "wrong")}
        rows[name] |= {"difference": difference(scores, name, unchanged, pairs, "clean"), "sha256": key[0]}
        if children and fused:
            compute = partial(columns_of, fused, *children)
            rows[name] |= {"table_1": result_cache(["ablation", name, key], compute)}
    return rows


def ablation_file(name: str) -> str:
    """Name of the weights file in data/ablation.

    >>> ablation_file("D2: 1 level")
    'd2_1_level.safetensors'
    """
    return "_".join(re.findall(r"[a-z0-9.]+", name.lower())) + ".safetensors"


def _step_variants(network: CachedNetwork) -> list[Method]:
    """Changes of the steps after the network."""
    changes: dict[str, Any] = {"PAPER": PAPER}
    for side in ("a", "b"):
        for window in (3, 17, 33):
            name = f"D5: maximum of {'FM' if side == 'a' else '1 - FM'} over {window} pixels"
            changes[name] = replace(PAPER, pool_window=window, pool_p=1.0, pool_side=side)
    for p in (0.5, 0.75, 0.9):
        changes[f"D6: the map times p = {p:g}, the threshold left"] = replace(PAPER, focus_threshold=0.5 / p)
    for share in (0.0, 0.001, 0.003, 0.03):
        changes[f"D8: area {share:g} H W"] = replace(PAPER, small_region_ratio=share)
    sha256 = network.file.sha256
    return [
        *(Method(name, [sha256, vars(of)], partial(by_pipeline, network, of)) for name, of in changes.items()),
        Method("D9: MATLAB's imguidedfilter", [sha256, "imguidedfilter"], partial(_by_imguidedfilter, network)),
        Method("no guided filter", [sha256, "hard"], partial(by_pipeline, network, replace(PAPER, guide_radius=0))),
    ]


def _network_variants(folder: Path | None) -> list[Method]:
    """Small networks that differ in one decision, with PAPER and with TUNED."""
    variants = []
    for name in ABLATIONS:
        network = CachedNetwork.of(load_network("small", data_root() / "ablation" / ablation_file(name)), folder)
        for label, steps in (("PAPER", PAPER), ("TUNED", TUNED)):
            key, fused = [network.file.sha256, vars(steps)], partial(by_pipeline, network, steps)
            variants.append(Method(f"small, {name}, {label}", key, fused))
    return variants


def _by_imguidedfilter(network: CachedNetwork, a: Image, b: Image, pair: Any) -> Fusion:
    """PAPER with MATLAB's filter in place of He's: its window is given by its side, and the border is replicated."""
    steps = fuse(a, b, network).steps
    side, eps = 2 * PAPER.guide_radius + 1, PAPER.guide_eps
    consistent: Map = steps["consistency"].astype(np.float64)
    filtered = imguidedfilter(consistent, steps["guide"], neighborhood_size=side, degree_of_smoothing=eps)
    decision_map: Map = np.asarray(filtered, dtype=np.float64)
    return Fusion(fusion(a, b, decision_map), decision_map)
