"""The methods compared on pairs with ground truth: published ones, networks, and oracles that know the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from reference.datasets.generator.boundaries import FocusPair, nearer_to_the_scene
from reference.experiments.choose import HARD, KINDS, Parameters, steps_by
from reference.experiments.methods import Method, by_function, by_pipeline, function_key
from reference.methods.gfdf import gfdf
from reference.methods.gff import gff
from reference.network.cached import CachedNetwork
from reference.network.training.loss import fitted_scores
from reference.parameters import PAPER, TUNED, FusionParameters
from reference.pipeline import Fusion, fuse_by_segmentation
from reference.steps import focus_map, fusion, segmentation
from reference.steps.arrays import PATCH, STRIDE, BinaryMap, Image, Map, Scores, score_shape


def candidates(networks: Mapping[str, CachedNetwork], chosen: Mapping[str, Mapping[str, Any]]) -> list[Method]:
    """All candidates: methods and networks with published and with chosen parameters, and oracles."""

    def variants(name: str, make: Callable[[str, Parameters | None], Method]) -> list[Method]:
        return [make(name, None), *(make(f"{name}:{kind}", chosen[name][kind]["parameters"]) for kind in KINDS)]

    compared = [
        Method("better source", None, _better_source),
        Method("average", None, partial(by_function, "average")),
        *variants("gff", lambda name, given: Method(name, given, lambda a, b, pair: gff(a, b, **(given or {})))),
        *variants("gfdf", _by_gfdf),
        Method("pixel", function_key("pixel"), partial(by_function, "pixel")),
    ]
    for name, network in networks.items():
        compared += variants(name, partial(by_network, network))
    maps = {"true map": _true_map, "labels as scores": _map_of_labels, "fitted scores": _map_of_fitted_scores}
    for label, steps in {"PAPER": PAPER, "TUNED": TUNED}.items():
        compared += [_by_map(f"{name}, {label}", steps, map_of) for name, map_of in maps.items()]
    return [*compared, _by_map("true map", HARD, _true_map), Method("nearer pixels", None, _nearer_pixels)]


def _by_gfdf(name: str, parameters: Parameters | None) -> Method:
    if parameters is None:
        return Method(name, None, partial(by_function, "gfdf"))
    steps, focus = steps_by(parameters), parameters["focus"]
    return Method(name, parameters, lambda a, b, pair: gfdf(a, b, steps, focus))


def by_network(network: CachedNetwork, name: str, parameters: Parameters | None) -> Method:
    """A network with the steps after it, by given parameters or by PAPER's."""
    steps = steps_by(parameters) if parameters else PAPER
    return Method(name, [network.file.sha256, network.deterministic, vars(steps)], partial(by_pipeline, network, steps))


def _by_map(name: str, steps: FusionParameters, map_of: Callable[[FocusPair], BinaryMap]) -> Method:
    """Steps 7 to 9 on a map that is made from the truth."""
    return Method(name, vars(steps), lambda a, b, pair: fuse_by_segmentation(a, b, map_of(pair), steps))


def _true_map(pair: FocusPair) -> BinaryMap:
    return pair.focus > 0.5


def _map_of_labels(pair: FocusPair) -> BinaryMap:
    """From the labels of the first part of training: the share of each patch where A is nearer to the scene."""
    return _map_of_scores(patch_shares(nearer_to_the_scene(pair)), pair)


def _map_of_fitted_scores(pair: FocusPair) -> BinaryMap:
    """From the scores whose focus map best fits where A is nearer to the scene."""
    labels = nearer_to_the_scene(pair)
    texture = np.atleast_3d(np.abs(pair.image_a - pair.image_b)).mean(axis=-1)
    return _map_of_scores(fitted_scores(labels, texture, patch_shares(labels)), pair)


def _map_of_scores(scores: Scores, pair: FocusPair) -> BinaryMap:
    return segmentation(focus_map(scores, pair.focus.shape), PAPER.focus_threshold)


def patch_shares(labels: Map) -> Scores:
    """Mean over the 16 x 16 patch of every score; at an odd border the edge is replicated.

    >>> patch_shares(np.indices((16, 20))[1] < 8.0).tolist()
    [[0.5, 0.375, 0.25]]
    """
    h, w = score_shape(labels.shape)
    whole = np.pad(np.asarray(labels, dtype=np.float64), [(0, labels.shape[0] % 2), (0, labels.shape[1] % 2)], "edge")
    patches = np.lib.stride_tricks.sliding_window_view(whole, (PATCH, PATCH))[::STRIDE, ::STRIDE][:h, :w]
    shares: Scores = patches.mean(axis=(2, 3))
    return shares


def _nearer_pixels(a: Image, b: Image, pair: FocusPair) -> Fusion:
    """Every pixel from the source that is nearer to the scene: without noise, the optimum of a binary map."""
    errors = [np.atleast_3d((image - pair.truth) ** 2).sum(axis=-1) for image in (pair.image_a, pair.image_b)]
    nearer: Map = (errors[0] < errors[1]).astype(np.float64)
    return Fusion(fusion(a, b, nearer), nearer)


def _better_source(a: Image, b: Image, pair: FocusPair) -> Fusion:
    a_is_better = np.mean((a - pair.truth) ** 2) < np.mean((b - pair.truth) ** 2)
    return Fusion(a if a_is_better else b, np.full(a.shape[:2], float(a_is_better)))
