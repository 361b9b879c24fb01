"""The end of an alignment: the motion at which both photographs correlate most, coarse to fine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.align.motion import Kind, Matrix, moved
from reference.arrays import Gray
from reference.opencv import opencv

__all__ = ["refine"]

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
