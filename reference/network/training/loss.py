"""The losses of training (decision D13): of scores, the focus map or the fused image; and scores fitted to the map."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from reference.network.training.recipe import Recipe
from reference.steps.arrays import PATCH, STRIDE, Map, Scores


def patch_means(image: Tensor) -> Tensor:
    """Mean over the 16 x 16 patch of every score: (B, H, W) -> (B, h, w), patches 2 pixels apart."""
    return functional.avg_pool2d(image[:, None], PATCH, STRIDE)[:, 0]


def focus_loss(logits: Tensor, label: Tensor, texture: Tensor, texture_half: float) -> tuple[Tensor, Tensor]:
    """Cross-entropy against the share of each patch where A is nearer to the scene, and the accuracy.

    weight = t / (t + texture_half),  t = mean texture of the patch: where A and B look alike, nothing can be learned

    logits   (B, 2, h, w), channel 1 = A in focus
    label    (B, H, W), 1 where A is nearer to the scene
    texture  (B, H, W), |A - B|
    returns  two scalars: loss; accuracy of the decision at 1/2, with the same weights
    """
    share = patch_means(label)
    difference = patch_means(texture)
    weight = difference / (difference + texture_half)
    log_scores = functional.log_softmax(logits.float(), dim=1)
    entropy = -(share * log_scores[:, 1] + (1 - share) * log_scores[:, 0])
    right = ((logits[:, 1] > logits[:, 0]) == (share > 0.5)).float()
    return _mean(entropy, weight), _mean(right, weight)


def overlap_means(scores: Tensor, shape: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Step 4 (`steps.focus_map`) for a batch: (B, h, w) -> map (B, H, W), and how many patches cover a pixel."""
    patch = scores.new_ones(1, 1, PATCH, PATCH)

    def spread(x: Tensor) -> Tensor:
        return functional.conv_transpose2d(x[:, None], patch, stride=STRIDE)[:, 0, : shape[0], : shape[1]]

    covered = spread(torch.ones_like(scores[:1]))
    return spread(scores) / covered, covered


def map_loss(
    logits: Tensor, label: Tensor, texture: Tensor, texture_half: float, sharpness: float
) -> tuple[Tensor, Tensor]:
    """Cross-entropy of the focus map, pixel by pixel: the decision depends on where it crosses 1/2, not on each score.

    FM = overlap mean of the scores (step 4),  q = 1 / (1 + exp(-sharpness (FM - 1/2))),
    weight = t / (t + texture_half) times the share of 64 patches that cover the pixel

    Arguments and result are as in `focus_loss`, with the segmentation in place of the decisions.
    """
    focus, covered = overlap_means(functional.softmax(logits.float(), dim=1)[:, 1], (label.shape[1], label.shape[2]))
    weight = texture / (texture + texture_half) * covered / (PATCH // STRIDE) ** 2
    entropy = functional.binary_cross_entropy_with_logits(sharpness * (focus - 0.5), label, reduction="none")
    right = ((focus > 0.5) == (label > 0.5)).float()
    return _mean(entropy, weight), _mean(right, weight)


FLOOR, ENTROPY, LIKELIHOOD = 0.003, 0.03, 0.02  # see `fused_loss`


def fused_loss(
    logits: Tensor, log_variance: Tensor, sources: Tensor, truth: Tensor, label: Tensor, texture: Tensor
) -> tuple[Tensor, Tensor]:
    """The error of the fused image against the scene without noise, and the likelihood of the error that is left.

    F = sum(D_k I_k),  D = softmax(logits),  e = mean((F - T)^2) of a crop,  e_0 that of its better source
    loss = mean over crops of log(e / e_0 + FLOOR) + ENTROPY c + LIKELIHOOD mean(((F - T)^2 / v + log v) / 2)
    c the cross-entropy of D_A against `label`, weighted as in `map_loss`; v the variance, which does not move F

    logits, sources        (2, B, 1, H, W)
    log_variance           (B, 1, H, W)
    truth, label, texture  (B, H, W)
    returns                two scalars: loss; mean over crops of 10 log10(e_0 / e), dB over the better source
    """
    fused = (functional.softmax(logits, dim=0) * sources).sum(dim=0)[:, 0]
    squared = (fused - truth) ** 2
    error, better = squared.mean(dim=(1, 2)), ((sources[:, :, 0] - truth) ** 2).mean(dim=(2, 3)).amin(dim=0)
    odds = logits[0, :, 0] - logits[1, :, 0]
    entropy = functional.binary_cross_entropy_with_logits(odds, label, reduction="none")
    weight = texture / (texture + Recipe.map_texture_half)
    log_v = log_variance[:, 0]
    likelihood = (squared.detach() * torch.exp(-log_v) + log_v).mean() / 2
    floor = 1e-6  # of e_0: about the rounding to 8 bits
    loss = torch.log(error / (better + floor) + FLOOR).mean() + ENTROPY * _mean(entropy, weight)
    gain = 10 * torch.log10((better + floor) / (error + floor)).mean()
    return loss + LIKELIHOOD * likelihood, gain


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    """Weighted mean; 0 where nothing has weight."""
    return (weight * values).sum() / weight.sum().clamp(min=torch.finfo(torch.float32).tiny)


STEPS, RATE = 200, 0.1  # of Adam, on log-odds


def fitted_scores(labels: Map, texture: Map, start: Scores) -> Scores:
    """Minimise the loss of training over the scores themselves.

    labels   (H, W), even, 1 where A is nearer to the scene
    texture  (H, W), |A - B|
    start    (h, w) in [0, 1], initial scores
    returns  (h, w) in [0, 1]

    >>> labels = np.zeros((32, 32))
    >>> labels[8:24, 8:24] = 1  # with the share of each patch as score, the corners are rounded off
    >>> from reference.steps import focus_map
    >>> from reference.network.training.loss import patch_means
    >>> shares = patch_means(torch.from_numpy(labels)[None])[0].numpy()
    >>> fitted = fitted_scores(labels, np.ones((32, 32)), shares)
    >>> wrong, fewer = (np.sum((focus_map(scores, (32, 32)) > 0.5) != labels) for scores in (shares, fitted))
    >>> int(wrong), bool(fewer < wrong / 3)
    (128, True)
    """
    recipe = Recipe()
    label, weight = (torch.from_numpy(np.asarray(x, dtype=np.float32))[None] for x in (labels, texture))
    odds = torch.from_numpy(np.clip(start, 0.02, 0.98)).float().logit().requires_grad_()
    optimizer = torch.optim.Adam([odds], RATE)
    for _ in range(STEPS):
        logits = torch.stack([torch.zeros_like(odds), odds])[None]
        loss, _ = map_loss(logits, label, weight, recipe.map_texture_half, recipe.map_sharpness)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return odds.detach().sigmoid().double().numpy()
