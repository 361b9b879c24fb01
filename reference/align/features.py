"""The start of an alignment: features that both photographs show, and the motion on which most of them agree."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.align.motion import Kind, Matrix
from reference.arrays import Gray
from reference.opencv import opencv

__all__ = ["Start", "start"]

FEATURES = 4000  # at most, of each photograph
RATIO = 0.8  # of the distances to the best and the second best match (Lowe 2004, section 7.1)
TOLERANCE = 2.0  # pixels that a match may be off


class Start(NamedTuple):
    """A motion, the matches found, and those of them, as points of A and of B, (n, 2), that agree with it."""

    matrix: Matrix
    matches: int
    points_a: NDArray[np.float64]
    points_b: NDArray[np.float64]


def start(gray_a: Gray, gray_b: Gray, kind: Kind) -> Start | None:
    """The motion on which most SIFT features agree; None where there are too few to say anything.

    Source: D. G. Lowe, Int. J. Computer Vision 60(2), 2004 (SIFT); M. A. Fischler, R. C. Bolles, Comm. ACM 24(6), 1981
    (RANSAC)
    MATLAB: detectSIFTFeatures, matchFeatures, estgeotform2d; other features there, so no equal result
    """
    cv2 = opencv("alignment")
    sift = cv2.SIFT_create(FEATURES)
    (points_a, told_a), (points_b, told_b) = (sift.detectAndCompute(im2uint8(g), None) for g in (gray_a, gray_b))
    if min(len(points_a), len(points_b)) < 2:
        return None
    nearest = cv2.BFMatcher().knnMatch(told_a, told_b, k=2)
    matches = [best for best, second in nearest if best.distance < RATIO * second.distance]
    if len(matches) < 4:
        return None
    from_a = np.array([points_a[match.queryIdx].pt for match in matches])
    to_b = np.array([points_b[match.trainIdx].pt for match in matches])
    matrix, agrees = _agreed(cv2, from_a, to_b, kind)
    if matrix is None or not np.isfinite(matrix).all():
        return None
    kept = agrees.ravel().astype(bool)
    return Start(matrix, len(matches), from_a[kept], to_b[kept])


def _agreed(cv2: Any, from_a: NDArray[np.float64], to_b: NDArray[np.float64], kind: Kind) -> tuple[Any, Any]:
    """By random samples, always the same ones."""
    cv2.setRNGSeed(0)
    options = {"method": cv2.RANSAC, "ransacReprojThreshold": TOLERANCE, "maxIters": 5000}
    if kind == "homography":
        return cv2.findHomography(from_a, to_b, **options)  # type: ignore[no-any-return]
    estimate = cv2.estimateAffinePartial2D if kind == "scale" else cv2.estimateAffine2D
    matrix, agrees = estimate(from_a, to_b, **options)
    return None if matrix is None else np.vstack([matrix, [0, 0, 1]]), agrees
