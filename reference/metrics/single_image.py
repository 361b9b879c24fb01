"""Metrics of the fused image alone."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

import matlab_compat
from matlab_compat import saturate
from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels


def piqe(image: NDArray[np.uint8]) -> float:
    """Noticeable distortion, estimated without a reference (Venkatanath et al. 2015; the paper's Table 1).

    image    the fused image as stored, (H, W) or (H, W, 3) uint8; MATLAB's piqe converts it to gray
    returns  0..100, LOWER is better
    raises   ValueError or TypeError for any other image

    MATLAB: piqe(fused)
    Parity: V, every printed digit of four values (matlab_compat.piqe).

    >>> piqe(np.full((32, 32, 3), 128, dtype=np.uint8))
    100.0
    """
    return float(matlab_compat.piqe(image).score)


def entropy(fused: Levels) -> float:
    """Shannon's entropy of the histogram; noise raises it too.

    EN = -sum over the 256 levels of p log2 p                                    (Shannon 1948; the paper's Table 1)

    fused    (H, W) gray levels 0..255, rounded to integers
    returns  0..8 bits, higher is called better
    raises   ValueError or TypeError for an image that is not of gray levels

    MATLAB: entropy(rgb2gray(fused))
    Parity: V, matlab_compat.entropy on two images; Octave's value for Children to 9e-16.

    >>> entropy(np.array([[0.0, 255.0]]))
    1.0
    """
    check_levels(fused=fused)
    return float(matlab_compat.entropy(saturate(fused, "uint8")))


def average_gradient(fused: Levels) -> float:
    """Mean strength of the differences with the right and the lower neighbour; noise raises it too.

    AG = mean(sqrt((d_x^2 + d_y^2) / 2)), differences of 0 in the last column and row

    fused    (H, W) gray levels 0..255
    returns  gray levels, higher is called better
    raises   ValueError or TypeError for an image that is not of gray levels

    MATLAB: as in Y. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 8e-13 (B for MATLAB itself).

    >>> average_gradient(np.array([[0.0, 2.0], [2.0, 4.0]]))  # 2, sqrt(2), sqrt(2), 0
    1.2071067811865475
    """
    check_levels(fused=fused)
    d_x = np.diff(fused, axis=1, append=fused[:, -1:])
    d_y = np.diff(fused, axis=0, append=fused[-1:])
    return float(np.mean(np.sqrt((d_x**2 + d_y**2) / 2)))


def edge_intensity(fused: Levels) -> float:
    """Mean magnitude of Sobel's gradient, the border replicated; noise raises it too.

    EI = mean(sqrt(s_x^2 + s_y^2))

    fused    (H, W) gray levels 0..255
    returns  gray levels, not scaled, higher is called better
    raises   ValueError or TypeError for an image that is not of gray levels

    MATLAB: as in Y. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 6e-16 (B for MATLAB itself).

    >>> edge_intensity(np.tile([0.0, 10.0], (4, 1)))
    40.0
    """
    check_levels(fused=fused)
    s_x, s_y = (ndimage.sobel(fused, axis=axis, mode="nearest") for axis in (1, 0))
    return float(np.mean(np.sqrt(s_x * s_x + s_y * s_y)))


def spatial_frequency(fused: Levels) -> float:
    """Root mean square of the differences between neighbours; noise raises it too.

    SF = sqrt((sum of squared vertical + sum of squared horizontal differences) / (H W))      (Li, Kwok, Wang 2001)

    fused    (H, W) gray levels 0..255; both sums are divided by the number of pixels
    returns  gray levels, higher is called better
    raises   ValueError or TypeError for an image that is not of gray levels

    MATLAB: as in Y. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 1e-15 (B for MATLAB itself).

    >>> spatial_frequency(np.array([[0.0, 2.0], [2.0, 4.0]]))
    2.0
    """
    check_levels(fused=fused)
    vertical, horizontal = (float(np.sum(np.diff(fused, axis=axis) ** 2)) for axis in (0, 1))
    return math.sqrt((vertical + horizontal) / fused.size)


def standard_deviation(fused: Levels) -> float:
    """Root of the mean squared deviation of all pixels, the usual form.

    SD = sqrt(mean((F - mean F)^2))

    fused    (H, W) gray levels 0..255
    returns  gray levels, higher is called better
    raises   ValueError or TypeError for an image that is not of gray levels

    MATLAB: std(fused(:), 1)
    Parity: by definition. The toolbox's is `standard_deviation_columns`, a tenth smaller on Lytro.

    >>> standard_deviation(np.array([[0.0, 2.0], [2.0, 4.0]]))
    1.4142135623730951
    """
    check_levels(fused=fused)
    return float(fused.std())


def standard_deviation_columns(fused: Levels) -> float:
    """Mean of the standard deviations of the columns.

    SD = mean over the W columns of sqrt(sum((F - mean of the column)^2) / (H - 1))

    fused    (H, W) gray levels 0..255
    returns  gray levels, higher is called better; 0 for a single row
    raises   ValueError or TypeError for an image that is not of gray levels

    MATLAB: mean(std(fused))
    Parity: GNU Octave running Y. Liu's toolbox, Children: to 1e-15 (B for MATLAB itself).

    >>> standard_deviation_columns(np.array([[0.0, 2.0], [2.0, 4.0]]))
    1.4142135623730951
    """
    check_levels(fused=fused)
    return float(fused.std(axis=0, ddof=1).mean()) if len(fused) > 1 else 0.0


def standard_deviation_sum(fused: Levels) -> float:
    """Root of the sum of the squared deviations, sqrt(sum((F - mean F)^2)), not divided   (Ma, Ma, Li 2019).

    fused    (H, W) gray levels 0..255
    returns  gray levels, higher is called better
    raises   ValueError or TypeError for an image that is not of gray levels

    MATLAB: norm(fused(:) - mean(fused(:)))
    Parity: by definition: `standard_deviation` times sqrt(H W); programs divide, though their papers do not.

    >>> standard_deviation_sum(np.array([[0.0, 2.0], [2.0, 4.0]]))
    2.8284271247461903
    """
    check_levels(fused=fused)
    return float(np.linalg.norm(fused - fused.mean()))
