"""The motion between two photographs of a moved or breathing camera: features first, then correlation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.align.motion import Kind, Matrix, Motion, moved
from reference.align.warp import covered
from reference.errors import BadInput
from reference.images.decoders import opencv
from reference.images.region import Region
from reference.steps.arrays import Gray

__all__ = ["Alignment", "Start", "align", "refine", "start"]

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


# Pixels of the Gaussian window: what is sharp in one photograph alone counts less. Of 7, 11, 15, 21, 31, 41 the one
# with the smallest sum of mean errors over 48 motions of the six embedded pairs.
SMOOTHING = 15
COARSEST = 200  # pixels, the shorter side of the coarsest level at least
FINEST = 4e6  # pixels of the finest level at most
ITERATIONS, ENOUGH = 200, 1e-7  # at a level, and the gain in correlation at which it ends


def refine(gray_a: Gray, gray_b: Gray, matrix: Matrix, kind: Kind) -> tuple[Matrix, float] | None:
    """The motion near `matrix` that maximises the correlation, and that correlation; None where there is no such one.

    rho = <A - mean A, B' - mean B'> / (|A - mean A| |B' - mean B'|),  B'(x) = B(motion(x)), both smoothed

    Smoothed, the two differ less where only one is in focus; defocus is symmetric and moves no edge.

    gray_a, gray_b  in [0, 1]; their sizes may differ
    returns         motion and rho in [-1, 1]

    Source: G. D. Evangelidis, E. Z. Psarakis, IEEE Trans. Pattern Analysis and Machine Intelligence 30(10), 2008 (ECC)
    MATLAB: imregtform is another algorithm; no equal result
    """
    cv2 = opencv("alignment")
    correlation = -1.0
    for level_a, level_b, factor in reversed([*_levels(cv2, gray_a, gray_b)]):
        scale = np.diag([factor, factor, 1.0])
        try:
            found, correlation = _maximised(cv2, level_a, level_b, scale @ matrix @ np.linalg.inv(scale), kind)
        except cv2.error:  # the images do not overlap, or nothing in them varies
            return None
        matrix = np.linalg.inv(scale) @ found @ scale
    return _similarity(matrix, gray_a.shape) if kind == "scale" else matrix, correlation


def _levels(cv2: Any, gray_a: Gray, gray_b: Gray) -> Iterator[tuple[Any, Any, float]]:
    """Both photographs halved again and again: pixel 2 i of one level is pixel i of the next."""
    level_a, level_b, factor = gray_a.astype(np.float32), gray_b.astype(np.float32), 1.0
    finest = False
    while min(*level_a.shape, *level_b.shape) >= COARSEST or not finest:
        if max(level_a.size, level_b.size) <= FINEST:
            finest = True
            yield level_a, level_b, factor
        level_a, level_b, factor = cv2.pyrDown(level_a), cv2.pyrDown(level_b), factor / 2


def _maximised(cv2: Any, a: Any, b: Any, matrix: Matrix, kind: Kind) -> tuple[Matrix, float]:
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, ITERATIONS, ENOUGH)
    begin = matrix.astype(np.float32)
    if kind == "homography":
        correlation, found = cv2.findTransformECC(a, b, begin, cv2.MOTION_HOMOGRAPHY, criteria, None, SMOOTHING)
    else:
        correlation, found = cv2.findTransformECC(a, b, begin[:2], cv2.MOTION_AFFINE, criteria, None, SMOOTHING)
        found = np.vstack([found, [0, 0, 1]])
    return found.astype(np.float64), float(correlation)


def _similarity(matrix: Matrix, shape: tuple[int, ...]) -> Matrix:
    """The turn, scaling and shift nearest to an affine motion, in the mean square over the pixels of A.

    With points as complex numbers: w = a z + b, least squares.
    """
    x, y = np.meshgrid(np.linspace(0, shape[1] - 1, 9), np.linspace(0, shape[0] - 1, 9))
    z: NDArray[np.complex128] = x + 1j * y
    to_x, to_y = moved(matrix, x, y)
    w: NDArray[np.complex128] = to_x + 1j * to_y
    away = z - z.mean()
    a = (np.conj(away) * (w - w.mean())).sum() / (np.abs(away) ** 2).sum()
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag], [0, 0, 1]])


# What unrelated and true pairs have: docs/real_photographs.md.
LEAST_FEATURES = 12
LEAST_CORRELATION = 0.8
LEAST_SHARE = 0.25  # of A, that must be left
FEATURE_PIXELS = 1e6  # features are sought in images of this size at most


class Alignment(NamedTuple):
    """A motion, what speaks for it, and the part of A that B covers.

    features     that agree with it, of `matches` that both photographs show
    correlation  of both, smoothed, B moved
    residual     median distance of those features, in pixels of A
    """

    motion: Motion
    region: Region
    features: int
    matches: int
    correlation: float
    residual: float


def align(gray_a: Gray, gray_b: Gray, kind: Kind = "affine") -> Alignment:
    """Find where each pixel of A lies in B.

    Features say where about (`features.start`), the correlation of both photographs where exactly (`refine`).

    gray_a, gray_b  (H, W) and (H', W') in [0, 1], sides of 16 pixels or more
    kind            scale: turned, scaled, shifted (a lens that breathes); affine; homography (a camera that was turned)
    returns         the motion, with its figures
    raises          BadInput, with figures, where it cannot be trusted; MissingExtra without OpenCV

    MATLAB: none of the paper's; imregister is the nearest
    Parity: none. Known motions are found within 0.16 pixel on the mean (docs/real_photographs.md).
    """
    factor = _factor(max(gray_a.size, gray_b.size))
    found = _start(gray_a, gray_b, kind, factor)
    refined = refine(gray_a, gray_b, found.matrix, kind)
    if refined is None:
        raise BadInput(_refusal(found, "their correlation has no maximum there"))
    matrix, correlation = refined
    region = covered(matrix, gray_a.shape, gray_b.shape)
    share, residual = math.prod(region.size) / gray_a.size, _residual(matrix, found)
    doubt = _doubt(correlation, share, residual, TOLERANCE * factor)
    if doubt:
        raise BadInput(_refusal(found, doubt))
    return Alignment(Motion(kind, matrix), region, len(found.points_a), found.matches, correlation, residual)


def _factor(pixels: int) -> int:
    """By which photographs are made smaller before features are sought in them, a power of 2."""
    return 1 << max(0, math.ceil(math.log(pixels / FEATURE_PIXELS, 4)))


def _start(gray_a: Gray, gray_b: Gray, kind: Kind, factor: int) -> Start:
    """In large photographs, at half or a quarter of their size."""
    found = start(_halved(gray_a, factor), _halved(gray_b, factor), kind)
    agree, matches = (len(found.points_a), found.matches) if found else (0, 0)
    if found is None or agree < LEAST_FEATURES:
        raise BadInput(
            f"the photographs cannot be aligned: {agree} of {matches} matching features agree on one motion, but "
            f"{LEAST_FEATURES} are needed"
        )
    scale = np.diag([factor, factor, 1.0])
    matrix = scale @ found.matrix @ np.linalg.inv(scale)
    return Start(matrix, found.matches, found.points_a * factor, found.points_b * factor)


def _halved(gray: Gray, factor: int) -> Gray:
    """Pixel `factor` i of the image is pixel i of the result."""
    from reference.images.decoders import opencv

    halved = gray
    while factor > 1:
        halved, factor = opencv("alignment").pyrDown(halved), factor // 2
    return np.clip(halved, 0.0, 1.0)


def _doubt(correlation: float, share: float, residual: float, tolerance: float) -> str:
    """Why a motion cannot be trusted; nothing if it can."""
    if correlation < LEAST_CORRELATION:
        return f"they correlate by {correlation:.2f}, below {LEAST_CORRELATION}"
    if share < LEAST_SHARE:
        return f"only {share:.0%} of A would be left"
    if residual > tolerance:  # what lies between the photographs is no motion of this kind
        return f"where most correlates they are off by {residual:.1f} pixels, above {tolerance:g}: try another kind"
    return ""


def _residual(matrix: Matrix, found: Start) -> float:
    to = moved(matrix, *found.points_a.T).T
    return float(np.median(np.hypot(*(to - found.points_b).T)))


def _refusal(found: Start, why: str) -> str:
    agree = f"{len(found.points_a)} of {found.matches} matching features agree on a motion"
    return f"the photographs cannot be aligned: {agree}, but {why}"
