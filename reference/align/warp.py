"""B resampled on the grid of A, and the part of that grid that B covers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reference.align.motion import Matrix, apply_motion
from reference.images.region import Region
from reference.steps.arrays import Image

STRIP = 2**20  # pixels computed at a time


def warp(image_b: Image, matrix: Matrix, shape: tuple[int, ...]) -> Image:
    """B on the grid of A.

    B'(y, x) = B at apply_motion(matrix, x, y), by cubic splines; B is mirrored beyond its border (see `covered`)

    image_b  (H', W') or (H', W', 3) in [0, 1]
    matrix   (3, 3), a `Motion.matrix`
    shape    (H, W) of A
    returns  (H, W) or (H, W, 3) in [0, 1]: overshoot is clipped

    MATLAB: imwarp(image_b, invert(tform), 'cubic', 'OutputView', imref2d(shape)); another cubic kernel, no equal result

    >>> shift = np.array([[1.0, 0, 1], [0, 1, 0], [0, 0, 1]])
    >>> warp(np.tile([0.1, 0.2, 0.4, 0.8], (4, 1)), shift, (4, 3))[0].round(6).tolist()
    [0.2, 0.4, 0.8]
    """
    if image_b.ndim == 3:
        return np.stack([warp(image_b[..., channel], matrix, shape) for channel in range(3)], axis=-1)
    from scipy.ndimage import map_coordinates, spline_filter

    coefficients = spline_filter(image_b, order=3, mode="mirror")
    warped = np.empty(shape[:2])
    for rows in _strips(shape):
        y, x = np.mgrid[rows, : shape[1]].astype(np.float64)
        at = np.nan_to_num(apply_motion(matrix, x, y)[::-1], posinf=0.0, neginf=0.0)
        map_coordinates(coefficients, at, warped[rows], order=3, mode="mirror", prefilter=False)
    return np.clip(warped, 0.0, 1.0)


def covered(matrix: Matrix, shape_a: tuple[int, ...], shape_b: tuple[int, ...]) -> Region:
    """A large rectangle of A's grid all of whose pixels lie within B; empty if there is none.

    Starting from the whole of A, the side with the largest share outside B is removed until none lies outside.

    >>> covered(np.array([[1.0, 0, 2.5], [0, 1, -1], [0, 0, 1]]), (10, 20), (10, 20))
    Region(top=1, bottom=10, left=0, right=17)
    """
    inside = _inside(matrix, shape_a, shape_b)
    top, bottom, left, right = 0, shape_a[0], 0, shape_a[1]
    while top < bottom and left < right:
        kept = inside[top:bottom, left:right]
        outside = [1 - float(side.mean()) for side in (kept[0], kept[-1], kept[:, 0], kept[:, -1])]
        if not any(outside):
            return Region(top, bottom, left, right)
        worst = int(np.argmax(outside))
        top, bottom, left, right = top + (worst == 0), bottom - (worst == 1), left + (worst == 2), right - (worst == 3)
    return Region(0, 0, 0, 0)


def _inside(matrix: Matrix, shape_a: tuple[int, ...], shape_b: tuple[int, ...]) -> NDArray[np.bool_]:
    inside = np.empty(shape_a[:2], np.bool_)
    for rows in _strips(shape_a):
        y, x = np.mgrid[rows, : shape_a[1]].astype(np.float64)
        in_front = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2] > 1e-6  # of the camera, as pixel 0, 0 is
        to_x, to_y = apply_motion(matrix, x, y)
        inside[rows] = in_front & (to_x >= 0) & (to_x <= shape_b[1] - 1) & (to_y >= 0) & (to_y <= shape_b[0] - 1)
    return inside


def _strips(shape: tuple[int, ...]) -> list[slice]:
    rows = max(1, STRIP // shape[1])
    return [slice(top, min(top + rows, shape[0])) for top in range(0, shape[0], rows)]
