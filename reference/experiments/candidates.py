"""Candidates for the comparison on pairs with ground truth: methods, networks, and oracles that know the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from reference.datasets.generator.boundaries import FocusPair, nearer_to_the_scene
from reference.experiments.blending import Blend, blend_of, blended, parameters_of, segmented
from reference.experiments.choose import KINDS, Parameters
from reference.experiments.methods import function_key
from reference.methods.baselines import average
from reference.methods.gfdf import gfdf
from reference.methods.gff import gff
from reference.methods.pixel import pixel
from reference.network.cached import CachedNetwork
from reference.network.training.loss import fitted_scores
from reference.parameters import PAPER, TUNED
from reference.pipeline import Fusion
from reference.steps import focus_map, segmentation
from reference.steps.arrays import PATCH, STRIDE, Image, Map, Scores, score_shape

__all__ = ["Candidate", "by_network", "candidates"]

HARD = Blend(share=0, radius=0)


class Candidate(NamedTuple):
    """A named method with a key of all inputs besides the pair.

    fuse   takes A and B as photographed, and the true pair, which only oracles use
    """

    name: str
    cache_key: Any
    fuse: Callable[[Image, Image, FocusPair], Fusion]


def candidates(networks: Mapping[str, CachedNetwork], chosen: Mapping[str, Mapping[str, Any]]) -> list[Candidate]:
    """All candidates: methods and networks with published and with chosen parameters, and oracles.

    networks  by name
    chosen    results of `choose`, by name of the method or network and by kind
    """
    compared = [
        Candidate("better source", None, _better_source),
        Candidate("average", None, lambda a, b, pair: average(a, b)),
        *_variants("gff", chosen, _by_gff),
        *_variants("gfdf", chosen, _by_gfdf),
        Candidate("pixel", function_key("pixel"), lambda a, b, pair: pixel(a, b)),
    ]
    for name, network in networks.items():
        compared += _variants(name, chosen, partial(by_network, network))
    for label, blend in {"PAPER": blend_of(PAPER), "TUNED": blend_of(TUNED)}.items():
        compared += [_true_map(f"true map, {label}", blend), _by_scores(f"labels as scores, {label}", blend, _labels)]
        compared.append(_by_scores(f"fitted scores, {label}", blend, _fitted))
    return [*compared, _true_map("true map", HARD), Candidate("nearer pixels", None, _nearer_pixels)]


def _variants(
    name: str, chosen: Mapping[str, Mapping[str, Any]], make: Callable[[str, Parameters | None], Candidate]
) -> list[Candidate]:
    """A method with its published parameters, and with the chosen ones of each kind."""
    return [make(name, None), *(make(f"{name}:{kind}", chosen[name][kind]["parameters"]) for kind in KINDS)]


def _by_gff(name: str, parameters: Parameters | None) -> Candidate:
    return Candidate(name, parameters, lambda a, b, pair: gff(a, b, **(parameters or {})))


def _by_gfdf(name: str, parameters: Parameters | None) -> Candidate:
    if parameters is None:
        return Candidate(name, None, lambda a, b, pair: gfdf(a, b))
    steps, focus = parameters_of(_blend(parameters)), parameters["focus"]
    return Candidate(name, parameters, lambda a, b, pair: gfdf(a, b, steps, focus))


def _blend(parameters: Parameters) -> Blend:
    return Blend(parameters["share"], *parameters["blend"])


def by_network(network: CachedNetwork, name: str, parameters: Parameters | None) -> Candidate:
    """A network with the steps after it, by given parameters or by PAPER's."""
    blend = _blend(parameters) if parameters else Blend()

    def method(a: Image, b: Image, pair: FocusPair) -> Fusion:
        return blended(a, b, segmented(a, b, network), blend)

    return Candidate(name, [network.file.sha256, network.deterministic, blend], method)


def _true_map(name: str, blend: Blend) -> Candidate:
    return Candidate(name, blend, lambda a, b, pair: blended(a, b, pair.focus > 0.5, blend))


def _by_scores(name: str, blend: Blend, scores_of: Callable[[FocusPair], Scores]) -> Candidate:
    """Steps 4 to 9 on scores made from the truth."""

    def method(a: Image, b: Image, pair: FocusPair) -> Fusion:
        scores = scores_of(pair)
        return blended(a, b, segmentation(focus_map(scores, a.shape[:2]), PAPER.focus_threshold), blend)

    return Candidate(name, blend, method)


def _labels(pair: FocusPair) -> Scores:
    """The labels of the first part of training: the share of each patch where A is nearer to the scene."""
    return patch_shares(nearer_to_the_scene(pair))


def _fitted(pair: FocusPair) -> Scores:
    """The scores whose focus map best fits where A is nearer to the scene."""
    labels = nearer_to_the_scene(pair)
    texture = np.atleast_3d(np.abs(pair.image_a - pair.image_b)).mean(axis=-1)
    return fitted_scores(labels, texture, patch_shares(labels))


def patch_shares(labels: Map) -> Scores:
    """Mean over the 16 x 16 patch of every score; at an odd border the edge is replicated.

    >>> patch_shares(np.indices((16, 20))[1] < 8.0).tolist()
    [[0.5, 0.375, 0.25]]
    """
    h, w = score_shape(labels.shape)
    whole = np.pad(np.asarray(labels, dtype=np.float64), [(0, labels.shape[0] % 2), (0, labels.shape[1] % 2)], "edge")
    sums = np.pad(whole, [(1, 0), (1, 0)]).cumsum(axis=0).cumsum(axis=1)
    top, left = (slice(0, STRIDE * n, STRIDE) for n in (h, w))
    bottom, right = (slice(PATCH, PATCH + STRIDE * n, STRIDE) for n in (h, w))
    total = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    shares: Scores = np.clip(total / PATCH**2, 0.0, 1.0)
    return shares


def _nearer_pixels(a: Image, b: Image, pair: FocusPair) -> Fusion:
    """Every pixel from the source that is nearer to the scene: without noise, the optimum of a binary map."""
    errors = [np.atleast_3d((image - pair.truth) ** 2).sum(axis=-1) for image in (pair.image_a, pair.image_b)]
    return blended(a, b, errors[0] < errors[1], HARD)


def _better_source(a: Image, b: Image, pair: FocusPair) -> Fusion:
    a_is_better = np.mean((a - pair.truth) ** 2) < np.mean((b - pair.truth) ** 2)
    return Fusion(a if a_is_better else b, np.full(a.shape[:2], float(a_is_better)))
