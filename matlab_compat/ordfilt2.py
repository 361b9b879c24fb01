"""MATLAB's ordfilt2: an order statistic of every neighbourhood."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import REALS, as_array, check_class, check_image, check_no_nan, whole

__all__ = ["ordfilt2"]

MODES = {"zeros": "constant", "symmetric": "reflect"}


def ordfilt2(
    image: NDArray[np.generic], order: int, domain: NDArray[np.generic], padding: str = "zeros"
) -> NDArray[Any]:
    """Replace each pixel by the value that stands at a given place among its sorted neighbours.

    B(y, x) = the order-th smallest A(y + j, x + i) over the pixels (j, i) of the domain, counted from its middle

    image    (H, W), any real class, without NaN
    order    from 1, the smallest, to the number of pixels in the domain
    domain   matrix; what is not 0 lies within; the middle is floor((side + 1) / 2), counted from 1
    padding  beyond the border: "zeros" or "symmetric"
    returns  the same shape and class
    raises   ValueError for another shape, order, domain or padding and for NaN, TypeError for another class

    MATLAB: ordfilt2(A, order, domain, padopt)
    Parity: exact (D; Octave agrees on odd sides). The middle of even sides: B. No additive offsets S.

    >>> ordfilt2(np.array([[1, 5, 3, 9]], dtype=np.uint8), 3, np.ones((1, 3))).tolist()
    [[5, 5, 9, 9]]
    """
    pixels, within = checked("ordfilt2", image, padding), np.asarray(domain) != 0
    if within.ndim != 2 or not within.any():
        raise ValueError(f"domain is {within.shape}, but ordfilt2 takes a matrix with a pixel in it")
    if not whole(order, 1) or order > within.sum():
        raise ValueError(f"order is {order}, but ordfilt2 takes a whole number from 1 to {within.sum()} here")
    from scipy import ndimage

    values = pixels.view(np.uint8) if pixels.dtype == np.bool_ else pixels
    origin = [(side - 1) // 2 - side // 2 for side in within.shape]
    rank = int(order) - 1
    found = ndimage.rank_filter(values, rank, footprint=within, mode=MODES[padding], cval=0.0, origin=origin)
    return np.asarray(found).astype(pixels.dtype)


def checked(function: str, image: NDArray[np.generic], padding: str) -> NDArray[Any]:
    """The pixels, if `function` takes them and the padding.

    >>> checked("medfilt2", np.zeros((2, 2)), "edge")
    Traceback (most recent call last):
    ValueError: padding is 'edge', but medfilt2 takes 'zeros' or 'symmetric'
    """
    pixels = as_array(image)
    check_image(function, pixels, (2,))
    check_class(function, pixels, REALS)
    check_no_nan(function, pixels)
    if padding not in MODES:
        raise ValueError(f"padding is {padding!r}, but {function} takes 'zeros' or 'symmetric'")
    return pixels
