"""Step 4: scores are spread over their patches, overlaps averaged."""

from __future__ import annotations

import numpy as np

from reference.steps.arrays import PATCH, STRIDE, Map, Scores, score_shape
from reference.steps.checks import check_range


def focus_map(scores: Scores, shape: tuple[int, int]) -> Map:
    """Give every pixel the mean score of the 16 x 16 patches that cover it.

    FM(y, x) = mean of S(j, i) over the patches with 2j <= y < 2j + 16 and 2i <= x < 2i + 16
    (paper, section 3.1.1 and figure 2: 1 white, 0 black, 0.5 gray = plain region)

    scores   (ceil(H / 2) - 7, ceil(W / 2) - 7) in [0, 1]
    shape    (H, W) of the sources
    returns  (H, W) in [0, 1]
    raises   ValueError if the scores do not belong to `shape`, or leave [0, 1]

    MATLAB: Liu's "focus detection" loop: patch (j, i) starts at row 2j, column 2i (0-based) and is cut off at the
    right and bottom border, as an odd side needs; the sum is divided by the number of patches on the pixel
    Parity: 1e-12. The sums are taken in the order of the patches, row by row of the score map.

    >>> focus_map(np.array([[0.0, 1.0]]), (16, 18))[0].tolist()[:3], focus_map(np.array([[0.0, 1.0]]), (16, 18))[0, 17]
    ([0.0, 0.0, 0.5], np.float64(1.0))
    """
    check_range("scores", scores)
    if scores.shape != score_shape(shape):
        raise ValueError(f"scores are {scores.shape}, but an image of {shape} has {score_shape(shape)}")
    return _spread(scores, shape) / _spread(np.ones_like(scores), shape)


def _spread(scores: Scores, shape: tuple[int, int]) -> Map:
    """Add every score to the pixels of its patch.

    Patches start on even rows and columns: all of them put their pixel (dy, dx) onto a grid of step 2 at once.
    """
    rows, columns = scores.shape
    total = np.zeros((STRIDE * (rows - 1) + PATCH, STRIDE * (columns - 1) + PATCH))
    # From the last pixel of the patch to its first, so that a pixel meets its patches in row order.
    for dy in reversed(range(PATCH)):
        for dx in reversed(range(PATCH)):
            total[dy : dy + STRIDE * rows : STRIDE, dx : dx + STRIDE * columns : STRIDE] += scores
    return total[: shape[0], : shape[1]]
