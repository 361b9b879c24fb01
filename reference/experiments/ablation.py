"""One decision otherwise at a time: what it does to ground truth, and to Table 1's columns.

Run: python -m reference.experiments.ablation PHOTOGRAPHS VALIDATION RUNS [FILE ...]

An interrupted run resumes; with names of files (`ablation_file`) only those are trained.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from matlab_compat import im2uint8, imguidedfilter
from reference.datasets.generator.boundaries import FocusPair
from reference.datasets.ground_truth import scenes
from reference.datasets.registry import data_root
from reference.experiments.against_truth import against_truth, difference, pair_name
from reference.experiments.blending import Blend, blend_of, blended, segmented
from reference.experiments.cache import CachedNetwork, ResultCache
from reference.experiments.candidates import Candidate
from reference.experiments.lytro import Columns, columns
from reference.experiments.scores import Scores
from reference.files import write_json
from reference.network.loading import load_network
from reference.network.weights import config_of, read_weights, write_weights
from reference.parameters import PAPER, TUNED
from reference.pipeline import Fusion, fuse
from reference.steps import fusion
from reference.steps.arrays import Image, Map

__all__ = ["ABLATIONS", "Ablated", "ablation", "ablation_file"]

Row = dict[str, Any]


class Ablated(NamedTuple):
    """How a network of the ablation differs: settings in place of the network's, and the seed of its training."""

    settings: dict[str, Any]
    seed: int = 0


# One decision otherwise, in small networks trained by one short recipe (`train_ablation`). What differs by no more
# than the second seed does from the first has shown no effect.
ABLATIONS = {
    "as decided": Ablated({}),
    "as decided, another seed": Ablated({}, seed=1),
    "D2: 1 level": Ablated({"levels": 1}),
    "D2: 2 levels": Ablated({"levels": 2}),
    "D2: 4 levels": Ablated({"levels": 4}),
    "D3: filters 3, 5, 5, 7, 7": Ablated({"filter_sizes": [3, 5, 5, 7, 7]}),
    "D4: p fixed at 0.5": Ablated({"pooling_p": 0.5}),
    "D4: maximum pooling": Ablated({"pooling_p": 1.0}),
    "D4: average pooling": Ablated({"pooling_p": 0.0}),
    "D7: attention": Ablated({"softmax_pooling": "attention"}),
    "D7: maximum": Ablated({"softmax_pooling": "max"}),
}


class Variant(NamedTuple):
    """A change: its name, what it is held against, what the result depends on besides the pair, and how it fuses.

    made_from   begins with the sha256 of the network's weights
    """

    name: str
    compared_with: str
    cache_key: Any
    fuse: Callable[[Image, Image], Fusion]


def ablation(
    network: CachedNetwork, children: tuple[Image, Image] | None, result_cache: ResultCache, data: Path | None
) -> dict[str, Row]:
    """What each change does: PSNR and wrong decisions on the pairs that choose, without noise, and Children's columns.

    The pairs that test stay out of it, or every later decision would have seen them.

    network   whose scores the changes of the steps after it share; changes of the network have their own, small ones
    children  A and B, where they are here
    """
    variants = [*_of_steps(network), *_of_networks(network.folder)]
    candidates = [Candidate(variant.name, variant.cache_key, partial(_without_truth, variant)) for variant in variants]
    scores = against_truth(candidates, result_cache, data, role="choose", conditions=("clean",))
    rows = {}
    for variant in variants:
        rows[variant.name] = _quality(variant, scores)
        if children:
            a, b = children
            fused = partial(_columns, variant, a, b)
            rows[variant.name] |= {"table_1": result_cache(["ablation", variant.name, variant.cache_key], fused)}
    return rows


def ablation_file(name: str) -> str:
    """Name of the weights file of an ablation in data/ablation.

    >>> ablation_file("D2: 1 level")
    'd2_1_level.safetensors'
    """
    return "_".join(re.findall(r"[a-z0-9.]+", name.lower())) + ".safetensors"


def _without_truth(variant: Variant, a: Image, b: Image, pair: FocusPair) -> Fusion:
    return variant.fuse(a, b)


