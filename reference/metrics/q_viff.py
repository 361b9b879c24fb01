"""Q_VIFF: visual information fidelity for fusion."""

from __future__ import annotations

from functools import partial

import numpy as np

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import Local, Window, covariance, gaussian_mean_inside, local

__all__ = ["q_viff"]

SIDES = (17, 9, 5, 3)  # of the window at each scale, the finest first; sigma is a fifth of it
WEIGHTS = (1, 0, 0.15, 1)
NOISE = 0.005 * 255**2  # variance of the eye's own noise
NONE = 1e-10  # variance under which there is none
C = 1e-7
LEAST = 41  # pixels, so that a window fits at the last scale


def q_viff(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Information an eye gets from the fused image over what it would get from the sources, at four scales.

    Q_VIFF = (V_1 + 0 V_2 + .15 V_3 + V_4) / 2.15,  V_s = sum(N + C) / sum(D + C)          (Han, Cai, Cao, Xu 2013)
    N = log10(1 + g^2 var_X / (s + n^2)),  D = log10(1 + var_X / n^2),  g = cov_XF / var_X,  s = var_F - g cov_XF
    at each position of the source with the smaller gain g, of B where they are equal; n^2 = 325.125

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 41 or more
    returns                  about 0..1, higher is better; above 1 for enhanced contrast
    raises                   ValueError or TypeError for what are not gray levels of one shape

    Where both covariances with F are 0 but for rounding, as in windows of two crossing straight edges, rounding decides
    which source is taken; photographs have no such windows.

    MATLAB: VIFF_Public(im1, im2, fim)
    Parity: GNU Octave running it, Children: to 7e-16 (B for MATLAB itself).

    >>> image = np.random.default_rng(0).integers(0, 256, (48, 48)).astype(float)
    >>> round(q_viff(image, image, image), 6)
    1.0
    """
    check_levels(LEAST, image_a=image_a, image_b=image_b, fused=fused)
    images = [image_a, image_b, fused]
    fidelity = 0.0
    for scale, (side, weight) in enumerate(zip(SIDES, WEIGHTS, strict=True)):
        window = partial(gaussian_mean_inside, side=side, sigma=side / 5)
        if scale > 0:
            images = [window(image)[::2, ::2] for image in images]
        if weight > 0:
            a, b, f = (local(image, window) for image in images)
            fidelity += weight * _fidelity(a, b, f, window)
    return fidelity / sum(WEIGHTS)


def _fidelity(a: Local, b: Local, f: Local, window: Window) -> float:
    """V of one scale."""
    (gain_a, n_a, d_a), (gain_b, n_b, d_b) = (_information(x, f, covariance(x, f, window)) for x in (a, b))
    from_a = gain_a < gain_b
    n, d = np.where(from_a, n_a, n_b), np.where(from_a, d_a, d_b)
    return float(np.sum(n + C) / np.sum(d + C))


def _information(x: Local, f: Local, cov: Levels) -> tuple[Levels, Levels, Levels]:
    """Gain of a source in the fused image, and the information seen through the fused image and directly."""
    var_x, var_f = np.maximum(x.variance, 0), np.maximum(f.variance, 0)
    gain = cov / (var_x + NONE)
    rest = var_f - gain * cov
    source_flat, fused_flat = var_x < NONE, var_f < NONE
    gain[source_flat | fused_flat] = 0
    rest = np.where(source_flat, var_f, rest)
    var_x[source_flat] = 0
    rest[fused_flat] = 0
    rest = np.where(gain < 0, var_f, rest)
    gain = np.maximum(gain, 0)
    rest = np.maximum(rest, NONE)
    return gain, np.log10(1 + gain * gain * var_x / (rest + NOISE)), np.log10(1 + var_x / NOISE)
