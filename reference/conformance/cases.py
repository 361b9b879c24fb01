"""The content of the vectors: cases, their arrays, the limits, and the wrong arrays that known mistakes produce."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]
Parameters = Mapping[str, Any]
StepFunction = Callable[[Sequence[Array], Parameters], Array]
DTYPES = ("|u1", "<i4", "<f4", "<f8")  # masks are |u1
# The limit of a difference: "peak" and "rms", or "relative", or "mismatches", or "levels" and "fraction"; "measured" is
# the largest difference of honest variants when it was set.
Limit = Mapping[str, float]


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
            array: Array = np.lib.format.read_array(file, allow_pickle=False)
            behind = len(file.read())
    except OSError as error:
        raise BadArray(f"{path.name} cannot be read: {error.strerror}") from error
    except Exception as error:  # numpy parses the header as Python
        raise BadArray(f"{path.name} is no array that numpy reads: {error}") from error
    little = array.dtype.newbyteorder("<")
    if behind:
        raise BadArray(f"{path.name} goes on for {behind} bytes behind its values")
    if little.str not in DTYPES or array.ndim < 2 or not array.size:
        kit = f"the kit has {', '.join(DTYPES)} of two or more dimensions"
        raise BadArray(f"{path.name} is {array.dtype.str} of shape {array.shape}, but {kit}")
    return np.ascontiguousarray(array, dtype=little)


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


@dataclass(frozen=True)
class Entry:
    """One array of a case."""

    name: str
    role: str
    kind: str  # mask, levels, real, or features, which have channels first
    dtype: str
    shape: tuple[int, ...]
    value: Array
    step: str = ""  # of an output: the function that computes it
    inputs: tuple[str, ...] = ()  # of an output: the arrays that it takes
    limits: Mapping[str, Limit] = field(default_factory=dict)  # of an output, by profile
    ties: Mapping[str, Any] | None = None  # the array that may decide it within rounding: see `compare.ties_of`


@dataclass(frozen=True)
class Flag:
    """A bug that a case reveals, with the array that it produces instead of the right one."""

    name: str
    step: str
    array: str
    effect: str
    value: Array


@dataclass(frozen=True)
class Case:
    """A case: the content of case.json, and all arrays."""

    folder: Path
    record: Mapping[str, Any]
    entries: Mapping[str, Entry]
    flags: tuple[Flag, ...] = ()

    @property
    def name(self) -> str:
        """Its suite and its own name."""
        return str(self.record["case"])

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters that the steps take."""
        return MappingProxyType(self.record["parameters"])

    @property
    def outputs(self) -> list[Entry]:
        """The outputs in the order of the steps."""
        return [entry for entry in self.entries.values() if entry.role == "output"]


@dataclass(frozen=True)
class Vectors:
    """All stored cases; `names` includes those that are not stored."""

    version: str
    steps: tuple[str, ...]
    cases: tuple[Case, ...]
    names: frozenset[str]
