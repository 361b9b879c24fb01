"""The evaluation behind the model cards, part by part."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from itertools import product
from pathlib import Path
from typing import Any

from tqdm import tqdm

from matlab_compat import im2uint8
from reference.datasets.generator.boundaries import BOUNDARIES
from reference.datasets.generator.physical import KINDS as PHYSICAL_KINDS
from reference.datasets.ground_truth import AnyScene, photographs_folder, photographs_of, physical_scenes, scenes
from reference.datasets.pairs import embedded_pairs
from reference.datasets.registry import data_root, find_group
from reference.errors import BadInput
from reference.experiments.ablation import ablation
from reference.experiments.against_truth import CONDITIONS, against_truth, difference, means
from reference.experiments.cache import ResultCache
from reference.experiments.candidates import candidates
from reference.experiments.choose import KINDS, choose, segmented
from reference.experiments.lytro import MapMaker, columns_of, lytro, published_ranks
from reference.experiments.methods import FUNCTIONS, by_function, by_pipeline
from reference.experiments.scores import Scores
from reference.images.files import read_image
from reference.methods.gfdf import segment
from reference.metrics.truth import psnr
from reference.network import TRAINED
from reference.network.cached import CachedNetwork
from reference.network.loading import load_network
from reference.network.summary import cost
from reference.network.training.crops import MARGIN, read_photographs
from reference.network.training.recipe import Recipe
from reference.network.training.train import validate
from reference.network.weights import widths_of
from reference.parameters import PAPER, TUNED, FusionParameters
from reference.pipeline import fuse
from reference.steps import gray
from reference.steps.arrays import Image


def validation(name: str, network: CachedNetwork, data: Path | None) -> dict[str, float]:
    """Validate shipped weights by the recipe of their training (data/weights/NAME.json).

    returns  validation_loss and validation_accuracy, of patches or of the map, as at the end of the run
    """
    path = data_root() / "weights" / f"{name}.json"
    numbers = json.loads(path.read_text())["recipe"]
    if other := set(numbers) - {field.name for field in fields(Recipe)}:  # what came later is as its default has it
        raise BadInput(f"{path} has another kind of recipe than today's: {', '.join(sorted(other))}")
    recipe = Recipe(**numbers)
    photographs = read_photographs(photographs_folder(data), recipe.crop + 2 * MARGIN, without=photographs_of("test"))
    return validate(network.module, recipe, photographs, of_map=recipe.map_steps > 0)


Record = dict[str, Any]
# Parameters of enhanced and of the other method: published, chosen by kind, and all chosen against filters chosen.
COMPARED = (("", ""), *((f":{kind}", f":{kind}") for kind in KINDS), (":all", ":filters"))


@dataclass(frozen=True)
class Evaluation:
    """The parts of an evaluation, each a method that returns JSON values."""

    names: tuple[str, ...]
    out: Path  # folder for cached results
    data: Path | None = None
    device: str = "auto"

    @cached_property
    def networks(self) -> dict[str, CachedNetwork]:
        """The networks, loaded once."""
        return {name: self._network(name) for name in self.names}

    def _network(self, name: str) -> CachedNetwork:
        return CachedNetwork.of(load_network(name, data=self.data, device=self.device), self.out / "scores")

    @cached_property
    def result_cache(self) -> ResultCache:
        """The cache of results, from earlier runs too."""
        return ResultCache(self.out / "kept.jsonl")

    def weights(self) -> Record:
        """The weights files that are evaluated, and the cost of their networks."""
        weights = {}
        for name, network in self.networks.items():
            parameters, gflop = cost(network.module)
            widths = {"sha256": network.file.sha256, "widths": widths_of(network.module)}
            weights[name] = {**widths, "parameters": parameters, "gflop": gflop}
        return weights

    def validation(self) -> Record:
        """Loss and accuracy on the validation crops of training."""
        ours = {name: network for name, network in self.networks.items() if name in TRAINED}
        return {name: validation(name, network, self.data) for name, network in ours.items()}

    def embedded(self) -> Record:
        """PSNR on the embedded pairs with PAPER."""
        by_pair: Record = {}
        for pair in tqdm(embedded_pairs(), desc="embedded pairs", unit="pair", leave=False):
            assert pair.truth is not None
            a, b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
            images = {"a": a, "b": b} | {name: by_function(name, a, b).image for name in FUNCTIONS}
            images |= {name: fuse(a, b, network).image for name, network in self.networks.items()}
            by_pair[pair.name] = {name: psnr(im2uint8(image), im2uint8(truth)) for name, image in images.items()}
        return by_pair

    @cached_property
    def chosen(self) -> Record:
        """Parameters of every method, chosen on the pairs for choosing."""
        return self._chosen_on(scenes("choose"))

    def _chosen_on(self, choosing: Sequence[AnyScene]) -> Record:
        methods: dict[str, CachedNetwork | None] = {"gff": None, "gfdf": None, **self.networks}
        return {name: choose(name, net, self.result_cache, self.data, choosing) for name, net in methods.items()}

    def choice(self) -> Record:
        """The same, as a part."""
        return self.chosen

    def truth(self) -> Record:
        """Means over the test pairs by condition, by boundary without noise, and differences with intervals."""
        testing = scenes("test")
        scores = against_truth(candidates(self.networks, self.chosen), self.result_cache, self.data, testing)
        boundaries = {kind: [scene for scene in testing if scene.boundary == kind] for kind in BOUNDARIES}
        return {
            "conditions": {condition: means(scores, testing, condition) for condition in CONDITIONS},
            "boundaries": {kind: means(scores, of_kind, "clean") for kind, of_kind in boundaries.items()},
            "differences": {condition: self._differences(scores, testing, condition) for condition in CONDITIONS},
        }

    def physical(self) -> Record:
        """The same on the physical pairs, as taken; parameters are chosen on those for choosing."""
        chosen, testing = self._chosen_on(physical_scenes("choose")), physical_scenes("test")
        scores = against_truth(candidates(self.networks, chosen), self.result_cache, self.data, testing, ("clean",))
        kinds = {kind: [s for s in testing if kind in ("all", s.capture.kind)] for kind in ("all", *PHYSICAL_KINDS)}
        return {
            "choice": chosen,
            "kinds": {kind: means(scores, of_kind, "clean") for kind, of_kind in kinds.items()},
            "differences": {"all": self._differences(scores, testing, "clean")},
        }

    def _differences(self, scores: Scores, testing: Sequence[AnyScene], condition: str) -> Record:
        """PSNR of enhanced less that of the others."""
        others = [name for name in ("gff", "gfdf", *self.networks) if name != "enhanced"]
        compared = COMPARED if "enhanced" in self.networks else ()
        return {
            f"enhanced{mine} less {other}{its}": difference(scores, f"enhanced{mine}", other + its, testing, condition)
            for mine, its in compared
            for other in others
        }

    def lytro(self) -> Record:
        """Scores on Lytro over radius and eps, for the maps of every network and of GFDF."""
        maps: dict[str, tuple[Any, MapMaker]] = {"gfdf": ("gfdf", lambda a, b: segment(gray(a), gray(b)))}
        for name, network in self.networks.items():
            maps[name] = (network.file.sha256, partial(segmented, network=network))
        return {"published": published_ranks(self.data), "ours": lytro(maps, self.result_cache, self.data)}

    def ablation(self) -> Record:
        """The effect of changing one decision at a time."""
        network = self._network("enhanced")
        children = self._children() if find_group("children", self.data) else None
        return ablation(network, children, self.result_cache, self.data)

    def children(self) -> Record:
        """The columns of Table 1 for every network, with PAPER, TUNED, and windows of D5."""
        a, b = self._children()
        by_network: Record = {}
        for name, network in self.networks.items():
            for label, parameters in _variants().items():
                compute = partial(columns_of, partial(by_pipeline, network, parameters), a, b)
                key = ["children", network.file.sha256, vars(parameters)]
                by_network.setdefault(name, {})[label] = self.result_cache(key, compute)
        return by_network

    def _children(self) -> tuple[Image, Image]:
        files = find_group("children", self.data) or {}
        a, b = (read_image(files[f"children_{number}.tif"]).pixels for number in (1, 2))
        return a, b


# The parts, and the groups of data that each needs.
PARTS: dict[str, tuple[str, ...]] = {
    "weights": (), "validation": ("cid22_validation",), "embedded": (), "choice": ("cid22_validation",),
    "truth": ("cid22_validation",), "physical": ("cid22_validation",), "ablation": ("cid22_validation",),
    "lytro": ("lytro", "survey_scores"), "children": ("children",),
}  # fmt: skip


def _variants() -> dict[str, FusionParameters]:
    """PAPER, TUNED, and the windows of D5, pooling FM or 1 - FM by the maximum or the mixture."""
    return {"paper": PAPER, "tuned": TUNED} | {
        f"D5: window {window}, p {p:g}, side {side}": replace(PAPER, pool_window=window, pool_p=p, pool_side=side)  # type: ignore[arg-type]
        for side, p, window in product(("a", "b"), (1.0, 0.5), (3, 9, 17, 33))
    }
