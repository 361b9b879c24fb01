"""Step 8, first half: the first fused image, gray, that guides the filter."""

from __future__ import annotations

from reference.arrays import BinaryMap, Gray
from reference.checks import check_range, check_same_shape

__all__ = ["guide"]


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
