"""Small networks with random weights, and Liu's arrays in the form of his file."""

from __future__ import annotations

import numpy as np
import torch

from reference.network.enhanced import EnhancedConfig, EnhancedNetwork
from reference.network.scoring import ScoringNetwork
from reference.network.weights import NetworkFile

TINY = {"filters": (2, 3, 3, 4, 5), "fully_connected": (6, 5, 4)}


def scoring(module, deterministic=True):
    return ScoringNetwork(NetworkFile("test", module, None, ""), deterministic)


def tiny(levels=3, seed=0, **settings):
    torch.manual_seed(seed)
    module = EnhancedNetwork(EnhancedConfig(levels=levels, **{**TINY, **settings}))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.5)
        module.mixed_pooling.p.fill_(0.3)
        module.window_mixed_pooling.p.fill_(0.7)
    return module


def liu_arrays(full=False, filters=(2, 3, 4), seed=0):
    rng = np.random.default_rng(seed)
    first, second, third = filters
    sizes = {
        "weights_b1_1": (9, first), "weights_b1_2": (first, 9, second), "weights_b1_3": (second, 9, third),
        "biases_b1_1": (first, 1), "biases_b1_2": (second, 1), "biases_b1_3": (third, 1),
        "weights_output": (third, 1, 2) if full else (2 * third, 64, 2),
        "biases_output": (2, 1),
    }  # fmt: skip
    if full:
        sizes["weights_feature"] = (2 * third, 64, third)
    return {key: (0.4 * rng.standard_normal(size)).astype(np.float32) for key, size in sizes.items()}
