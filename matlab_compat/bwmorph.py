"""MATLAB's bwmorph: operations on the neighbourhoods of a mask."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from matlab_compat.classes import whole
from matlab_compat.regions import binary

__all__ = ["bwmorph"]

Mask = NDArray[np.bool_]
EDGES, CORNERS = ((0, 1), (1, 0), (1, 2), (2, 1)), ((0, 0), (0, 2), (2, 0), (2, 2))
H_SHAPE = np.array([[1, 1, 1], [0, 1, 0], [1, 1, 1]], dtype=bool)
NOT_OFFERED = ("branchpoints", "endpoints", "shrink", "skel", "spur", "thicken")  # MATLAB's rules are not published


def bwmorph(image: NDArray[np.generic], operation: str, n: float = 1) -> Mask:
    """Change a mask by what every pixel's 3 x 3 neighbourhood looks like; beyond the border all is False.

    bridge    set what has neighbours that are not connected (by sides or corners) without it
    clean     clear a pixel without a neighbour             fill      set a pixel with all four neighbours above, below,
    diag      set a pixel with two neighbours at sides                left, right
              that only touch at a corner                   hbreak    clear the middle of an H, upright or lying
    majority  five or more of the nine                      remove    clear a pixel with all four of these neighbours
    dilate    one or more of the nine                       erode     all nine
    open      dilate after erode                            close     erode after dilate
    tophat    the mask without its opening                  bothat    its closing without the mask
    thin      lines of one pixel, in the end (Lam, Lee, Suen 1992; Guo, Hall 1989, their two passes count once)

    image      (H, W), logical or any real class: not 0 is True
    operation  a name above
    n          times that it is done, each on the result of the one before; inf: until nothing changes
    returns    (H, W) bool
    raises     ValueError for another shape, operation or n, NaN, and where inf comes to no end, TypeError for another
               class

    MATLAB: bwmorph(BW, operation, n)
    Parity: exact (S: the sizes of 16 results, "thin" of noise among them; D; Octave agrees, but erodes as if beyond the
    border all were True, and does not bridge two lone corners of one side). B: "fill" whatever the corners are. The
    rules of branchpoints, endpoints, shrink, skel, spur, thicken are not published; they are not offered.

    >>> bwmorph(np.array([[1, 0, 0], [1, 0, 1], [0, 0, 1]]), "bridge").astype(int).tolist()
    [[1, 1, 0], [1, 1, 1], [0, 1, 1]]
    """
    mask = binary("bwmorph", image)
    if operation in NOT_OFFERED:
        raise ValueError(f"operation is {operation!r}, whose rule is not published: bwmorph does not offer it")
    if not isinstance(operation, str) or operation not in OPERATIONS:
        raise ValueError(f"operation is {operation!r}, but bwmorph knows {', '.join(OPERATIONS)}")
    if n != np.inf and not whole(n, 0):
        raise ValueError(f"n is {n!r}, but bwmorph takes a whole number of times, 0 or more, or inf")
    before, times = None, 0
    while times < n:
        found = OPERATIONS[operation](mask)
        if np.array_equal(found, mask):
            break
        if n == np.inf and before is not None and np.array_equal(found, before):
            raise ValueError(
                f"{operation} goes to and fro between two masks after {times} times: bwmorph would not end"
            )
        before, mask, times = mask, found, times + 1
    return mask


@cache
def _table(rule: Callable[[Mask], bool]) -> Mask:
    """What a rule says of each of the 512 neighbourhoods."""
    every = (np.arange(512)[:, np.newaxis] >> np.arange(9)) & 1
    return np.array([rule(one) for one in every.astype(bool).reshape(512, 3, 3)])


def _by(rule: Callable[[Mask], bool]) -> Callable[[Mask], Mask]:
    """The change of a mask by a rule for the middle of a neighbourhood."""

    def change(mask: Mask) -> Mask:
        from scipy import ndimage

        code = ndimage.correlate(mask.astype(np.int32), 2 ** np.arange(9).reshape(3, 3), mode="constant")
        return np.asarray(_table(rule)[code])

    return change


def _sides(x: Mask) -> list[bool]:
    return [bool(x[place]) for place in EDGES]


def _parts(x: Mask) -> int:
    """The connected parts of the eight neighbours."""
    from scipy import ndimage

    return int(ndimage.label(np.where(np.arange(9).reshape(3, 3) == 4, False, x), np.ones((3, 3)))[1])


def _diag(x: Mask) -> bool:
    """A corner is empty between the two neighbours beside it."""
    return bool(x[1, 1]) or any(x[row, 1] and x[1, column] and not x[row, column] for row, column in CORNERS)


def _hbreak(x: Mask) -> bool:
    return bool(x[1, 1]) and not (np.array_equal(x, H_SHAPE) or np.array_equal(x, H_SHAPE.T))


def _thin(mask: Mask) -> Mask:
    from skimage.morphology import thin

    return np.asarray(thin(mask, max_num_iter=1))  # type: ignore[no-untyped-call]


_dilate, _erode = _by(lambda x: bool(x.any())), _by(lambda x: bool(x.all()))
OPERATIONS: dict[str, Callable[[Mask], Mask]] = {
    "bothat": lambda mask: _erode(_dilate(mask)) & ~mask,
    "bridge": _by(lambda x: bool(x[1, 1]) or _parts(x) > 1),
    "clean": _by(lambda x: bool(x[1, 1] and x.sum() > 1)),
    "close": lambda mask: _erode(_dilate(mask)),
    "diag": _by(_diag),
    "dilate": _dilate,
    "erode": _erode,
    "fill": _by(lambda x: bool(x[1, 1]) or all(_sides(x))),
    "hbreak": _by(_hbreak),
    "majority": _by(lambda x: bool(x.sum() >= 5)),
    "open": lambda mask: _dilate(_erode(mask)),
    "remove": _by(lambda x: bool(x[1, 1]) and not all(_sides(x))),
    "thin": _thin,
    "tophat": lambda mask: mask & ~_dilate(_erode(mask)),
}
