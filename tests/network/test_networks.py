"""The networks against plain loops on small sizes, and what their geometry promises."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.network.enhanced import EnhancedConfig, EnhancedNetwork, in_blocks
from reference.network.liu2017 import Liu2017Network, from_matlab, over_patches
from reference.network.pooling import MixedPooling, softmax_pooling
from reference.network.scoring import arithmetic
from reference.network.weights import build
from reference.steps import pyramid, score_map
from tests.support import oracles
from tests.support.networks import TINY, liu_arrays, scoring, tiny


@pytest.mark.parametrize("levels", [1, 2, 3, 4])
@pytest.mark.parametrize("shape", [(20, 20), (17, 22), (16, 16), (19, 23)])
def test_enhanced_equals_plain_loops(levels, shape):
    module = tiny(levels, seed=levels)
    rng = np.random.default_rng(levels)
    pyramids = [pyramid(rng.random(shape), levels) for _ in range(2)]
    state = {key: value.double().numpy() for key, value in module.state_dict().items()}
    expected = oracles.enhanced_network(state, levels, *pyramids)
    np.testing.assert_allclose(score_map(*pyramids, scoring(module)), expected, rtol=0, atol=1e-6)
    double = module.double()  # in double the two must agree to the rounding of doubles: no step is left out
    with torch.no_grad():
        tensors = [[torch.from_numpy(level)[None, None] for level in p] for p in pyramids]
        scores = torch.softmax(double(*tensors), dim=1)[0, 1].numpy()
    np.testing.assert_allclose(scores, expected, atol=1e-13)


def test_enhanced_takes_other_filter_sizes():
    module = tiny(filter_sizes=(3, 5, 5, 7, 7))
    p = pyramid(np.random.default_rng(1).random((18, 20)), 3)
    state = {key: value.double().numpy() for key, value in module.state_dict().items()}
    np.testing.assert_allclose(scoring(module)(p, p), oracles.enhanced_network(state, 3, p, p), atol=1e-5)


@pytest.mark.parametrize("d7", ["channel", "attention", "max"])
def test_enhanced_takes_other_readings_of_softmax_pooling(d7):
    module = tiny(softmax_pooling=d7)
    p = pyramid(np.random.default_rng(2).random((18, 20)), 3)
    state = {key: value.double().numpy() for key, value in module.state_dict().items()}
    found = scoring(module)(p, p)
    for other in ("channel", "attention", "max"):
        expected = oracles.enhanced_network(state, 3, p, p, other)
        assert (np.abs(found - expected).max() < 1e-5) == (other == d7)


@pytest.mark.parametrize(("p", "pool"), [(1.0, torch.nn.functional.max_pool2d), (0.0, torch.nn.functional.avg_pool2d)])
def test_a_fixed_p_is_maximum_or_average_pooling_and_not_learned(p, pool):
    module = EnhancedNetwork(EnhancedConfig(**TINY, pooling_p=p))
    x = torch.rand(1, 2, 6, 8)
    torch.testing.assert_close(module.mixed_pooling(x, 2, 2), pool(x, 2))
    assert not module.mixed_pooling.p.requires_grad


def test_enhanced_has_the_papers_sizes_by_default():
    config = EnhancedConfig()
    assert config.filters == (32, 64, 128, 256, 512)
    assert config.fully_connected == (1024, 512, 256)
    assert config.filter_sizes == (3, 3, 3, 3, 3)
    module = EnhancedNetwork()
    assert module.fully_connected[0].in_channels == 6 * 1024  # A0 A1 A2 B0 B1 B2, each mixed and softmax pooled
    assert sum(p.numel() for p in module.parameters()) == 8517124
    assert [float(p.detach()) for p in (module.mixed_pooling.p, module.window_mixed_pooling.p)] == [0.5, 0.5]


@given(st.integers(16, 70), st.integers(16, 70), st.sampled_from([1, 2, 3, 4]))
def test_every_size_has_its_scores(height, width, levels):
    module = EnhancedNetwork(EnhancedConfig(levels=levels, filters=(1, 1, 1, 1, 1), fully_connected=(1, 1, 1)))
    p = pyramid(np.zeros((height, width)), levels)
    assert score_map(p, p, scoring(module)).shape == ((height + 1) // 2 - 7, (width + 1) // 2 - 7)


@pytest.mark.parametrize(("build_network", "shift"), [(tiny, 8), (lambda: build("liu2017"), 2)])
@pytest.mark.slow
def test_shifting_both_sources_shifts_the_inner_scores(build_network, shift):
    """By 2 pixels for liu2017, by 2^levels for enhanced: away from the border nothing else changes."""
    torch.manual_seed(3)
    network = scoring(build_network())
    a, b = np.random.default_rng(5).random((2, 144, 152))
    levels = network.levels
    whole = network(pyramid(a, levels), pyramid(b, levels))
    moved = network(pyramid(a[shift:, shift:], levels), pyramid(b[shift:, shift:], levels))
    inner, step = 26, shift // 2  # the coarsest level sees 8 of its pixels, 32 of the image's, and the pyramid's 6
    np.testing.assert_allclose(
        moved[inner:-inner, inner:-inner], whole[step + inner : -inner, step + inner : -inner], rtol=0, atol=1e-6
    )


def test_a_batch_of_two_equals_each_alone():
    module = tiny()
    levels = [torch.rand(2, 1, 32 >> level, 40 >> level) for level in range(3)]
    with torch.no_grad(), arithmetic(deterministic=True):
        both = module(levels, levels[:])
        first = module([x[:1] for x in levels], [x[:1] for x in levels])
    torch.testing.assert_close(both[:1], first)


def test_a_and_b_do_not_trade_places():
    """Concatenation order A0 A1 A2 B0 B1 B2: a network that looks only at A must not see B."""
    module = tiny()
    with torch.no_grad():
        module.fully_connected[0].weight[:, 3 * 2 * 5 :] = 0  # the columns of B
    network = scoring(module)
    a, b, c = (pyramid(x, 3) for x in np.random.default_rng(6).random((3, 24, 24)))
    np.testing.assert_array_equal(network(a, b), network(a, c))
    assert not np.array_equal(network(b, a), network(c, a))


# -- pooling by hand


def test_softmax_pooling_by_hand():
    x = torch.tensor([[[[0.0, np.log(2.0)], [0.0, np.log(4.0)]]]])
    expected = (2 * np.log(2) + 4 * np.log(4)) / (1 + 2 + 1 + 4)
    assert abs(float(softmax_pooling(x, 2)) - expected) < 1e-6


@pytest.mark.parametrize("top", [10.0, 70.0, 600.0])
def test_softmax_pooling_of_large_values_stays_finite(top):
    x = torch.zeros(1, 1, 4, 4)
    x[0, 0, 1, 1] = top
    pooled = softmax_pooling(x, 2)
    assert torch.isfinite(pooled).all()
    assert abs(float(pooled[0, 0, 0, 0]) - top) < 1e-2
    assert float(pooled[0, 0, 2, 2]) == 0


@given(st.integers(2, 9), st.integers(2, 9), st.sampled_from([(2, 2), (2, 1), (1, 1)]))
def test_mixed_pooling_of_odd_sides_cuts_windows_off(height, width, case):
    window, stride = case
    x = torch.rand(1, 2, height, width)
    layer = MixedPooling()
    pooled = layer(x, window, stride).detach().numpy()[0]
    rows = range(0, height if stride == 2 else height - window + 1, stride)
    columns = range(0, width if stride == 2 else width - window + 1, stride)
    for channel in range(2):
        for r, top in enumerate(rows):
            for c, left in enumerate(columns):
                pixels = x[0, channel, top : top + window, left : left + window].numpy()
                assert abs(pooled[channel, r, c] - (pixels.max() + pixels.mean()) / 2) < 1e-6


def test_mixed_pooling_keeps_its_p_within_0_and_1():
    layer = MixedPooling()
    with torch.no_grad():
        layer.p.fill_(3.0)
    x = torch.rand(1, 1, 4, 4)
    torch.testing.assert_close(layer(x, 2, 2), torch.nn.functional.max_pool2d(x, 2))


# -- Liu's network


@pytest.mark.parametrize("shape", [(16, 16), (19, 21), (22, 17)])
def test_liu_slight_equals_plain_loops_on_the_columns_of_his_file(shape):
    mat = liu_arrays()
    variant, state = from_matlab(mat)
    module = Liu2017Network(variant, filters=(2, 3, 4))
    module.load_state_dict(state)
    a, b = np.random.default_rng(1).random((2, *shape))
    expected = oracles.liu_slight(mat, a, b)
    np.testing.assert_allclose(scoring(module)((a,), (b,)), expected, atol=1e-5)
    assert not np.allclose(oracles.liu_slight(mat, b, a), expected, atol=1e-3)  # A's channels come first


def test_liu_full_is_one_matrix_longer_without_relu():
    mat = liu_arrays(full=True)
    variant, state = from_matlab(mat)
    assert variant == "full"
    module = Liu2017Network(variant, filters=(2, 3, 4))
    module.load_state_dict(state)
    # Linear after linear is one linear map: the slight network with the product of both gives the same.
    product = np.einsum("ipf,fo->ipo", mat["weights_feature"].astype(float), mat["weights_output"][:, 0].astype(float))
    slight = {**{key: value for key, value in mat.items() if "feature" not in key}, "weights_output": product}
    a, b = np.random.default_rng(2).random((2, 18, 19))
    np.testing.assert_allclose(scoring(module)((a,), (b,)), oracles.liu_slight(slight, a, b), atol=1e-5)


@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_patches_by_kernel_rows_are_the_convolution(outputs):
    layer = torch.nn.Conv2d(3, outputs, 8).double()
    x = torch.rand(2, 3, 11, 13, dtype=torch.float64)
    torch.testing.assert_close(over_patches(x, layer), layer(x))


def test_reference_arithmetic_leaves_torch_as_it_was():
    before, onednn = torch.get_num_threads(), torch.backends.mkldnn.enabled
    torch.set_num_threads(3)  # other than the one thread of a worker, so that both halves can fail
    try:
        with arithmetic(deterministic=True):
            assert torch.get_num_threads() == 1
            assert not torch.backends.mkldnn.enabled
        assert (torch.get_num_threads(), torch.backends.mkldnn.enabled) == (3, onednn)
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: EnhancedConfig(levels=5), "levels is 5, but a 16-pixel patch has 1 to 4"),
        (lambda: EnhancedConfig(filter_sizes=(3, 3, 3, 3, 4)), "five convolutions of odd size"),
        (lambda: EnhancedConfig(pooling_p=1.5), r"pooling_p is 1.5, but a probability lies in \[0, 1\]"),
        (lambda: Liu2017Network("wide"), "variant is 'wide', but liu2017 is 'full' or 'slight'"),
        (lambda: build("unet"), "network is 'unet', but there are enhanced, half, small, liu2017"),
        (lambda: build("small", {"depth": 3}), "small has no such setting"),
    ],
)
def test_settings_that_do_not_exist_are_named(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize("settings", [{}, {"filter_sizes": (3, 5, 5, 7, 7)}, {"levels": 4}, {"levels": 1}])
@pytest.mark.parametrize("shape", [(75, 40), (64, 33), (16, 16), (81, 17)])
@pytest.mark.parametrize("rows", [3, 8, 100])
def test_bands_give_the_scores_of_the_whole(settings, shape, rows):
    module = tiny(**settings).double()
    rng = np.random.default_rng(7)
    pyramids = [pyramid(rng.random(shape), module.levels) for _ in range(2)]
    a, b = ([torch.from_numpy(level)[None, None] for level in p] for p in pyramids)
    with torch.no_grad():
        torch.testing.assert_close(in_blocks(module, a, b, rows), module(a, b), rtol=0, atol=1e-12)


def test_a_smaller_halo_would_not_do(monkeypatch):
    module = tiny().double()
    gray = torch.from_numpy(np.random.default_rng(8).random((80, 30)))[None, None]
    levels = [gray, gray[..., ::2, ::2], gray[..., ::4, ::4]]
    monkeypatch.setattr(EnhancedConfig, "halo", 6)
    with torch.no_grad():
        assert (in_blocks(module, levels, levels, 8) - module(levels, levels)).abs().max() > 1e-9
