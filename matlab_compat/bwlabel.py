"""MATLAB's bwlabel: number the regions of a binary image."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat.regions import binary, check_connectivity, labels

__all__ = ["bwlabel"]


class Labels(NamedTuple):
    """The outputs of bwlabel."""

    label: NDArray[np.intp]
    n: int


def bwlabel(image: NDArray[np.generic], connectivity: int = 8) -> Labels:
    """Give every connected region a number, from 1 on.

    image         (H, W); nonzero is true
    connectivity  8: pixels that touch at a corner belong together; 4: they do not
    returns       label (H, W), 0 where the image is false, and n, the number of regions
    raises        ValueError for another rank or connectivity, or NaN, TypeError for another class

    MATLAB: [L, n] = bwlabel(BW, conn)
    Parity: exact, but L is an integer array here and double in MATLAB (V: 88 regions of text.png; D default 8;
    B: numbers follow the first pixel of each region, going down the columns; Octave numbers otherwise).

    >>> bwlabel(np.array([[0, 0, 1], [1, 0, 0], [1, 0, 0]]))
    Labels(label=array([[0, 0, 2],
           [1, 0, 0],
           [1, 0, 0]]), n=2)
    """
    check_connectivity("bwlabel", connectivity)
    return Labels(*labels(binary("bwlabel", image), connectivity))
