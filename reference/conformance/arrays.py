"""Arrays as the kit stores them: .npy without pickles, identified by a digest of their content."""

from __future__ import annotations

import hashlib
import io
import math
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "BadArray", "Parameters", "StepFunction", "as_bytes", "digest", "read_array", "write_array"]

Array = NDArray[np.generic]
Parameters = Mapping[str, Any]
StepFunction = Callable[[Sequence[Array], Parameters], Array]
DTYPES = ("|u1", "<i4", "<f4", "<f8")  # masks are |u1


class BadArray(ValueError):
    """A file that is not an array of the kit, with the reason in one sentence."""


def digest(array: Array) -> str:
    """The sha256 of the content of an array, independent of file and memory order.

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
    """Read one array; BadArray if it is none of the kit's, or if its file is longer or shorter than its header says."""
    try:
        with open(path, "rb") as file:
            if file.read(6) != b"\x93NUMPY":
                raise BadArray(f"{path.name} does not begin as .npy files do, with \\x93NUMPY")
            file.seek(0)
            shape, in_columns, dtype = _header(path.name, file)
            values = np.frombuffer(file.read(), dtype=dtype)
    except OSError as error:
        raise BadArray(f"{path.name} cannot be read: {error.strerror}") from error
    array = values.reshape(shape, order="F" if in_columns else "C")
    return np.ascontiguousarray(array, dtype=dtype.newbyteorder("<"))


def _header(name: str, file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether in column order, and dtype; checked against the kit and the number of bytes that follow."""
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, in_columns, dtype = read(file)
    except Exception as error:  # numpy parses the header as Python
        raise BadArray(f"{name} has no header that numpy reads: {error}") from error
    if dtype.newbyteorder("<").str not in DTYPES or len(shape) < 2:
        raise BadArray(
            f"{name} is {dtype.str} of shape {shape}, but the kit has {', '.join(DTYPES)} of two or more dimensions"
        )
    size = os.fstat(file.fileno()).st_size - file.tell()
    if size != (expected := math.prod(shape) * dtype.itemsize) or min(shape) < 1:
        raise BadArray(f"{name} has {size} bytes of values, but {dtype.str} of shape {shape} has {expected}")
    return shape, in_columns, dtype


def write_array(path: Path, array: Array) -> None:
    """Write one array in row order, little-endian, with at least two dimensions; masks as u1."""
    path.write_bytes(as_bytes(array))


def as_bytes(array: Array) -> bytes:
    """The bytes of an array's file as the kit writes it."""
    plain = array.astype(np.uint8) if array.dtype == np.bool_ else array
    shaped = plain.reshape((1,) * (2 - plain.ndim) + plain.shape)
    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(shaped, dtype=shaped.dtype.newbyteorder("<")), allow_pickle=False)
    return file.getvalue()
