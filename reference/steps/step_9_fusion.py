"""Step 9: pixel-wise weighted average of the sources."""

from __future__ import annotations

import numpy as np

from reference.steps.arrays import Image, Map
from reference.steps.checks import check_pair, check_same_shape


def fusion(image_a: Image, image_b: Image, decision_map: Map) -> Image:
    """Fuse the sources, every pixel and channel for itself.

    F(y, x) = D(y, x) A(y, x) + (1 - D(y, x)) B(y, x)      (paper, section 3.1.4, eq. 3)

    image_a       (H, W) or (H, W, 3) in [0, 1]
    image_b       the same shape
    decision_map  (H, W), 1 = A
    returns       the shape of the sources; leaves [0, 1] only where D does, by a few hundredths at most; the cast to
                  8 or 16 bits that follows (`images.files.write_image`) saturates
    raises        ValueError for shapes that differ or sources outside [0, 1]

    MATLAB: F = uint8(255 * (A .* D + B .* (1 - D))), here before the cast
    Parity: exact for equal D.

    >>> fusion(np.full((1, 2), 0.25), np.full((1, 2), 0.75), np.array([[1.0, 0.5]])).tolist()
    [[0.25, 0.5]]
    """
    check_pair(image_a, image_b)
    check_same_shape(image_a=image_a, decision_map=decision_map)
    weight = decision_map if image_a.ndim == 2 else decision_map[..., np.newaxis]
    return image_a * weight + image_b * (1 - weight)
