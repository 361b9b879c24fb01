"""MATLAB's imnoise: noise of four distributions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import FLOATS, check_class, check_image, check_no_nan
from matlab_compat.im2double import im2double
from matlab_compat.im2uint8 import im2uint8
from matlab_compat.im2uint16 import im2uint16

__all__ = ["imnoise"]

DEFAULTS = {"gaussian": (0.0, 0.01), "salt & pepper": (0.05,), "speckle": (0.05,), "poisson": ()}
LIMITS = {
    "gaussian": "variance of 0 or more",
    "speckle": "variance of 0 or more",
    "salt & pepper": "density from 0 to 1",
}


def imnoise(
    image: NDArray[np.generic], kind: str, *parameters: float, rng: np.random.Generator | None = None
) -> NDArray[np.generic]:
    """Add noise, in fractions of the range of gray levels.

    gaussian(mean 0, variance .01)  J = I + n, n normal
    speckle(variance .05)           J = I + n I, n uniform of mean 0
    salt & pepper(density .05)      that share of the pixels becomes 0 or 1, half of them each
    poisson                         J of mean I, counted in levels of integers, 1e-12 of doubles, 1e-6 of singles

    image       (H, W) or (H, W, C); uint8, uint16, single or double, floats clipped to [0, 1]
    kind        one of the four names
    parameters  in the order above, as fractions
    rng         numpy's generator; without one, an unseeded one
    returns     the same shape and class, rounded and clipped to the range
    raises      ValueError for another shape, kind or parameters and for NaN, TypeError for another class

    MATLAB: imnoise(I, type, parameters)
    Parity: the distributions (D), never MATLAB's random stream. "localvar" is not offered.

    >>> noisy = imnoise(np.full((100, 100), 128, np.uint8), "salt & pepper", 0.5, rng=np.random.default_rng(0))
    >>> [round(float(np.mean(noisy == level)), 2) for level in (0, 128, 255)]
    [0.25, 0.5, 0.25]
    """
    pixels = np.asarray(image)
    check_image("imnoise", pixels)
    check_class("imnoise", pixels, ("uint8", "uint16", *FLOATS))
    check_no_nan("imnoise", pixels)
    if kind not in DEFAULTS:
        raise ValueError(f"kind is {kind!r}, but imnoise takes {', '.join(map(repr, DEFAULTS))}")
    defaults = DEFAULTS[kind]
    if len(parameters) > len(defaults):
        raise ValueError(f"{kind} takes {len(defaults)} parameters at most, not {len(parameters)}")
    values = (*parameters, *defaults[len(parameters) :])
    if not np.isfinite(values).all() or (values and (values[-1] < 0 or (kind == "salt & pepper" and values[0] > 1))):
        raise ValueError(f"parameters are {parameters}, but {kind} takes a {LIMITS[kind]}")
    draw = rng or np.random.default_rng()
    clean = np.clip(im2double(pixels), 0, 1)
    if kind == "gaussian":
        noisy = clean + draw.normal(values[0], np.sqrt(values[1]), clean.shape)
    elif kind == "speckle":
        widest = np.sqrt(3 * values[0])  # a uniform distribution from -a to a has the variance a^2 / 3
        noisy = clean * (1 + draw.uniform(-widest, widest, clean.shape))
    elif kind == "poisson":
        unit = {"uint8": 255, "uint16": 65535, "float32": 1e6}.get(pixels.dtype.name, 1e12)
        noisy = draw.poisson(clean * unit) / unit
    else:
        lot = draw.random(clean.shape)
        noisy = np.where(lot < values[0] / 2, 0, np.where(lot < values[0], 1, clean))
    noisy = np.clip(noisy, 0, 1)
    if pixels.dtype.kind == "u":
        return im2uint8(noisy) if pixels.dtype == np.uint8 else im2uint16(noisy)
    return np.asarray(noisy, pixels.dtype)
