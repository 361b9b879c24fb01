"""MATLAB's piqe: image quality without a reference."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import IMAGES, check_class, check_image, check_no_nan
from matlab_compat.fspecial import fspecial
from matlab_compat.imfilter import imfilter
from matlab_compat.padarray import padarray
from matlab_compat.parts import each_part
from matlab_compat.rgb2gray import rgb2gray
from matlab_compat.rounding import round_half_away

__all__ = ["piqe"]

BLOCK = 16  # pixels
SEGMENT = 6  # pixels of a block's edge
ACTIVE = 0.1  # variance above which a block counts
REACH = 3  # pixels, of the 7 x 7 window
BAND = 16 * BLOCK  # rows that are worked on at a time
FLAT = 0.1  # standard deviation under which a segment is an artifact


class Piqe(NamedTuple):
    """The outputs of piqe."""

    score: float
    activity_mask: NDArray[np.bool_]
    noticeable_artifacts_mask: NDArray[np.bool_]
    noise_mask: NDArray[np.bool_]


def piqe(image: NDArray[np.generic]) -> Piqe:
    """Perception-based image quality evaluator (Venkatanath et al. 2015): 0 is best, 100 worst.

    score = 100 (sum of artifact (1 - v) + noise v over the active blocks + 1) / (number of active blocks + 1)
    v         variance of a 16 x 16 block of (x - mu) / (sigma + 1), sigma = sqrt(|blur(x^2) - mu^2|); active: v > .1
    artifact  6 pixels in a row of a block's edge deviate by less than .1
    noise     sqrt(v) > 2 |s - r| / max(s, r),  s = sqrt(v),  r = std(columns 8, 9) / std(all columns but 8, 10);
              variances and deviations divide by n - 1

    image    (H, W) or (H, W, 3); uint8, uint16, int16, single or double
    returns  score, and (H, W) masks of the blocks: active, with a noticeable artifact, noisy
    raises   ValueError for another shape, NaN, infinity or a negative gray level, TypeError for another class

    MATLAB: [score, activityMask, noticeableArtifactsMask, noiseMask] = piqe(A)
    Parity: all printed digits (V: 24.8481 and 85.7362, two others to two decimals); the steps are rgb2gray, mirroring
    to whole blocks at the bottom and right (B), round(255 x / max x), a 7 x 7 Gaussian of sigma 7/6, replicated.
    Columns 8 and 10, where the paper has 8 and 9, are MATLAB's (V: with 8 and 9 lighthouse.png is 24.9775).

    >>> piqe(np.full((32, 32), 0.5)).score
    100.0
    """
    pixels = np.asarray(image)
    gray = _gray(pixels)
    peak = max(float(gray.max()), np.finfo(np.float64).tiny)
    bands = each_part(lambda top: _judge(_mscn(gray, peak, top)), range(0, len(gray), BAND))
    variance, artifact, noise = (np.concatenate(part) for part in zip(*bands, strict=True))
    active = variance > ACTIVE
    distortion = np.sum((1 - variance)[artifact]) + np.sum(variance[noise])
    score = 100 * (distortion + 1) / (1 + np.sum(active))
    return Piqe(float(score), *(_enlarge(mask, pixels.shape[:2]) for mask in (active, artifact, noise)))


def _gray(pixels: NDArray[Any]) -> NDArray[Any]:
    """Gray of whole blocks, in the class of the image."""
    check_image("piqe", pixels)
    check_class("piqe", pixels, IMAGES)
    check_no_nan("piqe", pixels)
    if not pixels.min() >= 0 or not pixels.max() < np.inf:
        raise ValueError(f"piqe takes gray levels of 0 or more, not from {pixels.min()} to {pixels.max()}")
    gray = rgb2gray(pixels) if pixels.ndim == 3 else pixels
    return padarray(gray, [-side % BLOCK for side in gray.shape], "symmetric", "post")


def _mscn(gray: NDArray[Any], peak: float, top: int) -> NDArray[np.float64]:
    """Mean-subtracted, contrast-normalised levels of a band of rows."""
    first, last = max(top - REACH, 0), min(top + BAND + REACH, len(gray))
    levels = _rescaled(gray[first:last], peak)
    window = fspecial("gaussian", 2 * REACH + 1, 7 / 6)
    mu: NDArray[np.float64] = imfilter(levels, window, "replicate")
    sigma: NDArray[np.float64] = imfilter(levels * levels, window, "replicate")
    sigma -= mu * mu
    np.sqrt(np.abs(sigma, out=sigma), out=sigma)
    levels -= mu  # in place: fresh arrays cost more than the arithmetic
    sigma += 1
    levels /= sigma
    return levels[top - first : min(top + BAND, len(gray)) - first]


def _rescaled(gray: NDArray[Any], peak: float) -> NDArray[np.float64]:
    """round(255 x / peak); for integers through a table of all levels."""
    if gray.dtype.kind != "f":
        return np.take(_rescaled(np.arange(peak + 1), peak), gray)
    return round_half_away(255 * gray.astype(np.float64) / peak).astype(np.float64, copy=False)


def _judge(mscn: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Variance of every block, and of the active ones whether it has an artifact, and noise."""
    blocks = _blocks(mscn)
    variance = blocks.var(axis=(2, 3), ddof=1)
    active = variance > ACTIVE
    artifact, noise = active.copy(), active.copy()
    artifact[active] = _has_flat_segment(blocks[active])
    noise[active] = _is_noisy(blocks[active], variance[active])
    return variance, artifact, noise


def _blocks(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows, columns, 16, 16) of an image of whole blocks."""
    rows, columns = (side // BLOCK for side in levels.shape)
    return levels.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2)


def _has_flat_segment(blocks: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether 6 pixels in a row of one of the four edges of (N, 16, 16) blocks hardly differ."""
    edges = np.stack([blocks[:, 0], blocks[:, -1], blocks[:, :, 0], blocks[:, :, -1]], axis=1)
    segments = np.lib.stride_tricks.sliding_window_view(edges, SEGMENT, axis=-1)
    return np.any(segments.std(axis=-1, ddof=1) < FLAT, axis=(1, 2))  # type: ignore[no-any-return]


def _is_noisy(blocks: NDArray[np.float64], variance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether centre and surround of (N, 16, 16) blocks differ little in comparison with the block's deviation."""
    deviation = np.sqrt(variance)
    centre = blocks[:, :, 7:9].std(axis=(1, 2), ddof=1)
    surround = np.delete(blocks, [7, 9], axis=2).std(axis=(1, 2), ddof=1)
    ratio = np.divide(centre, surround, out=np.zeros_like(centre), where=surround > 0)
    beta = np.abs(deviation - ratio) / np.maximum(deviation, ratio)
    return deviation > 2 * beta  # type: ignore[no-any-return]


def _enlarge(mask: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Pixels of the blocks that are marked."""
    return mask.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)[: shape[0], : shape[1]]
