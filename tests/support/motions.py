"""Known motions of a camera, and how far a motion is from another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reference.align.motion import apply_motion

SHIFT, TURN, SCALE, SHEAR, PERSPECTIVE = 40.0, 3.0, 0.03, 0.01, 0.02  # pixels, degrees, shares: at most
MOVES = ("shift", "rotation", "scale", "affine", "perspective")


def motion(moves: str, shape: tuple[int, ...], seed: int, shift: float | None = None) -> NDArray[np.float64]:
    """A motion drawn at random, about the middle of the image; `shift` pixels at most, 40 or, if it turns too, 15."""
    rng, (rows, columns) = np.random.default_rng([seed, MOVES.index(moves)]), shape[:2]
    middle = np.array([[1.0, 0, (columns - 1) / 2], [0, 1, (rows - 1) / 2], [0, 0, 1]])
    reach = shift if shift is not None else SHIFT if moves == "shift" else 15.0
    by = np.array([[1.0, 0, rng.uniform(-reach, reach)], [0, 1, rng.uniform(-reach, reach)], [0, 0, 1]])
    angle = np.deg2rad(rng.uniform(-TURN, TURN)) if moves in ("rotation", "affine", "perspective") else 0.0
    factor = rng.uniform(1 - SCALE, 1 + SCALE) if moves in ("scale", "affine", "perspective") else 1.0
    cos, sin = factor * np.cos(angle), factor * np.sin(angle)
    turned = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    if moves == "affine":
        turned = turned @ np.array(
            [[1 + rng.uniform(-SHEAR, SHEAR), rng.uniform(-SHEAR, SHEAR), 0], [0, 1, 0], [0, 0, 1]]
        )
    if moves == "perspective":
        turned[2, :2] = rng.uniform(-PERSPECTIVE, PERSPECTIVE, 2) / max(rows, columns)
    matrix = np.asarray(middle @ by @ turned @ np.linalg.inv(middle))
    return matrix / matrix[2, 2]


def mean_residual(found: NDArray[np.float64], true: NDArray[np.float64], shape: tuple[int, ...]) -> float:
    """How far both motions are apart, in pixels, on the mean over the image."""
    y, x = np.mgrid[0 : shape[0] : 4, 0 : shape[1] : 4].astype(float)
    return float(np.hypot(*(apply_motion(found, x, y) - apply_motion(true, x, y))).mean())
