"""The scores whose focus map is nearest to the truth: how far any network of this geometry can go.

Source: decision D13, as the paper says nothing of its training.
"""

from __future__ import annotations

import numpy as np
import torch

from reference.arrays import Map, Scores
from reference.network.training.loss import map_loss
from reference.network.training.recipe import Recipe

__all__ = ["fitted_scores"]

STEPS, RATE = 200, 0.1  # of Adam, on log-odds


def fitted_scores(labels: Map, texture: Map, start: Scores) -> Scores:
    """Minimise the loss that networks are trained by, over the scores themselves.

    labels   (H, W), even, 1 where A is nearer to the scene
    texture  (H, W), |A - B|
    start    (h, w) in [0, 1], scores to begin with
    returns  (h, w) in [0, 1]

    >>> labels = np.zeros((32, 32))
    >>> labels[8:24, 8:24] = 1  # the corners of a square are rounded off when every score is its patch's share
    >>> from reference.focus_map import focus_map
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
