"""MATLAB's imhistmatch: give an image the histogram of another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import check_class, check_image, whole
from matlab_compat.histeq import CLASSES, histeq
from matlab_compat.imhist import imhist

__all__ = ["imhistmatch"]


class HistogramMatch(NamedTuple):
    """The outputs of imhistmatch."""

    b: NDArray[Any]
    hgram: NDArray[np.float64]


def imhistmatch(image: NDArray[np.generic], reference: NDArray[np.generic], nbins: int = 64) -> HistogramMatch:
    """Change gray levels so that their histogram comes close to that of a reference.

    B = histeq(image, imhist(reference, nbins)): see `histeq` for the formula

    image      (H, W) or (H, W, 3); uint8, single or double
    reference  (H, W), or (H, W, 3) for a colour image, channel by channel; of any size and of these classes
    nbins      bins of the histogram of the reference, 2 or more
    returns    b of the shape and class of the image, and hgram (nbins,), or (3, nbins) of a colour reference
    raises     ValueError for another shape or number of bins, or NaN, TypeError for another class

    MATLAB: [B, hgram] = imhistmatch(A, ref, nbins), with the method "uniform"
    Parity: exact (S: ten levels, two of doubles, and the histograms; D). "polynomial" is not offered.

    >>> imhistmatch(np.array([[0, 100, 200]], dtype=np.uint8), np.array([[50, 150, 250]], dtype=np.uint8)).b.tolist()
    [[49, 150, 251]]
    """
    pixels, other = np.asarray(image), np.asarray(reference)
    for one in (pixels, other):
        check_image("imhistmatch", one)
        check_class("imhistmatch", one, CLASSES)
    if {pixels.shape[2:], other.shape[2:]} - {(), (3,)} or pixels.ndim < other.ndim:
        raise ValueError(
            f"image is {pixels.shape} but reference is {other.shape}: imhistmatch takes (H, W) or (H, W, 3), "
            "a colour reference for a colour image only"
        )
    if not whole(nbins, 2):
        raise ValueError(f"nbins is {nbins!r}, but imhistmatch takes a whole number of bins, 2 or more")
    if other.ndim == 2:
        hgram = imhist(other, nbins).counts.astype(np.float64)
        wanted = [hgram] * 3
    else:
        hgram = np.stack([imhist(other[..., channel], nbins).counts for channel in range(3)]).astype(np.float64)
        wanted = list(hgram)
    if pixels.ndim == 2:
        return HistogramMatch(histeq(pixels, hgram).j, hgram)
    channels = [histeq(pixels[..., channel], wanted[channel]).j for channel in range(3)]
    return HistogramMatch(np.stack(channels, axis=2), hgram)
