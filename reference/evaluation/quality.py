"""How good a fused image is, where the truth is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.generator.boundaries import FocusPair
from reference.metrics.psnr import psnr
from reference.metrics.ssim import ssim
from reference.patches import PATCH
from reference.pipeline import Fused

__all__ = ["MEASURES", "near_boundary", "quality"]

# name: what it says
MEASURES = {
    "psnr": "PSNR against ground truth, dB",
    "ssim": "SSIM against ground truth",
    "wrong": "decisions that differ from the depth map, %",
    "wrong_near": f"the same within {PATCH} pixels of the boundary, % of the pixels there",
    "wrong_far": "the same farther off, % of the pixels there",
    "loss_near": "part of the squared error that lies near the boundary, %",
}


def quality(fused: Fused, pair: FocusPair) -> dict[str, float]:
    """Measure a result in 8 bits against ground truth, and its decisions (D > 1/2) against the depth map.

    fused    image and decision map; a map that is 1/2 everywhere decides nothing
    returns  values by the names of MEASURES
    """
    stored, truth = im2uint8(fused.image), im2uint8(pair.truth)
    near = near_boundary(pair.focus)
    squared = (stored.astype(np.float64) - truth) ** 2
    squared = squared if squared.ndim == 2 else squared.sum(axis=-1)
    found = {"psnr": psnr(stored, truth), "ssim": ssim(stored, truth)}
    found["loss_near"] = 100 * float(squared[near].sum() / squared.sum()) if squared.any() else 0.0
    if not np.all(fused.decision_map == 0.5):
        wrong = (fused.decision_map > 0.5) != (pair.focus > 0.5)
        places = {"wrong": wrong, "wrong_near": wrong[near], "wrong_far": wrong[~near]}
        found |= {name: 100 * float(part.mean()) for name, part in places.items() if part.size}
    return found


def near_boundary(focus: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The pixels less than a patch away from one on the other side of the boundary.

    >>> near_boundary(np.arange(64).reshape(1, 64) >= 32.0).sum()
    np.int64(32)
    """
    from scipy.ndimage import distance_transform_edt

    inside = focus > 0.5
    if inside.all() or not inside.any():
        return np.zeros(inside.shape, dtype=bool)
    return np.maximum(distance_transform_edt(inside), distance_transform_edt(~inside)) <= PATCH  # type: ignore[no-any-return]
