"""Baselines: the plain average, and the simplest focus measure with the paper's last steps."""

from __future__ import annotations

import numpy as np

from matlab_compat import boxfilter
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import Fusion, fuse_by_segmentation, steps_in_order
from reference.steps import gray
from reference.steps.arrays import Gray, Image
from reference.steps.checks import check_pair


def average(image_a: Image, image_b: Image) -> Fusion:
    """Take the mean of both sources at every pixel.

    F = (A + B) / 2,  D = 1/2

    MATLAB: (A + B) / 2 on doubles

    >>> average(np.zeros((2, 2)), np.ones((2, 2))).image.tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    check_pair(image_a, image_b)
    mean: Image = (image_a + image_b) / 2
    return Fusion(mean, np.full(image_a.shape[:2], 0.5), steps_in_order(fusion=mean))


WINDOW = 7  # pixels


def fuse_by_local_contrast(image_a: Image, image_b: Image, parameters: FusionParameters = PAPER) -> Fusion:
    """Take each pixel from the source that differs more from its 7 x 7 mean; then steps 7 to 9 of the paper.

    M(y, x) = 1 where |gray_A - mean7(gray_A)| > |gray_B - mean7(gray_B)|, else 0
    (the contrast of Qiu et al. 2019, section 3.1, without the guided filters there)

    >>> sharp, flat = np.indices((32, 32)).sum(axis=0) % 2 * 1.0, np.full((32, 32), 0.5)
    >>> bool(np.allclose(fuse_by_local_contrast(sharp, flat).image, sharp, atol=1e-6))
    True
    """
    gray_a, gray_b = gray(image_a), gray(image_b)
    return fuse_by_segmentation(image_a, image_b, _contrast(gray_a) > _contrast(gray_b), parameters)


def _contrast(gray: Gray) -> Gray:
    """Distance of each pixel from the mean of its window, which is cropped at the border."""
    radius = WINDOW // 2
    return np.abs(gray - boxfilter(gray, radius) / boxfilter(np.ones_like(gray), radius))