def _of_steps(network: CachedNetwork) -> list[Variant]:
    """Changes of the steps after the network."""
    changes: dict[str, Any] = {"PAPER": PAPER}
    for side in ("a", "b"):
        for window in (3, 17, 33):
            name = f"D5: maximum of {'FM' if side == 'a' else '1 - FM'} over {window} pixels"
            changes[name] = replace(PAPER, pool_window=window, pool_p=1.0, pool_side=side)
    for share in (0.0, 0.001, 0.003, 0.03):
        changes[f"D8: area {share:g} H W"] = replace(PAPER, small_region_ratio=share)
    weights = network.network.file.sha256
    variants = [
        Variant(name, "PAPER", [weights, vars(parameters)], partial(fuse, parameters=parameters, network=network))
        for name, parameters in changes.items()
    ]
    hard = partial(_by_blend, network, Blend(radius=0))
    matlab = partial(_by_imguidedfilter, network)
    return [
        *variants,
        Variant("D9: MATLAB's imguidedfilter", "PAPER", [weights, "imguidedfilter"], matlab),
        Variant("no guided filter", "PAPER", [weights, "hard"], hard),
    ]


def _of_networks(folder: Path | None) -> list[Variant]:
    """Small networks that differ in one decision, with PAPER's blend and with TUNED's."""
    variants = []
    for name in ABLATIONS:
        network = CachedNetwork(load_network("small", data_root() / "ablation" / ablation_file(name)), folder)
        for label, blend in (("PAPER", blend_of(PAPER)), ("TUNED", blend_of(TUNED))):
            cache_key = [network.network.file.sha256, blend]
            compared_with = f"small, as decided, {label}"
            variants.append(
                Variant(f"small, {name}, {label}", compared_with, cache_key, partial(_by_blend, network, blend))
            )
    return variants


def _by_blend(network: CachedNetwork, blend: Blend, a: Image, b: Image) -> Fusion:
    return blended(a, b, segmented(a, b, network), blend)


def _by_imguidedfilter(network: CachedNetwork, a: Image, b: Image) -> Fusion:
    """PAPER with MATLAB's filter in place of He's: its window is named by the side, its border is replicated."""
    steps = fuse(a, b, network).steps
    side, eps = 2 * PAPER.guide_radius + 1, PAPER.guide_eps
    consistent: Map = steps["consistency"].astype(np.float64)
    filtered = imguidedfilter(consistent, steps["guide"], neighborhood_size=side, degree_of_smoothing=eps)
    decision_map: Map = np.asarray(filtered, dtype=np.float64)
    return Fusion(fusion(a, b, decision_map), decision_map)


def _quality(variant: Variant, scores: Scores) -> Row:
    """Means, and the difference to what the change is held against with its interval."""
    pairs = [pair_name(scene, "clean") for scene in scenes("choose")]
    row: Row = {measure: float(scores.values(variant.name, measure, pairs).mean()) for measure in ("psnr", "wrong")}
    row["difference"] = difference(scores, variant.name, variant.compared_with, scenes("choose"), "clean")
    return {**row, "sha256": variant.cache_key[0]}


def _columns(variant: Variant, a: Image, b: Image) -> Columns:
    return columns(im2uint8(variant.fuse(a, b).image), im2uint8(b))


STEPS = 1000  # a short run: enough to tell decisions apart, not the last tenths of a decibel


def main(photographs: str, validation: str, runs: str, *files: str) -> None:
    """Train those that are not there."""
    folder = data_root() / "ablation"
    folder.mkdir(exist_ok=True)
    for name, ablated in ABLATIONS.items():
        file = ablation_file(name)
        if not (folder / file).exists() and (file in files or not files):
            out = Path(runs, file).with_suffix("")
            command = [sys.executable, "-m", "reference", "train", photographs, "--validation", validation]
            subprocess.run([*command, "--out", str(out), *_options(ablated)], check=True)
            trained = read_weights(out / "small.safetensors", "small").module
            digest = write_weights(folder / file, "small", trained.state_dict(), config_of(trained), half=True)
            record = json.loads((out / "small.json").read_text()) | {"weights": file, "sha256": digest}
            write_json((folder / file).with_suffix(".json"), record)


def _options(ablated: Ablated) -> list[str]:
    """Of `parfocal train`.

    >>> _options(Ablated({"levels": 2}))
    ['--network=small', '--steps=1000', '--map-steps=0', '--seed=0', '--setting=levels=2']
    """
    settings = [f"--setting={name}={json.dumps(value)}" for name, value in ablated.settings.items()]
    return ["--network=small", f"--steps={STEPS}", "--map-steps=0", f"--seed={ablated.seed}", *settings]


if __name__ == "__main__":
    main(*sys.argv[1:])
