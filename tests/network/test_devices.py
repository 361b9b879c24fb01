"""Networks on a device: which one is taken, and that nothing is left behind on another."""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np
import pytest
import torch

from reference.errors import WrongUsage
from reference.network.enhanced import in_blocks
from reference.network.scoring import ScoringNetwork, find_device
from reference.network.training import train as training
from reference.network.training.crops import batch_of_crops
from reference.network.training.recipe import Recipe
from reference.network.weights import NetworkFile
from tests.support.networks import TINY, scoring, tiny

META = torch.device("meta")  # shapes without values: it refuses what lies elsewhere, as a GPU does


@pytest.mark.parametrize(("cuda", "mps", "expected"), [(1, 1, "cuda"), (0, 1, "mps"), (0, 0, "cpu")])
def test_auto_is_a_gpu_where_there_is_one(cuda, mps, expected, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: bool(cuda))
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: bool(mps))
    assert find_device("auto").type == expected


def test_a_device_that_is_not_there_is_refused_with_what_is(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    with pytest.raises(WrongUsage, match="the device cuda cannot be used: PyTorch sees mps, cpu"):
        find_device("cuda")


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_deterministic_arithmetic_is_for_the_cpu(name, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert find_device("auto").type == "cuda"
    assert find_device("auto", deterministic=True).type == "cpu"
    with pytest.raises(WrongUsage, match=f"the device {name} cannot be used: deterministic arithmetic is for the CPU"):
        find_device(name, deterministic=True)


def test_auto_and_cpu_give_equal_bytes():
    if find_device("auto").type != "cpu":
        pytest.skip("there is a GPU")
    file = NetworkFile("test", tiny(), None, "")
    rng = np.random.default_rng(0)
    pyramids = [tuple(rng.random((40 >> level, 40 >> level)) for level in range(3)) for _ in "ab"]
    auto, cpu = (ScoringNetwork(file, device=name)(*pyramids) for name in ("auto", "cpu"))
    assert auto.tobytes() == cpu.tobytes()


def test_a_network_leaves_the_module_of_its_file_as_it_was():
    module = tiny().train()
    before = {key: value.stride() for key, value in module.state_dict().items()}
    fast, slow = (scoring(module, deterministic) for deterministic in (False, True))
    assert module.training
    assert {key: value.stride() for key, value in module.state_dict().items()} == before
    assert fast.module is not slow.module is not module
    assert fast.with_progress(print).module is fast.module


def test_scores_in_blocks_stay_on_the_device():
    network = tiny(softmax_pooling="max").to(META)
    pyramids = [[torch.empty(1, 1, 40 >> level, 52 >> level, device=META) for level in range(3)] for _ in "ab"]
    assert in_blocks(network, *pyramids, rows=4, columns=8).device == META


@pytest.mark.parametrize("of_map", [False, True])
def test_training_computes_on_the_device(of_map, monkeypatch):
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())  # which knows no such device
    recipe = Recipe(settings=TINY, batch=2, crop=32, bfloat16=False)
    photographs = [np.random.default_rng(0).random((64, 64)).astype(np.float32)]
    module = tiny(softmax_pooling="max").to(META)
    loss, accuracy = training._evaluate(module, recipe, batch_of_crops(photographs, recipe, 0), of_map)
    assert {loss.device, accuracy.device} == {META}
