"""Step 8: the first fused image guides the filter that turns the cleaned map into the final decision map."""

from __future__ import annotations

import numpy as np

from matlab_compat import guidedfilter
from reference.steps.arrays import BinaryMap, Gray, Map
from reference.steps.checks import check_range, check_same_shape


def guide(gray_a: Gray, gray_b: Gray, consistent_map: BinaryMap) -> Gray:
    """Fuse the gray sources by the cleaned map.

    I = M gray(A) + (1 - M) gray(B)      (paper, section 3.1.3: "the preliminary collected images serve a guide"; D9)

    gray_a          (H, W) in [0, 1]
    gray_b          (H, W) in [0, 1]
    consistent_map  (H, W) bool M, the map after consistency verification
    returns         (H, W) in [0, 1]
    raises          ValueError for shapes that differ or values outside [0, 1]

    MATLAB: imgf_gray = imgA_gray .* M + imgB_gray .* (1 - M)
    Parity: exact.

    >>> guide(np.full((1, 2), 0.25), np.full((1, 2), 0.75), np.array([[True, False]])).tolist()
    [[0.25, 0.75]]
    """
    check_range("gray_a", gray_a)
    check_range("gray_b", gray_b)
    check_same_shape(gray_a=gray_a, gray_b=gray_b, consistent_map=consistent_map)
    weight = consistent_map.astype(gray_a.dtype)
    return gray_a * weight + gray_b * (1 - weight)


def guided_filter(guide: Gray, consistent_map: BinaryMap, radius: int, eps: float) -> Map:
    """Smooth the cleaned map so that its edges follow the edges of the first fused image.

    Within every window the decision map is a straight line in the guide, D = a I + b
    (paper, section 3.1.3: r = 8, eps = 0.1; He et al. 2013, eq. 8)

    guide           (H, W) in [0, 1], I, the first fused image in gray
    consistent_map  (H, W) bool, the map after consistency verification
    radius          r, pixels; windows are 2 r + 1 wide and are cut off at the border
    eps             squared gray level; larger is smoother
    returns         (H, W), D, 1 = A; may leave [0, 1] by a few hundredths, as a local line is extrapolated
    raises          ValueError for shapes that differ, a negative radius, an eps that is not above 0

    MATLAB: guidedfilter(imgf_gray, M, 8, 0.1) of He et al.
    Parity: 1e-12 (matlab_compat.guidedfilter, where the arithmetic stands).

    >>> whole = np.ones((20, 20), dtype=bool)
    >>> bool(np.allclose(guided_filter(np.eye(20), whole, radius=8, eps=0.1), 1.0))
    True
    """
    check_range("guide", guide)
    check_same_shape(guide=guide, consistent_map=consistent_map)
    if not eps > 0:
        raise ValueError(f"eps is {eps}, but flat parts of the guide need it above 0")
    return guidedfilter(guide, consistent_map.astype(np.float64), radius, eps)
