"""The baseline of Table 1: the siamese network of Liu et al. 2017, in its full and its slight form.

Source: Y. Liu, X. Chen, H. Peng, Z. Wang, Information Fusion 36, 2017.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional


class Liu2017Network(nn.Module):
    """Score how much more A is in focus than B, for every 16 x 16 patch, 2 pixels apart (Liu et al. 2017).

    Per source 3x3x64, 3x3x128, max pooling 2 x 2, 3x3x256, the convolutions zero padded and followed by ReLU; A's
    channels before B's (512); then 8x8 to 256 and on to 2 (full, no ReLU between, as published), or 8x8 to 2 (slight).
    """

    levels = 1  # the image alone
    reach = 4  # pixels beyond its patch on which a score depends: 1 + 1, and 1 of the halved image
    input_gain = 1.0  # gray levels enter unscaled
    memory = 1200  # bytes per pixel

    def __init__(self, variant: str = "slight", filters: tuple[int, int, int] = (64, 128, 256)) -> None:
        super().__init__()
        if variant not in ("full", "slight"):
            raise ValueError(f"variant is {variant!r}, but liu2017 is 'full' or 'slight'")
        first, second, third = filters
        self.conv_1 = nn.Conv2d(1, first, 3, padding=1)
        self.conv_2 = nn.Conv2d(first, second, 3, padding=1)
        self.conv_3 = nn.Conv2d(second, third, 3, padding=1)
        self.feature = nn.Conv2d(2 * third, third, 8) if variant == "full" else None
        self.output = nn.Conv2d(third, 2, 1) if variant == "full" else nn.Conv2d(2 * third, 2, 8)

    def forward(self, pyramid_a: Sequence[Tensor], pyramid_b: Sequence[Tensor]) -> Tensor:
        """Level 0 is (B, 1, H, W); returns logits (B, 2, ceil(H / 2) - 7, ceil(W / 2) - 7), channel 1 = A in focus."""
        x = torch.cat([self.branch(pyramid_a[0]), self.branch(pyramid_b[0])], dim=1)  # (B, 512, H / 2, W / 2)
        if self.feature is None:
            return over_patches(x, self.output)  # (B, 2, h, w)
        logits: Tensor = self.output(over_patches(x, self.feature))  # (B, 256, h, w), (B, 2, h, w)
        return logits

    def branch(self, gray: Tensor) -> Tensor:
        """Features of one source: (B, 1, H, W) -> (B, 256, ceil(H / 2), ceil(W / 2))."""
        x = functional.relu(self.conv_1(gray), inplace=True)
        x = functional.relu(self.conv_2(x), inplace=True)
        # Liu pads odd sides right and bottom with zero; after ReLU a window cut off there has the same maximum.
        x = functional.max_pool2d(x, 2, 2, ceil_mode=True)
        return functional.relu(self.conv_3(x), inplace=True)


def over_patches(x: Tensor, layer: nn.Conv2d) -> Tensor:
    """The convolution `layer`, 8 x 8 without padding, one row of its kernels at a time: (B, C, H, W) -> (B, K, h, w).

    The same sums as `layer(x)`: a row of eight taps is a 1 x 1 convolution to 8 K channels, which are then shifted and
    added. Without oneDNN PyTorch would copy every patch, 8 GB for a pair of 520 x 520.
    """
    outputs, _, side, _ = layer.weight.shape
    h, w = (length - side + 1 for length in x.shape[-2:])
    total = layer.get_parameter("bias")[:, None, None]
    for dy in range(side):
        taps = layer.weight[:, :, dy].permute(2, 0, 1).flatten(0, 1)[..., None, None]  # (8 K, C, 1, 1)
        row = functional.conv2d(x[:, :, dy : dy + h], taps).reshape(x.shape[0], side, outputs, h, -1)
        for dx in range(side):
            total = total + row[:, dx, :, :, dx : dx + w]
    return total


def from_matlab(mat: Mapping[str, NDArray[np.float32]]) -> tuple[str, dict[str, Tensor]]:
    """Translate the authors' cnnmodel.mat into the variant and the weights of Liu2017Network.

    mat      weights_b1_1 (9, 64), weights_b1_2 (64, 9, 128), weights_b1_3 (128, 9, 256) and biases_b1_1..3; then
             weights_feature (512, 64, 256) and weights_output (256, 1, 2), or weights_output (512, 64, 2).
             Kernels are stored column by column and used as correlation.
    raises   KeyError for a missing array, ValueError for one of another shape

    The published code adds no biases after the third convolution, so those of the file are not used.
    """
    slight = "weights_feature" not in mat
    layers = {"conv_1": "weights_b1_1", "conv_2": "weights_b1_2", "conv_3": "weights_b1_3"}
    layers |= {"output": "weights_output"} if slight else {"feature": "weights_feature", "output": "weights_output"}
    state: dict[str, Tensor] = {}
    for layer, key in layers.items():
        weight = _kernels(mat[key])
        state[f"{layer}.weight"] = weight
        if key.startswith("weights_b1"):
            bias = np.ravel(mat[key.replace("weights", "biases")])
            state[f"{layer}.bias"] = torch.from_numpy(bias.astype(np.float32))
        else:
            state[f"{layer}.bias"] = torch.zeros(weight.shape[0])
    return ("slight" if slight else "full"), state


def _kernels(weights: NDArray[np.float32]) -> Tensor:
    """(channels in, side * side, channels out), columns first -> (out, in, side, side)."""
    c_in, area, c_out = weights.shape if weights.ndim == 3 else (1, *weights.shape)
    side = round(area**0.5)
    kernels = weights.astype(np.float32).reshape(c_in, side, side, c_out, order="F")
    return torch.from_numpy(np.ascontiguousarray(kernels.transpose(3, 0, 1, 2)))
