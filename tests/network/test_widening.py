"""Larger networks compute what the smaller ones do that they were made of, until noise parts the copies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image
from reference.network.enhanced import EnhancedConfig
from reference.network.loading import weights_path
from reference.network.scoring import ScoringNetwork
from reference.network.training.widening import grow, grow_kernels, widen
from reference.network.weights import NetworkFile, build, read_weights
from reference.steps import gray, pyramid
from tests.support.networks import tiny

NARROW = EnhancedConfig(filters=(2, 3, 3, 4, 5), fully_connected=(6, 5, 4))


def narrow(config=NARROW):
    return tiny(**vars(config))


def scores(module, shape=(25, 22)):
    rng = np.random.default_rng(0)
    pyramids = [pyramid(rng.random(shape), module.levels) for _ in range(2)]
    return ScoringNetwork(NetworkFile("enhanced", module, None, ""), True)(*pyramids)


@pytest.mark.slow
def test_half_the_papers_widths_become_the_papers():
    """On a whole pair."""
    file = read_weights(weights_path("half", None), "half")
    whole = EnhancedConfig()
    assert file.module.config.filters == tuple(one // 2 for one in whole.filters)
    assert file.module.config.fully_connected == tuple(one // 2 for one in whole.fully_connected)
    pair = next(pair for pair in embedded_pairs() if pair.name == "camera_grass")
    pyramids = [pyramid(gray(read_image(path).pixels), 3) for path in (pair.image_a, pair.image_b)]
    before = ScoringNetwork(file)(*pyramids)
    wide = widen(file.module, EnhancedConfig())
    assert build("enhanced").state_dict().keys() == wide.state_dict().keys()
    after = ScoringNetwork(replace(file, module=wide))(*pyramids)
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-5)  # 1e-6 was seen


@pytest.mark.parametrize("filters", [(4, 6, 6, 8, 10), (2, 3, 3, 4, 6), (3, 7, 4, 9, 13)])
@pytest.mark.parametrize("levels", [1, 3])
def test_any_wider_network_scores_alike(filters, levels):
    module = narrow(replace(NARROW, levels=levels))
    wide = widen(module, replace(module.config, filters=filters, fully_connected=(7, 11, 4)))
    assert [layer.weight.shape[0] for layer in wide.convolutions] == list(filters)
    np.testing.assert_allclose(scores(wide), scores(module), rtol=0, atol=1e-5)
    assert float(wide.mixed_pooling.p.detach()) == pytest.approx(0.3)


def test_kernels_grow_by_zeros_and_nothing_moves():
    module = narrow()
    larger = grow_kernels(module, (3, 5, 5, 7, 7))
    assert [layer.weight.shape[-1] for layer in larger.convolutions] == [3, 5, 5, 7, 7]
    np.testing.assert_allclose(scores(larger), scores(module), rtol=0, atol=1e-6)
    assert all(torch.equal(x, y) for x, y in zip(module.parameters(), narrow().parameters(), strict=True))


def test_a_network_grows_both_ways_at_once():
    config = EnhancedConfig(filters=(4, 6, 6, 8, 10), fully_connected=(12, 10, 8), filter_sizes=(3, 5, 5, 7, 7))
    grown = grow(narrow(), config, 0.0, 0)
    assert grown.config == config
    np.testing.assert_allclose(scores(grown), scores(narrow()), rtol=0, atol=1e-5)


def test_noise_parts_the_copies_and_hardly_moves_the_scores():
    config = replace(NARROW, filters=(4, 6, 6, 8, 10), fully_connected=(12, 10, 8))
    same, parted, again, other = (widen(narrow(), config, *n) for n in ((0.0,), (0.1, 0), (0.1, 0), (0.1, 1)))
    for number, layer in enumerate((*parted.convolutions, *parted.fully_connected[:-1])):
        first, second = layer.weight.chunk(2)
        assert (first - second).abs().max() > 0.01, number
        if layer.weight.shape[-1] > 1:  # the filters' means do not move
            plain = (*same.convolutions, *same.fully_connected)[number].weight
            torch.testing.assert_close(layer.weight.mean(dim=(2, 3)), plain.mean(dim=(2, 3)), rtol=0, atol=1e-6)
    for x, y, z in zip(parted.parameters(), again.parameters(), other.parameters(), strict=True):
        assert torch.equal(x, y)
        assert x.dim() < 4 or x.shape[0] == 2 or not torch.equal(x, z)
    assert 0 < np.abs(scores(parted) - scores(narrow())).mean() < 0.02


@pytest.mark.slow
def test_copies_go_apart_when_trained():
    module = widen(narrow(), replace(NARROW, filters=(4, 6, 6, 8, 10)), noise=0.1)
    before = module.convolutions[1].weight.detach().clone()
    optimizer = torch.optim.SGD(module.parameters(), 0.1)
    levels = [[torch.rand(1, 1, 24 >> level, 24 >> level) for level in range(3)] for _ in range(2)]
    module(*levels).softmax(dim=1)[:, 1].mean().backward()
    optimizer.step()
    first, second = (module.convolutions[1].weight.detach() - before).chunk(2)
    assert not torch.allclose(first, second, rtol=1e-3, atol=0)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: widen(narrow(), replace(NARROW, filters=(4, 6, 6, 8, 3))), "can only become wider"),
        (lambda: widen(narrow(), replace(NARROW, levels=2)), "differ in more than their widths"),
        (lambda: grow_kernels(grow_kernels(narrow(), (3, 5, 3, 3, 3)), (3,) * 5), "can only grow"),
        (
            lambda: widen(
                narrow(replace(NARROW, softmax_pooling="attention")),
                replace(NARROW, softmax_pooling="attention", filters=(2, 3, 3, 4, 6)),
            ),
            "as many copies",
        ),
    ],
)
def test_what_is_not_larger_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
