"""Dense soft labels for the score grid, and the loss that ignores patches without texture."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from reference.patches import PATCH, STRIDE

__all__ = ["focus_loss", "patch_means"]


def patch_means(image: Tensor) -> Tensor:
    """Mean over the 16 x 16 patch of every score: (B, H, W) -> (B, h, w), patches 2 pixels apart."""
    return functional.avg_pool2d(image[:, None], PATCH, STRIDE)[:, 0]


def focus_loss(logits: Tensor, label: Tensor, texture: Tensor, texture_half: float) -> tuple[Tensor, Tensor]:
    """Cross-entropy against the part of each patch where A is nearer to the scene, and the share judged right.

    weight = t / (t + texture_half),  t = mean texture of the patch: where A and B look alike nothing can be learned

    logits   (B, 2, h, w), channel 1 = A in focus
    label    (B, H, W), 1 where A is nearer to the scene
    texture  (B, H, W), |A - B|
    returns  two scalars: loss; accuracy of the decision at 1/2, weighted alike
    """
    share = patch_means(label)
    difference = patch_means(texture)
    weight = difference / (difference + texture_half)
    log_scores = functional.log_softmax(logits.float(), dim=1)
    entropy = -(share * log_scores[:, 1] + (1 - share) * log_scores[:, 0])
    right = ((logits[:, 1] > logits[:, 0]) == (share > 0.5)).float()
    total = weight.sum().clamp(min=torch.finfo(torch.float32).tiny)
    return (weight * entropy).sum() / total, (weight * right).sum() / total
