"""Step 5: mixed pooling of the focus map."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matlab_compat import boxfilter
from reference.steps.arrays import Map
from reference.steps.checks import check_range, check_window


def mixed_pooling(focus_map: Map, window: int, p: float, side: Literal["a", "b"] = "a") -> Map:
    """Pool the focus map by a mixture of maximum and mean.

    d = p Max(x) + (1 - p) Avg(x) over the window around each pixel      (paper, section 3.1.2, eq. 1-2; D4-D6)

    focus_map  (H, W) in [0, 1]
    window     pixels, odd, stride 1, cut off at the border; 1 changes nothing and is the default of the paper's run
    p          retention probability in [0, 1]; 1 is maximum pooling, 0 is average pooling
    side       "a" pools FM, which favours A; "b" pools 1 - FM, which favours B (D1's sentence read literally)
    returns    (H, W) in [0, 1]
    raises     ValueError for an even window, p outside [0, 1], another side, a map outside [0, 1]

    MATLAB: none published; the maximum is imdilate(FM, true(k)), the mean boxfilter(FM, r) ./ boxfilter(ones, r)
    Parity: 1e-12 against plain loops.

    >>> mixed_pooling(np.array([[0.0, 0.0, 1.0]]), window=3, p=0.5).tolist()
    [[0.0, 0.6666666666666666, 0.75]]
    """
    from scipy import ndimage  # costs half a second: loaded when used

    check_range("focus_map", focus_map)
    check_window("window", window)
    if not 0 <= p <= 1:
        raise ValueError(f"p is {p}, but a probability lies in [0, 1]")
    if side not in ("a", "b"):
        raise ValueError(f"side is {side!r}, but the map of 'a' or of 'b' can be pooled")
    if window == 1:
        return focus_map
    if side == "b":
        return 1 - mixed_pooling(1 - focus_map, window, p)
    maximum = ndimage.maximum_filter(focus_map, window, mode="constant", cval=0.0)
    radius = window // 2
    mean = boxfilter(focus_map, radius) / boxfilter(np.ones_like(focus_map), radius)
    # Differences of cumulative sums leave [0, 1] in the last digit.
    return np.clip(p * maximum + (1 - p) * mean, 0.0, 1.0)  # type: ignore[no-any-return]
