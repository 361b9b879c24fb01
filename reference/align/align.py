"""The motion between two photographs of a moved or breathing camera: features first, then correlation.

Features give an approximate motion, whatever its size; the maximum of the correlation near it is exact. A motion that
the figures do not support is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.align.motion import Kind, Matrix, Motion, apply_motion, covered
from reference.errors import BadInput, MissingExtra
from reference.images.region import Region
from reference.steps.arrays import Gray

FEATURES = 4000  # at most, in each photograph
RATIO = 0.8  # of the distances to the best and the second best match (Lowe 2004, section 7.1)
TOLERANCE = 2.0  # pixels by which a match may deviate


NEEDS = (
    "alignment needs OpenCV, which does not load here: pip install opencv-contrib-python, and on Debian or Ubuntu "
    "apt-get install --no-install-recommends libgl1 libglib2.0-0"
)


def _opencv() -> Any:
    """The module cv2, loaded on demand."""
    try:
        import cv2
    except ImportError as error:
        raise MissingExtra(f"{NEEDS} ({(str(error) or type(error).__name__).splitlines()[0]})") from error
    return cv2


class FeatureMotion(NamedTuple):
    """A motion, the number of matching features, and those that agree with it, as points of A and of B, (n, 2)."""

    matrix: Matrix
    matches: int
    points_a: NDArray[np.float64]
    points_b: NDArray[np.float64]


def motion_by_features(gray_a: Gray, gray_b: Gray, kind: Kind) -> FeatureMotion | None:
    """The motion on which most SIFT features agree; None where there are too few features.

    Source: D. G. Lowe, Int. J. Computer Vision 60(2), 2004 (SIFT); M. A. Fischler, R. C. Bolles, Comm. ACM 24(6), 1981
    (RANSAC)
    MATLAB: detectSIFTFeatures, matchFeatures, estgeotform2d; other features there, so no equal result
    """
    cv2 = _opencv()
    sift = cv2.SIFT_create(FEATURES)
    detected = (sift.detectAndCompute(im2uint8(image), None) for image in (gray_a, gray_b))
    (points_a, descriptors_a), (points_b, descriptors_b) = detected
    if min(len(points_a), len(points_b)) < 2:
        return None
    nearest = cv2.BFMatcher().knnMatch(descriptors_a, descriptors_b, k=2)
    matches = [best for best, second in nearest if best.distance < RATIO * second.distance]
    if len(matches) < 4:
        return None
    from_a = np.array([points_a[match.queryIdx].pt for match in matches])
    to_b = np.array([points_b[match.trainIdx].pt for match in matches])
    matrix, agrees = _ransac(cv2, from_a, to_b, kind)
    if matrix is None or not np.isfinite(matrix).all():
        return None
    inliers = agrees.ravel().astype(bool)
    return FeatureMotion(matrix, len(matches), from_a[inliers], to_b[inliers])


def _ransac(cv2: Any, from_a: NDArray[np.float64], to_b: NDArray[np.float64], kind: Kind) -> tuple[Any, Any]:
    """The motion and its inliers; OpenCV draws the same samples in every run."""
    options = {"method": cv2.RANSAC, "ransacReprojThreshold": TOLERANCE, "maxIters": 5000}
    if kind == "homography":
        return cv2.findHomography(from_a, to_b, **options)  # type: ignore[no-any-return]
    estimate = cv2.estimateAffinePartial2D if kind == "scale" else cv2.estimateAffine2D
    matrix, agrees = estimate(from_a, to_b, **options)
    return None if matrix is None else np.vstack([matrix, [0, 0, 1]]), agrees


# Width of the Gaussian window in pixels: smoothed, detail that is sharp in one photograph only counts less. Of 7, 11,
# 15, 21, 31 and 41 it has the smallest sum of mean errors over 48 motions of the six embedded pairs.
SMOOTHING = 15
COARSEST = 200  # pixels, at least, of the shorter side of the coarsest level
FINEST = 4e6  # pixels, at most, of the finest level
ITERATIONS, ENOUGH = 200, 1e-7  # at each level, at most; the gain in correlation at which it ends


def refine(gray_a: Gray, gray_b: Gray, matrix: Matrix, kind: Kind) -> tuple[Matrix, float] | None:
    """The motion near `matrix` that maximises the correlation, and that correlation; None without a maximum.

    rho = <A - mean A, B' - mean B'> / (|A - mean A| |B' - mean B'|),  B'(x) = B(motion(x)), both smoothed

    Smoothing reduces the difference where only one is in focus; defocus is symmetric and moves no edge.

    returns         motion and rho in [-1, 1]

    Source: G. D. Evangelidis, E. Z. Psarakis, IEEE Trans. Pattern Analysis and Machine Intelligence 30(10), 2008 (ECC)
    MATLAB: imregtform is another algorithm; no equal result
    """
    cv2 = _opencv()
    correlation = -1.0
    for level_a, level_b, factor in reversed([*_levels(cv2, gray_a, gray_b)]):
        scale = np.diag([factor, factor, 1.0])
        try:
            estimate, correlation = _maximised(cv2, level_a, level_b, scale @ matrix @ np.linalg.inv(scale), kind)
        except cv2.error:  # the images do not overlap, or nothing in them varies
            return None
        matrix = np.linalg.inv(scale) @ estimate @ scale
    return _similarity(matrix, gray_a.shape) if kind == "scale" else matrix, correlation


def _levels(cv2: Any, gray_a: Gray, gray_b: Gray) -> Iterator[tuple[Any, Any, float]]:
    """Pyramids of both photographs: pixel 2 i of one level is pixel i of the next."""
    level_a, level_b, factor = gray_a.astype(np.float32), gray_b.astype(np.float32), 1.0
    finest = False
    while min(*level_a.shape, *level_b.shape) >= COARSEST or not finest:
        if max(level_a.size, level_b.size) <= FINEST:
            finest = True
            yield level_a, level_b, factor
        level_a, level_b, factor = cv2.pyrDown(level_a), cv2.pyrDown(level_b), factor / 2


def _maximised(cv2: Any, a: Any, b: Any, matrix: Matrix, kind: Kind) -> tuple[Matrix, float]:
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, ITERATIONS, ENOUGH)
    rows, model = (3, cv2.MOTION_HOMOGRAPHY) if kind == "homography" else (2, cv2.MOTION_AFFINE)
    begin = matrix[:rows].astype(np.float32)
    correlation, estimate = cv2.findTransformECC(a, b, begin, model, criteria, None, SMOOTHING)
    return np.vstack([estimate, [0.0, 0.0, 1.0]])[:3], float(correlation)


def _similarity(matrix: Matrix, shape: tuple[int, ...]) -> Matrix:
    """The rotation, scaling and shift nearest to an affine motion, in the mean square over the pixels of A.

    Least squares for w = a z + b, with points as complex numbers.
    """
    x, y = np.meshgrid(np.linspace(0, shape[1] - 1, 9), np.linspace(0, shape[0] - 1, 9))
    z: NDArray[np.complex128] = x + 1j * y
    to_x, to_y = apply_motion(matrix, x, y)
    w: NDArray[np.complex128] = to_x + 1j * to_y
    centred = z - z.mean()
    a = (np.conj(centred) * (w - w.mean())).sum() / (np.abs(centred) ** 2).sum()
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag], [0, 0, 1]])


# Figures of unrelated and of true pairs: docs/real_photographs.md.
LEAST_FEATURES = 12
LEAST_CORRELATION = 0.8
LEAST_SHARE = 0.25  # of A, that B must cover
FEATURE_PIXELS = 1e6  # features are detected in images of this size at most


class Alignment(NamedTuple):
    """A motion, the evidence for it, and the part of A that B covers.

    features     number of features that agree with it, of `matches`
    correlation  of A and the moved B, both smoothed
    residual     median distance of those features, pixels
    """

    motion: Motion
    region: Region
    features: int
    matches: int
    correlation: float
    residual: float

    def figures(self) -> dict[str, float]:
        """The evidence, rounded for a record."""
        correlation, residual = round(self.correlation, 6), round(self.residual, 3)
        return {"features": self.features, "matches": self.matches, "correlation": correlation, "residual": residual}


def align(gray_a: Gray, gray_b: Gray, kind: Kind = "affine") -> Alignment:
    """Find where each pixel of A lies in B: approximately by features, exactly by correlation.

    gray_a, gray_b  (H, W) and (H', W') in [0, 1], sides of 16 pixels or more
    kind            scale: turned, scaled, shifted (a lens that breathes); affine; homography (a camera that was turned)
    returns         the motion, with its figures
    raises          BadInput, with figures, where it cannot be trusted; MissingExtra without OpenCV

    MATLAB: none of the paper's; imregister is the nearest
    Parity: none. Known motions are found to within 0.16 pixel on average (docs/real_photographs.md).
    """
    # The power of 2 by which photographs are reduced before features are detected in them.
    factor = 1 << max(0, math.ceil(math.log(max(gray_a.size, gray_b.size) / FEATURE_PIXELS, 4)))
    features = _coarse_motion(gray_a, gray_b, kind, factor)
    refined = refine(gray_a, gray_b, features.matrix, kind)
    agree = f"{len(features.points_a)} of {features.matches} matching features agree on a motion"
    if refined is None:
        raise BadInput(f"the photographs cannot be aligned: {agree}, but their correlation has no maximum there")
    matrix, correlation = refined
    region = covered(matrix, gray_a.shape, gray_b.shape)
    share, moved_a = math.prod(region.size) / gray_a.size, apply_motion(matrix, *features.points_a.T).T
    residual = float(np.median(np.hypot(*(moved_a - features.points_b).T)))
    if reason := _reason_to_refuse(correlation, share, residual, TOLERANCE * factor):
        raise BadInput(f"the photographs cannot be aligned: {agree}, but {reason}")
    return Alignment(Motion(kind, matrix), region, len(features.points_a), features.matches, correlation, residual)


def _coarse_motion(gray_a: Gray, gray_b: Gray, kind: Kind, factor: int) -> FeatureMotion:
    """The motion by features, detected in large photographs at a half or a quarter of their size."""
    features = motion_by_features(_reduced(gray_a, factor), _reduced(gray_b, factor), kind)
    agree, matches = (len(features.points_a), features.matches) if features else (0, 0)
    if features is None or agree < LEAST_FEATURES:
        raise BadInput(
            f"the photographs cannot be aligned: {agree} of {matches} matching features agree on one motion, but "
            f"{LEAST_FEATURES} are needed"
        )
    scale = np.diag([factor, factor, 1.0])
    matrix = scale @ features.matrix @ np.linalg.inv(scale)
    return FeatureMotion(matrix, features.matches, features.points_a * factor, features.points_b * factor)


def _reduced(gray: Gray, factor: int) -> Gray:
    """The image, smaller by a factor: its pixel `factor` i is pixel i of the result."""
    reduced = gray
    while factor > 1:
        reduced, factor = _opencv().pyrDown(reduced), factor // 2
    return np.clip(reduced, 0.0, 1.0)


def _reason_to_refuse(correlation: float, share: float, residual: float, tolerance: float) -> str:
    """Why a motion cannot be trusted; empty if it can."""
    if correlation < LEAST_CORRELATION:
        return f"they correlate by {correlation:.2f}, below {LEAST_CORRELATION}"
    if share < LEAST_SHARE:
        return f"only {share:.0%} of A would be left"
    if residual > tolerance:  # the photographs differ by more than a motion of this kind
        return f"where most correlates they are off by {residual:.1f} pixels, above {tolerance:g}: try another kind"
    return ""
