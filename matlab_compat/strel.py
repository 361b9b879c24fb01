"""MATLAB's strel: neighbourhoods of flat structuring elements."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matlab_compat.classes import whole
from matlab_compat.rounding import round_half_away

__all__ = ["strel"]

# The directions of Adams' decomposition of a disk into so many periodic lines: rows and columns of a step.
DIRECTIONS = {
    4: ((1, 0), (1, 1), (0, 1), (-1, 1)),
    6: ((1, 0), (1, 2), (2, 1), (0, 1), (-1, 2), (-2, 1)),
    8: ((1, 0), (2, 1), (1, 1), (1, 2), (0, 1), (-1, 2), (-1, 1), (-2, 1)),
}


def strel(shape: str, *parameters: ArrayLike) -> NDArray[np.bool_]:
    """Make a flat structuring element, as its neighbourhood.

    disk          radius, n = 4      n = 0: x^2 + y^2 <= r^2; 4, 6, 8: that many periodic lines, dilated by each other
    square        width              all of width x width
    rectangle     [rows, columns]    all of it
    diamond       radius             |x| + |y| <= r
    octagon       radius             |x|, |y| <= r and |x| + |y| <= 4 r / 3, r a multiple of 3
    line          length, degrees    from -(x, y) to (x, y), x = round((l - 1) / 2 cos t), y = round((l - 1) / 2 sin t),
                                     counterclockwise: the pixel nearest to the line in each column, or row if steeper
    pair          [down, right]      the middle, and the pixel that far off
    periodicline  p, [down, right]   the pixels at k [down, right], k = -p to p
    arbitrary     neighbourhood      where it is not 0

    parameters  as above: whole numbers, but a length of 1 or more and degrees are any
    returns     (rows, columns) bool, True within; its middle is the pixel, index floor((side - 1) / 2)
    raises      ValueError for an unknown shape or a parameter that it does not take

    MATLAB: strel(shape, parameters).Neighborhood
    Parity: exact for "disk" (V: 11 of radius 1 to 41 with n 0, 4, 6, 8); others D, but "line" B beside multiples of 45
    degrees, where Octave agrees. For n above 0 the disk is what radial lines (Adams 1993) of length k = 2 r / (cot t +
    1 / sin t), t = pi / 2n, make of it, widened by a line across and one down to a half side of r - 1 (V); below a
    radius of 3 the disk is exact (V). Balls and other elements with heights are not offered.

    >>> strel("disk", 2).astype(int).tolist()
    [[0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [1, 1, 1, 1, 1], [0, 1, 1, 1, 0], [0, 0, 1, 0, 0]]
    >>> strel("line", 5, 20).astype(int).tolist()
    [[0, 0, 0, 1, 1], [0, 0, 1, 0, 0], [1, 1, 0, 0, 0]]
    """
    if not isinstance(shape, str) or shape not in SHAPES:
        raise ValueError(f"shape is {shape!r}, but strel knows {', '.join(SHAPES)}")
    make, least, most = SHAPES[shape]
    if not least <= len(parameters) <= most:
        count = f"{least} to {most} parameters" if least < most else f"{most} parameter{'s' * (most > 1)}"
        raise ValueError(f"{shape} takes {count}, not {len(parameters)}")
    return make(*parameters)


def _number(name: str, value: ArrayLike, least: int = 0) -> int:
    number = float(np.asarray(value))
    if not whole(number, least):
        raise ValueError(f"{name} is {value!r}, but strel takes a whole number of {least} or more")
    return int(number)


def _distances(radius: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """|y| and |x| of the pixels of a square."""
    side = np.abs(np.arange(-radius, radius + 1))
    return side[:, np.newaxis], side


def _disk(radius: ArrayLike, n: ArrayLike = 4) -> NDArray[np.bool_]:
    r, lines = _number("radius", radius), _number("n", n)
    if lines not in (0, *DIRECTIONS):
        raise ValueError(f"n is {n!r}, but strel takes 0, 4, 6 or 8")
    if lines == 0 or r < 3:
        y, x = _distances(r)
        return np.asarray(x**2 + y**2 <= r**2)
    angle = math.pi / (2 * lines)
    length = 2 * r / (1 / math.tan(angle) + 1 / math.sin(angle))
    steps = {step: math.floor(length / math.hypot(*step)) for step in DIRECTIONS[lines]}
    reach = sum(count * max(map(abs, step)) for step, count in steps.items()) + r
    found = np.zeros((2 * reach + 1, 2 * reach + 1), dtype=bool)
    found[reach, reach] = True
    for step, count in steps.items():
        found = _along(found, step, count)
    half = int(np.abs(np.flatnonzero(found.any(axis=1)) - reach).max())
    for step in ((1, 0), (0, 1)):
        found = _along(found, step, max(r - 1 - half, 0))
    size = max(half, r - 1)
    return found[reach - size : reach + size + 1, reach - size : reach + size + 1]


def _along(found: NDArray[np.bool_], step: tuple[int, int], count: int) -> NDArray[np.bool_]:
    """The dilation by a periodic line: `count` steps to either side."""
    shifted = (np.roll(found, (k * step[0], k * step[1]), axis=(0, 1)) for k in range(-count, count + 1))
    return np.asarray(np.logical_or.reduce(list(shifted)))


def _square(width: ArrayLike) -> NDArray[np.bool_]:
    side = _number("width", width, 1)
    return np.ones((side, side), dtype=bool)


def _rectangle(size: ArrayLike) -> NDArray[np.bool_]:
    sides: Sequence[float] = np.asarray(size, dtype=np.float64).ravel().tolist()
    if len(sides) != 2:
        raise ValueError(f"size is {size!r}, but strel takes [rows, columns]")
    return np.ones([_number("size", side, 1) for side in sides], dtype=bool)


def _diamond(radius: ArrayLike) -> NDArray[np.bool_]:
    r = _number("radius", radius)
    y, x = _distances(r)
    return np.asarray(x + y <= r)


def _octagon(radius: ArrayLike) -> NDArray[np.bool_]:
    r = _number("radius", radius)
    if r % 3:
        raise ValueError(f"radius is {radius!r}, but an octagon takes a multiple of 3")
    y, x = _distances(r)
    return np.asarray(x + y <= r + r // 3)


def _line(length: ArrayLike, degrees: ArrayLike) -> NDArray[np.bool_]:
    size, angle = np.asarray(length, dtype=np.float64), np.asarray(degrees, dtype=np.float64)
    if size.size != 1 or not 1 <= size.item() < np.inf:
        raise ValueError(f"length is {length!r}, but strel takes a number of 1 or more")
    if angle.size != 1 or not np.isfinite(angle.item()):
        raise ValueError(f"degrees are {degrees!r}, but strel takes a number")
    t = math.radians(angle.item())
    end = round_half_away((size.item() - 1) / 2 * np.array([-math.sin(t), math.cos(t)]))  # rows go down
    reach = int(np.abs(end).max())
    steps = np.arange(-reach, reach + 1)[:, np.newaxis]
    return _members(round_half_away(steps * end / max(reach, 1)))


def _members(places: NDArray[np.floating]) -> NDArray[np.bool_]:
    """The smallest neighbourhood with these pixels, rows and columns from its middle on."""
    rows, columns = places.astype(np.intp).T
    half_rows, half_columns = np.abs(rows).max(), np.abs(columns).max()
    found = np.zeros((2 * half_rows + 1, 2 * half_columns + 1), dtype=bool)
    found[half_rows + rows, half_columns + columns] = True
    return found


def _offset(name: str, value: ArrayLike) -> NDArray[np.floating]:
    offset = np.asarray(value, dtype=np.float64)
    if offset.size != 2 or not np.isfinite(offset).all() or np.any(offset % 1):
        raise ValueError(f"{name} is {value!r}, but strel takes [down, right], whole numbers")
    return offset.ravel()


def _pair(offset: ArrayLike) -> NDArray[np.bool_]:
    return _members(np.array([[0.0, 0.0], _offset("offset", offset)]))


def _periodicline(p: ArrayLike, step: ArrayLike) -> NDArray[np.bool_]:
    count = _number("p", p)
    return _members(np.arange(-count, count + 1)[:, np.newaxis] * _offset("step", step))


def _arbitrary(neighbourhood: ArrayLike) -> NDArray[np.bool_]:
    found = np.asarray(neighbourhood)
    if found.ndim != 2 or not found.size or found.dtype.kind not in "buif":
        raise ValueError(f"neighbourhood is {found.shape} {found.dtype}, but strel takes a matrix of numbers")
    return np.asarray(found != 0)


SHAPES: dict[str, tuple[Callable[..., NDArray[np.bool_]], int, int]] = {
    "disk": (_disk, 1, 2), "square": (_square, 1, 1), "rectangle": (_rectangle, 1, 1), "diamond": (_diamond, 1, 1),
    "octagon": (_octagon, 1, 1), "line": (_line, 2, 2), "pair": (_pair, 1, 1), "periodicline": (_periodicline, 2, 2),
    "arbitrary": (_arbitrary, 1, 1),
}  # fmt: skip
