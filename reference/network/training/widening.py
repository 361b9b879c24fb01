"""Larger networks that compute what a trained smaller one does: more channels, larger kernels.

Source: Net2WiderNet (Chen, Goodfellow, Shlens 2016, Net2Net); decisions D3 and D13.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from reference.network.enhanced import EnhancedConfig, EnhancedNetwork


def grow(module: EnhancedNetwork, config: EnhancedConfig, noise: float, seed: int) -> EnhancedNetwork:
    """The network with the kernels of `config`, then its widths; arguments and errors as in the two below."""
    return widen(grow_kernels(module, config.filter_sizes), config, noise, seed)


def grow_kernels(module: EnhancedNetwork, filter_sizes: tuple[int, ...]) -> EnhancedNetwork:
    """The network with larger kernels, zero around the old ones: it computes the same; ValueError for a smaller one."""
    old = module.config.filter_sizes
    if any(new < size for size, new in zip(old, filter_sizes, strict=True)):
        raise ValueError(f"filter sizes are {filter_sizes}, but kernels of {old} can only grow")
    state = module.state_dict()
    for number, (size, new) in enumerate(zip(old, filter_sizes, strict=True)):
        key, rim = f"convolutions.{number}.weight", (new - size) // 2
        state[key] = functional.pad(state[key], (rim, rim, rim, rim))
    return _built(replace(module.config, filter_sizes=tuple(filter_sizes)), state)


def widen(module: EnhancedNetwork, config: EnhancedConfig, noise: float = 0.0, seed: int = 0) -> EnhancedNetwork:
    """The network with more channels: the new ones copy old ones, and what follows divides by the number of copies.

    w'[j, k] = w[j mod m, k mod n] / (number of copies of channel k mod n),  m, n: channels before

    Mixed and softmax pooling act channel by channel, so their channels may be copied; the concatenation of levels,
    sources and poolings copies within each of its blocks. Copies would learn the same for ever, so noise parts them.

    config   of the result; it differs from the module's in widths alone
    noise    in standard deviations of a layer's weights, added to copies and taken from what they copy, so that they
             differ but their sum does not; 0 changes scores by rounding alone (1e-6), 0.2 by 0.001 on average
    raises   ValueError for a width that is smaller than it was, or for another difference
    """
    old = module.config
    before, after = ((*c.filters, *c.fully_connected, 2) for c in (old, config))
    if any(new < width for width, new in zip(before, after, strict=True)):
        raise ValueError(f"widths are {after}, but a network of {before} can only become wider")
    if replace(old, filters=config.filters, fully_connected=config.fully_connected) != config:
        raise ValueError(f"{config} and {old} differ in more than their widths")
    if old.softmax_pooling == "attention" and config.filters[-1] % old.filters[-1]:
        raise ValueError("attention is over the mean of all channels, so each needs as many copies as the others")
    generator, state = torch.Generator().manual_seed(seed), module.state_dict()
    inputs = torch.arange(1)  # which old channel each of the new ones is: of the gray image, of one
    names = [name for name, _ in module.named_parameters() if name.endswith("weight")]
    for number, (name, width, new) in enumerate(zip(names, before, after, strict=True)):
        if number == len(old.filters):  # the concatenation: blocks of old.filters[-1] channels
            inputs = torch.cat([block * old.filters[-1] + inputs for block in range(4 * old.levels)])
        outputs = torch.arange(new) % width
        copies = torch.bincount(inputs)[inputs]  # of the old channel of each new one
        weight = state[name][outputs][:, inputs] / copies[:, None, None]
        apart = noise * weight.std() * torch.randn(weight[width:].shape, generator=generator)
        if apart.shape[-1] > 1:
            apart -= apart.mean(dim=(2, 3), keepdim=True)  # filters that see contrast only go on so
        weight[width:] += apart
        weight.index_add_(0, outputs[width:], -apart)
        bias, inputs = name.replace("weight", "bias"), outputs
        state[name], state[bias] = weight, state[bias][outputs]
    return _built(config, state)


def _built(config: EnhancedConfig, state: dict[str, Tensor]) -> EnhancedNetwork:
    module = EnhancedNetwork(config)
    module.load_state_dict(state)
    return module
