"""The network that decides every pixel: its symmetries, its loss, and the method that fuses by it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.errors import BadInput, WrongUsage
from reference.jobs.tiles import collect_tiles, fuse_tiled
from reference.methods.pixel import PixelMethod
from reference.methods.settings import MethodSettings
from reference.network.pixel import PixelConfig, PixelNetwork
from reference.network.training.crops import batch_of_crops
from reference.network.training.loss import fused_loss
from reference.network.training.recipe import Recipe
from reference.network.weights import NetworkFile, config_of, read_weights, write_weights
from tests.support.networks import tiny

SMALL = PixelConfig(filters=2, widths=(4, 6, 8), head=4)


def network(seed=0):
    torch.manual_seed(seed)
    module = PixelNetwork(SMALL)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.5)
    return module.eval()


def image(*shape):
    return np.random.default_rng(1).random(shape)


def method(seed=0):
    return PixelMethod(NetworkFile("pixel", network(seed), None, "0"), deterministic=True)


@settings(max_examples=15)
@given(st.integers(2, 4), st.integers(1, 21), st.integers(1, 21), st.randoms(use_true_random=False))
def test_weights_follow_their_photographs_and_sum_to_one(count, height, width, random):
    grays = torch.from_numpy(np.random.default_rng(0).random((count, 1, 1, height, width), dtype=np.float32))
    order = random.sample(range(count), count)
    with torch.inference_mode():
        weights, log_variance = network()(grays)
        again, same = network()(grays[order])
    assert weights.shape == grays.shape
    torch.testing.assert_close(weights.sum(dim=0), torch.ones(1, 1, height, width))
    torch.testing.assert_close(again, weights[order], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(same, log_variance, atol=1e-4, rtol=1e-4)


def test_exchanged_photographs_have_the_other_weight():
    a, b = image(40, 52), image(40, 52)[::-1].copy()
    one, other = method()(a, b), method()(b, a)
    np.testing.assert_allclose(one.decision_map, 1 - other.decision_map, atol=1e-6)
    np.testing.assert_allclose(one.image, other.image, atol=1e-6)
    assert np.ptp(one.decision_map) > 0.01


def test_equal_photographs_weigh_the_same():
    fused = method()(image(24, 24), image(24, 24))
    np.testing.assert_allclose(fused.decision_map, 0.5, atol=1e-4)


def test_tiles_give_the_whole():
    a, b = image(150, 140, 3), image(150, 140, 3)[:, ::-1].copy()
    whole = method()(a, b)
    parts = fuse_tiled(lambda region: region.of(a), lambda region: region.of(b), a.shape, method(), 16)
    tiled = collect_tiles(parts, a.shape, np.dtype(np.uint16))
    np.testing.assert_allclose(tiled.result / 65535, whole.image, atol=2e-5)


def test_the_reach_holds_for_the_network_as_it_ships():
    torch.manual_seed(0)
    module = PixelNetwork()
    grays = torch.rand(2, 1, 1, 320, 320).requires_grad_()
    module.logits(grays)[0][0, 0, 0, 160, 160].backward()
    rows, columns = np.nonzero(grays.grad.abs().sum(dim=(0, 1, 2)).numpy())
    furthest = max(160 - rows.min(), rows.max() - 160, 160 - columns.min(), columns.max() - 160)
    assert furthest <= PixelMethod.reach


def likelihood(log_variance, squared):
    return (squared / math.exp(log_variance) + log_variance) / 2


def test_the_loss_falls_with_the_error_and_names_the_gain():
    """A is wrong by 0.2 on the right half and B on the left: errors of 0.02 each, of 0 by the right decision."""
    truth = torch.full((1, 4, 8), 0.5)
    sources = truth.expand(2, 1, 4, 8).clone()[:, :, None]
    sources[0, ..., 4:] += 0.2
    sources[1, ..., :4] += 0.2
    label, texture = (torch.arange(8) < 4).float().expand(1, 4, 8), torch.full((1, 4, 8), 0.2)
    odds = 40 * (label - 0.5)
    right, wrong = (torch.stack([sign * odds, -sign * odds])[:, :, None] for sign in (0.5, -0.5))
    log_variance = torch.full((1, 1, 4, 8), math.log(0.01))
    low, gain = fused_loss(right, log_variance, sources, truth, label, texture)
    high, lost = fused_loss(wrong, log_variance, sources, truth, label, texture)
    assert low < high
    assert gain == pytest.approx(10 * math.log10((0.02 + 1e-6) / 1e-6), abs=1e-3)
    assert lost == pytest.approx(-10 * math.log10(2), abs=1e-3)
    half, _ = fused_loss(0 * right, log_variance, sources, truth, label, texture)
    assert half == pytest.approx(
        math.log(0.01 / 0.020001 + 0.003) + 0.03 * math.log(2) + 0.02 * likelihood(math.log(0.01), 0.01), abs=1e-5
    )


def test_the_variance_is_learned_from_the_error_and_does_not_move_the_image():
    truth, sources = torch.zeros(1, 2, 2), torch.full((2, 1, 1, 2, 2), 0.1)
    logits = torch.zeros(2, 1, 1, 2, 2, requires_grad=True)
    label = texture = torch.ones(1, 2, 2)
    slopes = []
    for variance in (0.005, 0.01, 0.02):
        log_variance = torch.full((1, 1, 2, 2), math.log(variance), requires_grad=True)
        loss, _ = fused_loss(logits, log_variance, sources, truth, label, texture)
        loss.backward()
        slopes.append(float(log_variance.grad.sum()))
    assert slopes[0] < -1e-4
    assert abs(slopes[1]) < 1e-7
    assert slopes[2] > 1e-4


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_crops_hold_the_scene_of_which_one_source_is_nearer(share):
    recipe = Recipe("pixel", batch=4, crop=32, noise_share=0, jpeg_share=0, physical_share=share, soft_share=0)
    photographs = [np.random.default_rng(0).random((80, 80)).astype(np.float32)]
    crops = batch_of_crops(photographs, recipe, 0)
    errors = np.sort([np.abs(crops.a - crops.truth), np.abs(crops.b - crops.truth)], axis=0)
    assert errors[0].mean() < 0.5 * errors[1].mean()
    assert crops.truth.shape == crops.a.shape


def test_weights_are_kept_with_their_sizes(tmp_path):
    path = tmp_path / "pixel.safetensors"
    write_weights(path, "pixel", network().state_dict(), config_of(network()), half=False)
    file = read_weights(path, "pixel")
    assert file.module.config == SMALL
    loaded = MethodSettings("pixel", weights=path).load()
    assert loaded.record()["network"]["name"] == "pixel"
    with pytest.raises(WrongUsage, match="--method pixel has no --area: it takes --weights and --device"):
        MethodSettings("pixel", weights=path, area=3).load()


def test_another_network_does_not_decide_pixels():
    with pytest.raises(BadInput, match="holds the network test, which does not decide pixels"):
        PixelMethod(NetworkFile("test", tiny(), "weights.safetensors", ""))
