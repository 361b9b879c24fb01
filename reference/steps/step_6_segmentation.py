"""Step 6: initial segmentation by a fixed threshold."""

from __future__ import annotations

from reference.steps.arrays import BinaryMap, Map
from reference.steps.checks import check_range


def segmentation(focus_map: Map, threshold: float = 0.5) -> BinaryMap:
    """Decide for every pixel whether A or B is in focus.

    B(y, x) = 1 where FM(y, x) > 0.5, else 0      (paper, section 3.1.2)

    focus_map  (H, W) in [0, 1]
    threshold  strictly greater: a tie goes to image B, and so does a plain region of exactly 0.5
    returns    (H, W) bool, True = A
    raises     ValueError for a map outside [0, 1]

    MATLAB: Liu's "initial segmentation", FM > 0.5
    Parity: exact.

    >>> segmentation(np.array([[0.4, 0.5, 0.6]])).tolist()
    [[False, False, True]]
    """
    check_range("focus_map", focus_map)
    return focus_map > threshold
