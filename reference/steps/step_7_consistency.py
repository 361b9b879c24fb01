"""Step 7: consistency verification removes what is too small to be a focused region."""

from __future__ import annotations

from matlab_compat import bwareaopen
from reference.steps.arrays import BinaryMap


def consistency(segmentation: BinaryMap, area: int) -> BinaryMap:
    """Remove small regions from the map, then from its complement (small holes).

    D_0 = not open(not open(B)),  open = keep the 8-connected regions of at least `area` pixels   (paper, section 3.1.3)

    segmentation  (H, W) bool
    area          pixels; 0 switches the step off (paper: "the user can set the default value manually")
    returns       (H, W) bool
    raises        ValueError for a negative area or another rank

    MATLAB: ~bwareaopen(~bwareaopen(B, area), area), Liu's "consistency verification"
    Parity: exact. The order matters: opening the complement first gives another map where both are small.

    >>> speck = np.zeros((6, 6), dtype=bool)
    >>> speck[2, 2] = True
    >>> bool(consistency(speck, area=2).any()), bool(consistency(speck, area=1).any())
    (False, True)
    """
    return ~bwareaopen(~bwareaopen(segmentation, area), area)
