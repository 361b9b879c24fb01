"""Random smooth shapes: where the near layer of a made-up scene is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["smooth_shape"]


def smooth_shape(
    shape: tuple[int, int], smoothness: float, share: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """A random shape with smooth outlines: blurred noise, cut at the level that leaves the share asked for.

    smoothness  standard deviation of the blur, pixels; the larger, the fewer and rounder the parts
    share       of the area inside, in (0, 1)
    returns     `shape`, 1 inside, 0 outside, the rim about one pixel soft

    >>> inside = smooth_shape((40, 60), 8.0, 0.5, np.random.default_rng(0))
    >>> inside.shape, bool(abs(inside.mean() - 0.5) < 0.01)
    ((40, 60), True)
    """
    from scipy import ndimage

    noise = ndimage.gaussian_filter(rng.standard_normal(shape), smoothness, mode="wrap")
    inside = (noise > np.quantile(noise, 1 - share)).astype(np.float64)
    return ndimage.gaussian_filter(inside, 0.6)  # type: ignore[no-any-return]
