"""MATLAB's edge: the edges of an image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.canny import canny_edges, canny_strength, canny_thresholds
from matlab_compat.classes import IMAGES, check_class, check_image, check_no_nan
from matlab_compat.fspecial import fspecial
from matlab_compat.im2double import im2double
from matlab_compat.imfilter import imfilter

__all__ = ["edge"]

SCALES = {"sobel": 8.0, "prewitt": 6.0}
SIGMAS = {"log": 2.0, "canny": math.sqrt(2)}
DIRECTIONS = ("both", "horizontal", "vertical")


class Edges(NamedTuple):
    """The outputs of edge."""

    bw: NDArray[np.bool_]
    thresh_out: float | tuple[float, float]


def edge(
    image: NDArray[np.generic],
    method: str = "sobel",
    threshold: float | Sequence[float] | None = None,
    *options: str | float,
) -> Edges:
    """Find where the brightness changes fastest.

    sobel, prewitt  g^2 = Gx^2 + Gy^2 > t^2, kernels of fspecial divided by 8 and 6; t = 2 sqrt(mean g^2) if not given.
                    Thinned: no neighbour beside, if |Gx| >= |Gy|, or above and below, if |Gy| >= |Gx|, is stronger, and
                    the one to the right, or below, is weaker
    log             the Laplacian of a Gaussian, 2 ceil(3 sigma) + 1 wide, changes its sign by more than t from a pixel
                    to one at its side, or by more than 2 t over a 0 between two; the pixel with the negative value, or
                    the 0, is the edge; t = 3/4 of the mean magnitude if not given
    canny           ridges of the gradient of the blurred image above t_1 that hold a pixel above t_2, shares of its
                    greatest value, not on the border; if not given, 70 % of the pixels are below t_2, in bins of 1/64,
                    and t_1 = .4 t_2

    image      (H, W); logical, uint8, uint16, int16, single or double, taken as by im2double; borders are replicated
    method     "sobel", "prewitt", "log" or "canny"
    threshold  t of 0 or more; for "canny" t_2, or [t_1, t_2], within 0 and 1; None or []: automatic
    options    for sobel and prewitt "both", "horizontal" or "vertical" (the direction of the edges) and "nothinning";
               for log and canny sigma, above 0: default 2 and sqrt(2)
    returns    bw (H, W) bool, and thresh_out, t or (t_1, t_2)
    raises     ValueError for another shape, method, threshold or option, and NaN, TypeError for another class

    MATLAB: [BW, threshOut] = edge(I, method, threshold, direction, "nothinning"), edge(I, method, threshold, sigma)
    Parity: B, no MATLAB number found. D: the methods, the options, the size and defaults of sigma; Octave agrees on the
    thresholds of sobel and prewitt and on edges without thinning. Thinned edges, which Octave takes in either
    direction, and those of canny, whose kernels are not documented, may differ at places. "roberts", "zerocross",
    "approxcanny", Gx and Gy are not offered.

    >>> step = np.tile([0.0, 0, 0, 0, 0, 1, 1, 1, 1, 1], (4, 1))
    >>> [edge(step, method).bw[1].astype(int).tolist() for method in ("sobel", "canny")]
    [[0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]]
    """
    pixels = np.asarray(image)
    check_image("edge", pixels, (2,))
    check_class("edge", pixels, ("logical", *IMAGES))
    check_no_nan("edge", pixels)
    if not isinstance(method, str) or method not in (*SCALES, *SIGMAS):
        raise ValueError(f"method is {method!r}, but edge knows {', '.join((*SCALES, *SIGMAS))}")
    given = [] if threshold is None else np.asarray(threshold, dtype=np.float64).ravel().tolist()
    most = 2 if method == "canny" else 1
    if len(given) > most or not all(0 <= one < np.inf for one in given) or sorted(given) != given:
        raise ValueError(f"threshold is {threshold!r}, but {method} takes {'[low, high]' if most == 2 else 'a number'}")
    levels = im2double(pixels)
    if method in SCALES:
        return _by_gradient(levels, method, given, *_gradient_options(method, options))
    sigma = _sigma(method, options)
    return _by_zeros(levels, given, sigma) if method == "log" else _by_canny(levels, given, sigma)


def _gradient_options(method: str, options: tuple[str | float, ...]) -> tuple[str, bool]:
    for option in options:
        if option not in (*DIRECTIONS, "thinning", "nothinning"):
            raise ValueError(f"option is {option!r}, but {method} takes {', '.join(DIRECTIONS)}, nothinning")
    chosen = [str(option) for option in options if option in DIRECTIONS] or ["both"]
    return chosen[-1], "nothinning" not in options


def _sigma(method: str, options: tuple[str | float, ...]) -> float:
    sigma = options[0] if options else SIGMAS[method]
    if len(options) > 1 or isinstance(sigma, str) or not 0 < sigma < np.inf:
        raise ValueError(f"options are {list(options)}, but {method} takes one sigma above 0")
    return float(sigma)


def _by_gradient(levels: NDArray[np.float64], method: str, given: list[float], direction: str, thinning: bool) -> Edges:
    kernel = fspecial(method) / SCALES[method]
    gx, gy = (np.asarray(imfilter(levels, one, "replicate")) for one in (kernel.T, kernel))
    gx, gy = gx * (direction != "horizontal"), gy * (direction != "vertical")
    squared = gx * gx + gy * gy
    threshold = given[0] if given else 2 * math.sqrt(float(squared.mean()))
    found = squared > threshold**2
    if thinning:
        beside = (np.abs(gx) >= np.abs(gy)) & _is_peak(squared)
        found &= beside | ((np.abs(gy) >= np.abs(gx)) & _is_peak(squared.T).T)
    return Edges(found, threshold)


def _is_peak(squared: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Not below the left neighbour and above the right one, which the border has none of."""
    wide = np.pad(squared, [(0, 0), (1, 1)], constant_values=-1)
    return np.asarray((squared >= wide[:, :-2]) & (squared > wide[:, 2:]))


def _by_zeros(levels: NDArray[np.float64], given: list[float], sigma: float) -> Edges:
    response = np.asarray(imfilter(levels, fspecial("log", 2 * math.ceil(3 * sigma) + 1, sigma), "replicate"))
    threshold = given[0] if given else 0.75 * float(np.abs(response).mean())
    found = np.zeros(levels.shape, dtype=bool)
    for r, edges in ((response, found), (response.T, found.T)):  # views: what is set in one is set in both
        rise = (r[:, :-1] < 0) & (r[:, 1:] > 0) & (r[:, 1:] - r[:, :-1] > threshold)
        fall = (r[:, :-1] > 0) & (r[:, 1:] < 0) & (r[:, :-1] - r[:, 1:] > threshold)
        over = (r[:, 1:-1] == 0) & (r[:, :-2] * r[:, 2:] < 0) & (np.abs(r[:, :-2] - r[:, 2:]) > 2 * threshold)
        edges[:, :-1] |= rise
        edges[:, 1:] |= fall
        edges[:, 1:-1] |= over
    return Edges(found, threshold)


def _by_canny(levels: NDArray[np.float64], given: list[float], sigma: float) -> Edges:
    across, down, strength = canny_strength(levels, sigma)
    low, high = canny_thresholds(strength) if not given else given if len(given) == 2 else (0.4 * given[0], given[0])
    if not low < high <= 1:
        raise ValueError(f"threshold is [{low:g}, {high:g}], but canny takes [low, high] within 0 and 1, rising")
    return Edges(canny_edges(across, down, strength, low, high), (low, high))
