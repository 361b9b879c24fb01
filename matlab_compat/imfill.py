"""MATLAB's imfill for holes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image, check_no_nan
from matlab_compat.regions import neighbours

__all__ = ["imfill"]


def imfill(image: NDArray[np.generic], *options: str | int) -> NDArray[np.generic]:
    """Fill the holes: what is dark and cannot be reached from the border without crossing something brighter.

    The smallest image above the given one, equal to it on the border, without regional minima elsewhere
    (a morphological reconstruction by erosion from the border)

    image    (H, W); logical or any real class
    options  "holes", and the connectivity of the background, 4 (default) or 8, in any order
    returns  same shape and class
    raises   ValueError for another rank, connectivity, NaN, or anything but "holes", TypeError for another class

    MATLAB: imfill(BW, conn, 'holes'), imfill(I, conn, 'holes')
    Parity: exact (D, S: connectivity 4; Octave agrees on logical images; gray B). scikit-image's reconstruction.

    >>> imfill(np.array([[5, 5, 5], [5, 1, 3], [5, 5, 5]], dtype=np.uint8))[1].tolist()
    [5, 3, 3]
    """
    from skimage.morphology import reconstruction

    pixels = as_array(image)
    check_image("imfill", pixels, (2,))
    check_class("imfill", pixels, REALS)
    connectivity = 4
    for option in options:
        if option in (4, 8):
            connectivity = int(option)
        elif option != "holes":
            raise ValueError(f"option is {option!r}, but imfill takes 'holes' and 4 or 8 here")
    check_no_nan("imfill", pixels)
    levels = pixels.astype(np.float64)
    seed = np.full_like(levels, levels.max())
    seed[[0, -1]], seed[:, [0, -1]] = levels[[0, -1]], levels[:, [0, -1]]
    filled: NDArray[np.float64] = reconstruction(  # type: ignore[no-untyped-call]
        seed, levels, method="erosion", footprint=neighbours(connectivity)
    )
    return filled.astype(pixels.dtype)
