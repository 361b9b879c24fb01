"""MATLAB's fspecial: the kernels that have a name."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matlab_compat.classes import whole
from matlab_compat.disk import disk

__all__ = ["fspecial"]


def fspecial(kind: str, *parameters: ArrayLike) -> NDArray[np.float64]:
    """Make a kernel for imfilter.

    average   hsize = [3 3]             1 / (rows columns)
    disk      radius = 5                area of each pixel inside the circle, of side 2 ceil(radius - 1/2) + 1
    gaussian  hsize = [3 3], sigma = .5 exp(-(x^2 + y^2) / (2 sigma^2)), under eps max: 0, sum 1
    laplacian alpha = .2                4 / (a + 1) [a/4 (1-a)/4 a/4; (1-a)/4 -1 (1-a)/4; a/4 (1-a)/4 a/4]
    log       hsize = [5 5], sigma = .5 g (x^2 + y^2 - 2 sigma^2) / sigma^4, less its mean; g the gaussian
    motion    len = 9, theta = 0        max(1 - distance to a segment of that length and angle, 0), sum 1; degrees
    prewitt, sobel                      [1 w 1; 0 0 0; -1 -w -1], w = 1, 2
    unsharp   alpha = .2                [0 0 0; 0 1 0; 0 0 0] - laplacian

    parameters  as above; hsize a side or [rows, columns]
    returns     (rows, columns) double
    raises      ValueError for an unknown kernel, too many parameters, or a value out of range

    MATLAB: fspecial(type, parameters...)
    Parity: gaussian and log to every printed digit, motion(3, 45) too (V; (9, 45) and (5, 45) S); disk equals Octave to
    1e-15, its size B; average, laplacian, unsharp, prewitt, sobel exact (D, Octave; unsharp S). Motion deviates from
    its documentation: beside and beyond the ends of the segment, where the radius is (len - 1) / 2 or more and the line
    nearer than 1, the distance is that to the end point (V for motion(3, 45), B for others; its side is trimmed to the
    nonzero part, B).

    >>> fspecial("average", 2).tolist(), np.round(fspecial("motion", 3, 45), 4).tolist()
    ([[0.25, 0.25], [0.25, 0.25]], [[0.0, 0.0754, 0.1883], [0.0754, 0.3215, 0.0754], [0.1883, 0.0754, 0.0]])
    """
    if not isinstance(kind, str) or kind not in KERNELS:
        raise ValueError(f"kernel is {kind!r}, but fspecial knows {', '.join(KERNELS)}")
    make, defaults = KERNELS[kind]
    if len(parameters) > len(defaults):
        raise ValueError(f"{kind} takes {len(defaults)} parameters, not {len(parameters)}")
    return make(*parameters, *defaults[len(parameters) :])  # type: ignore[no-any-return, operator]


def _side(hsize: ArrayLike) -> tuple[int, int]:
    sides = np.atleast_1d(np.asarray(hsize, dtype=np.float64))
    if sides.size not in (1, 2) or not all(whole(side, 1) for side in sides.ravel().tolist()):
        raise ValueError(f"hsize is {hsize!r}, but fspecial takes a side or [rows, columns] of 1 or more")
    rows, columns = np.broadcast_to(sides, 2)
    return int(rows), int(columns)


def _positive(name: str, value: ArrayLike) -> float:
    number = float(np.asarray(value))
    if not 0 < number < math.inf:
        raise ValueError(f"{name} is {number}, but fspecial takes more than 0")
    return number


def _average(hsize: ArrayLike) -> NDArray[np.float64]:
    rows, columns = _side(hsize)
    return np.full((rows, columns), 1 / (rows * columns))


def _squared_radius(sides: tuple[int, int]) -> NDArray[np.float64]:
    y, x = (np.arange(side) - (side - 1) / 2 for side in sides)
    return x**2 + y[:, None] ** 2


def _gaussian(hsize: ArrayLike, sigma: ArrayLike) -> NDArray[np.float64]:
    h = np.exp(-_squared_radius(_side(hsize)) / (2 * _positive("sigma", sigma) ** 2))
    h[h < np.finfo(np.float64).eps * h.max()] = 0
    return h / h.sum() if h.sum() != 0 else h


def _log(hsize: ArrayLike, sigma: ArrayLike) -> NDArray[np.float64]:
    variance = _positive("sigma", sigma) ** 2
    h = _gaussian(hsize, sigma) * (_squared_radius(_side(hsize)) - 2 * variance) / variance**2
    return h - h.mean()  # type: ignore[no-any-return]


def _laplacian(alpha: ArrayLike) -> NDArray[np.float64]:
    a = float(np.asarray(alpha))
    if not 0 <= a <= 1:
        raise ValueError(f"alpha is {a}, but fspecial takes 0 to 1")
    corner, edge = a / (a + 1), (1 - a) / (a + 1)
    return np.array([[corner, edge, corner], [edge, -4 / (a + 1), edge], [corner, edge, corner]])


def _unsharp(alpha: ArrayLike) -> NDArray[np.float64]:
    centre = np.zeros((3, 3))
    centre[1, 1] = 1
    return centre - _laplacian(alpha)


def _motion(length: ArrayLike, theta: ArrayLike) -> NDArray[np.float64]:
    """The image's y points down, the angle turns counterclockwise."""
    half = (max(1.0, _positive("len", length)) - 1) / 2
    degrees = float(np.asarray(theta))
    if not math.isfinite(degrees):
        raise ValueError(f"theta is {degrees}, but fspecial takes a finite angle in degrees")
    angle = math.radians(degrees % 180)
    reach = math.ceil(half) + 1
    y, x = np.meshgrid(np.arange(reach, -reach - 1, -1.0), np.arange(-reach, reach + 1.0), indexing="ij")
    along, across = x * math.cos(angle) + y * math.sin(angle), np.abs(y * math.cos(angle) - x * math.sin(angle))
    to_end = np.hypot(np.abs(along) - half, across)
    beyond = (np.hypot(x, y) >= half) & (across <= 1)
    h = np.maximum(1 - np.where(beyond, to_end, np.where(np.abs(along) <= half, across, to_end)), 0)
    h[h < reach * np.finfo(np.float64).eps] = 0  # 1 - distance where the distance is 1, but for rounding
    used_y, used_x = (np.flatnonzero(h.any(axis=axis)) for axis in (1, 0))
    h = h[used_y[0] : used_y[-1] + 1, used_x[0] : used_x[-1] + 1]
    return h / h.sum()  # type: ignore[no-any-return]


def _edges(weight: float) -> NDArray[np.float64]:
    return np.array([[1, weight, 1], [0, 0, 0], [-1, -weight, -1]])


KERNELS = {
    "average": (_average, ((3, 3),)), "disk": (disk, (5.0,)), "gaussian": (_gaussian, ((3, 3), 0.5)),
    "laplacian": (_laplacian, (0.2,)), "log": (_log, ((5, 5), 0.5)), "motion": (_motion, (9.0, 0.0)),
    "prewitt": (lambda: _edges(1.0), ()), "sobel": (lambda: _edges(2.0), ()), "unsharp": (_unsharp, (0.2,)),
}  # fmt: skip
