"""Two photographs from a camera that was moved, turned, or breathed between them: B is brought onto A."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from reference.align.features import TOLERANCE, Start, start
from reference.align.motion import Kind, Matrix, Motion, moved
from reference.align.refine import refine
from reference.align.warp import covered
from reference.arrays import Gray
from reference.errors import BadInput
from reference.region import Region

__all__ = ["Alignment", "align"]

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
    from reference.opencv import opencv

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
