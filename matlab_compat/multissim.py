"""MATLAB's multissim: structural similarity over several scales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class, check_image, class_range, whole
from matlab_compat.fspecial import fspecial
from matlab_compat.gaussian_blur import gaussian_blur
from matlab_compat.imfilter import imfilter

__all__ = ["multissim"]


class MultiScaleSsim(NamedTuple):
    """The outputs of multissim."""

    score: np.floating
    quality_maps: list[NDArray[np.floating]]


def multissim(
    image: NDArray[np.generic],
    reference: NDArray[np.generic],
    *,
    num_scales: int = 5,
    scale_weights: Sequence[float] | None = None,
    sigma: float = 1.5,
    dynamic_range: float | None = None,
) -> MultiScaleSsim:
    """Multi-scale structural similarity of two gray images (Wang, Simoncelli, Bovik 2003).

    score = prod over the scales k of mean(map_k)^w_k;  map_k = (2 sigma_xy + C2) / (sigma_x^2 + sigma_y^2 + C2), at the
    coarsest scale times (2 mu_x mu_y + C1) / (mu_x^2 + mu_y^2 + C1);  C1 = (.01 L)^2, C2 = (.03 L)^2.
    From one scale to the next: the mean of every pixel, the one to its right and the two below, every second pixel.

    image, reference  (H, W), the same shape and class: uint8, uint16, int16, single or double
    num_scales        scales; the smaller side has 2^(num_scales - 1) pixels or more
    scale_weights     w, finest first, divided by their sum; default: a Gaussian of standard deviation 1 over the scales
    sigma             standard deviation of the window of mu and sigma, 2 ceil(3 sigma) + 1 wide, borders replicated
    dynamic_range     L; default: the range of the class
    returns           score, and quality_maps, the map of every scale; double for doubles, else single
    raises            ValueError for unlike images, an option out of range or a map whose mean is below 0, TypeError for
                      another class

    MATLAB: [score, qualityMaps] = multissim(I, Iref, NumScales=..., ScaleWeights=..., Sigma=..., DynamicRange=...)
    Parity: 5e-7 (S: seven scores of a pair of ramps; the weights of the paper are not the default). B: odd sides,
    int16, whose levels are shifted to 0 first, and means below 0. Further dimensions are not taken.

    >>> x, y = np.meshgrid(np.arange(1, 33), np.arange(1, 33))
    >>> round(float(multissim((x + y).astype(np.uint8), (x + 2 * y).astype(np.uint8)).score), 6)
    0.898375
    """
    x, y = np.asarray(image), np.asarray(reference)
    if x.shape != y.shape or x.dtype != y.dtype:
        raise ValueError(
            f"image is {x.shape} {x.dtype} but reference is {y.shape} {y.dtype}: multissim takes two alike"
        )
    check_image("multissim", x, (2,))
    check_class("multissim", x, IMAGES)
    weights = _weights(num_scales, scale_weights, min(x.shape))
    if not 0 < sigma < np.inf:
        raise ValueError(f"sigma is {sigma}, but multissim takes a number above 0")
    low, high = class_range(x.dtype)
    span = high - low if dynamic_range is None else dynamic_range
    if not 0 < span < np.inf:
        raise ValueError(f"dynamic_range is {span}, but multissim takes a number above 0")
    kind = np.float64 if x.dtype == np.float64 else np.float32
    first, second = (np.subtract(one, min(low, 0), dtype=kind, casting="unsafe") for one in (x, y))
    maps = []
    for scale in range(len(weights)):
        maps.append(_map(first, second, sigma, span, coarsest=scale == len(weights) - 1))
        first, second = _half(first), _half(second)
    means = np.array([one.mean(dtype=np.float64) for one in maps])
    if np.any(means < 0):
        raise ValueError(f"a scale has a mean similarity of {means.min():g}, of which multissim takes no power")
    return MultiScaleSsim(kind(np.prod(means**weights)), maps)


def _weights(num_scales: int, given: Sequence[float] | None, side: int) -> NDArray[np.float64]:
    """The weights of the scales, checked, with sum 1."""
    if not whole(num_scales, 1) or 2 ** (int(num_scales) - 1) > side:
        raise ValueError(f"num_scales is {num_scales!r}, but multissim takes 1 to {side.bit_length()} scales here")
    if given is None:
        return fspecial("gaussian", [1, int(num_scales)], 1).ravel()
    weights = np.asarray(given, dtype=np.float64)
    if weights.shape != (num_scales,) or not np.all((weights >= 0) & (weights < np.inf)) or not weights.any():
        raise ValueError(f"scale_weights are {list(given)}, but multissim takes {num_scales} numbers of 0 or more")
    return np.asarray(weights / weights.sum())


def _map(
    x: NDArray[np.floating], y: NDArray[np.floating], sigma: float, span: float, coarsest: bool
) -> NDArray[np.floating]:
    """Contrast and structure of every pixel, at the coarsest scale with its luminance."""
    c1, c2 = (x.dtype.type((share * span) ** 2) for share in (0.01, 0.03))
    mu_x, mu_y = (gaussian_blur(z, sigma, (0, 1)) for z in (x, y))
    var_x, var_y = (gaussian_blur(z * z, sigma, (0, 1)) - mu * mu for z, mu in ((x, mu_x), (y, mu_y)))
    cov = gaussian_blur(x * y, sigma, (0, 1)) - mu_x * mu_y
    found = (2 * cov + c2) / (var_x + var_y + c2)
    if coarsest:
        found = found * ((2 * mu_x * mu_y + c1) / (mu_x**2 + mu_y**2 + c1))
    return np.asarray(found)


def _half(z: NDArray[np.floating]) -> NDArray[np.floating]:
    """Every second pixel of the means of 2 x 2."""
    return np.asarray(imfilter(z, np.full((2, 2), 0.25), "replicate")[::2, ::2])
