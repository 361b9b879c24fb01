"""MATLAB's ssim: structural similarity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class, check_image, class_range
from matlab_compat.gaussian_blur import gaussian_blur

__all__ = ["ssim"]


class Ssim(NamedTuple):
    """The outputs of ssim."""

    ssimval: np.floating | NDArray[np.floating]
    ssimmap: NDArray[np.floating]


def ssim(
    image: NDArray[np.generic],
    reference: NDArray[np.generic],
    *,
    radius: float = 1.5,
    dynamic_range: float | None = None,
    exponents: Sequence[float] = (1, 1, 1),
    regularization_constants: Sequence[float] | None = None,
    data_format: str | None = None,
) -> Ssim:
    """Structural similarity index and its map; a colour image is taken as a volume, blurred across its channels.

    map = (2 mu_x mu_y + C1) (2 sigma_xy + C2) / ((mu_x^2 + mu_y^2 + C1) (sigma_x^2 + sigma_y^2 + C2))
    mu, sigma under a Gaussian of standard deviation `radius` (Wang et al. 2004, eq. 13); other exponents: eq. 12

    image, reference          the same shape and class: uint8, uint16, int16, single or double
    radius                    standard deviation; the window is 2 ceil(3 radius) + 1 wide, borders are replicated
    dynamic_range             L; default: the range of the class
    exponents                 of luminance, contrast, structure; terms are clamped to 0 if one is no whole number
    regularization_constants  C1, C2, C3; default (.01 L)^2, (.03 L)^2, C2 / 2
    data_format               one letter a dimension: S (space) is blurred and averaged over, C (channel) and B (batch)
                              are not; default: S for all; "SSC" treats the channels of a colour image one by one
    returns                   ssimval, the mean of the map, or with C or B one mean for each channel, shape (1, 1, C);
                              ssimmap of the shape of the images; single for single, else double
    raises                    ValueError for unlike images or an option out of range, TypeError for another class

    MATLAB: [ssimval, ssimmap] = ssim(A, ref, Radius=..., DynamicRange=..., Exponents=..., DataFormat=...)
    Parity: all printed digits (V: .3595 gray, .0664 colour; by channel it would be .1107; P: a colour volume .8433;
    D the options; B for int16, whose levels are shifted to 0 and above first).

    >>> round(float(ssim(np.zeros((8, 8)), np.ones((8, 8))).ssimval), 6)
    0.0001
    """
    x, y = np.asarray(image), np.asarray(reference)
    if x.shape != y.shape or x.dtype != y.dtype or x.size == 0:
        raise ValueError(
            f"image is {x.shape} {x.dtype} but reference is {y.shape} {y.dtype}: ssim takes two alike, not empty"
        )
    check_class("ssim", x, IMAGES)
    check_image("ssim", x, (2, 3) if data_format is None else (2, 3, 4, 5))
    format_ = data_format or "S" * x.ndim
    if len(format_) != x.ndim or set(format_) - set("SCB") or format_.count("S") not in (2, 3):
        raise ValueError(
            f"data_format is {format_!r}, but {x.shape} takes {x.ndim} of the letters SCB, 2 or 3 of them S"
        )
    if not 0 < radius < np.inf:
        raise ValueError(f"radius is {radius}, but ssim takes a number above 0")
    low, high = class_range(x.dtype)
    span = high - low if dynamic_range is None else dynamic_range
    constants = _constants(span, regularization_constants)
    axes = tuple(axis for axis, letter in enumerate(format_) if letter == "S")
    kind = np.float32 if x.dtype == np.float32 else np.float64
    lift = 32768.0 if x.dtype == np.int16 else 0.0  # to where no level is negative
    first, second = (np.add(image, lift, dtype=kind, casting="unsafe") for image in (x, y))
    similarity = _map(first, second, radius, axes, tuple(exponents), constants)
    value = similarity.mean(axis=axes, keepdims=len(axes) < x.ndim, dtype=np.float64)
    return Ssim(value.astype(kind), similarity)


def _constants(span: float, given: Sequence[float] | None) -> tuple[float, float, float]:
    if not span > 0:
        raise ValueError(f"dynamic_range is {span}, but ssim takes a number above 0")
    if given is None:
        return (0.01 * span) ** 2, (0.03 * span) ** 2, (0.03 * span) ** 2 / 2
    if len(given) != 3 or min(given) < 0:
        raise ValueError(f"regularization_constants are {list(given)}, but ssim takes three numbers of 0 or more")
    first, second, third = given
    return first, second, third


def _map(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    radius: float,
    axes: tuple[int, ...],
    exponents: tuple[float, ...],
    constants: tuple[float, float, float],
) -> NDArray[np.floating]:
    """The similarity of every pixel."""
    mu_x, mu_y = (gaussian_blur(z, radius, axes) for z in (x, y))
    var_x, var_y = (gaussian_blur(z * z, radius, axes) - mu * mu for z, mu in ((x, mu_x), (y, mu_y)))
    cov = gaussian_blur(x * y, radius, axes) - mu_x * mu_y
    c1, c2, c3 = (x.dtype.type(c) for c in constants)
    if exponents == (1, 1, 1) and c3 == c2 / 2:
        return ((2 * mu_x * mu_y + c1) * (2 * cov + c2)) / ((mu_x**2 + mu_y**2 + c1) * (var_x + var_y + c2))  # type: ignore[no-any-return]
    if len(exponents) != 3 or not all(0 <= exponent < np.inf for exponent in exponents):
        raise ValueError(f"exponents are {list(exponents)}, but ssim takes three numbers of 0 or more")
    deviations = np.sqrt(np.maximum(var_x, 0)) * np.sqrt(np.maximum(var_y, 0))
    terms = [
        (2 * mu_x * mu_y + c1) / (mu_x**2 + mu_y**2 + c1),
        (2 * deviations + c2) / (var_x + var_y + c2),
        (cov + c3) / (deviations + c3),
    ]
    if any(exponent != int(exponent) for exponent in exponents):
        terms = [np.maximum(term, 0) for term in terms]
    luminance, contrast, structure = (term**exponent for term, exponent in zip(terms, exponents, strict=True))
    return luminance * contrast * structure  # type: ignore[no-any-return]
