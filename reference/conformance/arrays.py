"""Arrays as the kit stores them: .npy without pickles, known by a digest of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DTYPES", "Array", "BadArray", "Parameters", "StepFunction", "digest", "read_array", "write_array"]

Array = NDArray[np.generic]
Parameters = Mapping[str, Any]
StepFunction = Callable[[Sequence[Array], Parameters], Array]
DTYPES = ("|u1", "<i4", "<f4", "<f8")  # masks are |u1


class BadArray(ValueError):
    """A file that is not an array of the kit; one sentence says why."""


def digest(array: Array) -> str:
    """The sha256 of what an array holds, whatever file or memory order it comes in.

    sha256("DTYPE:ROWS,COLUMNS,...\\n" and the values in row order, little-endian, -0.0 as 0.0)

    raises   BadArray for NaN or another dtype than DTYPES

    >>> digest(np.zeros((1, 2))) == digest(np.asfortranarray(-np.zeros((1, 2), dtype=">f8")))
    True
    >>> digest(np.zeros((1, 2))) == digest(np.zeros((2, 1)))
    False
    """
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    if little.dtype.str not in DTYPES:
        raise BadArray(f"dtype is {little.dtype.str}, but the kit has {', '.join(DTYPES)}")
    if little.dtype.kind == "f":
        if np.isnan(little).any():
            raise BadArray(f"there is a NaN in it, the first at {tuple(map(int, np.argwhere(np.isnan(little))[0]))}")
        little = little + np.zeros((), dtype=little.dtype)  # -0.0 + 0.0 is 0.0
    head = f"{little.dtype.str}:{','.join(map(str, array.shape))}\n"
    return hashlib.sha256(head.encode() + little.tobytes()).hexdigest()


def read_array(path: Path) -> Array:
    """Read one array; BadArray if it is none of the kit's."""
    try:
        with open(path, "rb") as file:
            if file.read(6) != b"\x93NUMPY":
                raise BadArray(f"{path.name} does not begin as .npy files do, with \\x93NUMPY")
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadArray(f"{path.name} is not a readable .npy file: {error}") from error
    if not isinstance(array, np.ndarray) or array.dtype.newbyteorder("<").str not in DTYPES or array.ndim < 2:
        what = f"{array.dtype.str} of shape {array.shape}" if isinstance(array, np.ndarray) else "an archive"
        raise BadArray(f"{path.name} is {what}, but the kit has {', '.join(DTYPES)} of two or more dimensions")
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))


def write_array(path: Path, array: Array) -> None:
    """Write one array in row order, little-endian, with at least two dimensions; masks as u1."""
    plain = array.astype(np.uint8) if array.dtype == np.bool_ else array
    shaped = plain.reshape((1,) * (2 - plain.ndim) + plain.shape)
    np.save(path, np.ascontiguousarray(shaped, dtype=shaped.dtype.newbyteorder("<")), allow_pickle=False)
