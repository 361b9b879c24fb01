"""MATLAB's numeric classes as numpy's, and the two questions every function asks of its input.

MATLAB: class, isa.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = [
    "FLOATS",
    "IMAGES",
    "REALS",
    "as_array",
    "check_class",
    "check_image",
    "check_no_nan",
    "class_range",
    "whole",
]

NAMES: dict[np.dtype[Any], str] = {
    np.dtype(np.bool_): "logical", np.dtype(np.float32): "single", np.dtype(np.float64): "double",
    **{np.dtype(kind): kind for kind in ("uint8", "uint16", "uint32", "int8", "int16", "int32")},
}  # fmt: skip
FLOATS = ("single", "double")
INTEGERS = ("uint8", "uint16", "uint32", "int8", "int16", "int32")
IMAGES = ("uint8", "uint16", "int16", *FLOATS)  # the classes the toolbox gives a range of gray levels
REALS = ("logical", *INTEGERS, *FLOATS)


def as_array(values: ArrayLike) -> NDArray[Any]:
    """An array of the values; whole numbers of Python (int64) become double, as they are when typed into MATLAB.

    For functions to which the class means no range of gray levels; the others refuse int64.

    >>> as_array([[1, 2]]).dtype, as_array(np.array([1], np.uint8)).dtype
    (dtype('float64'), dtype('uint8'))
    """
    array = np.asarray(values)
    return array.astype(np.float64) if array.dtype == np.int64 else array


def check_class(function: str, pixels: NDArray[np.generic], classes: tuple[str, ...]) -> None:
    """TypeError unless `pixels` is of one of the classes, named as MATLAB names them.

    >>> check_class("im2gray", np.zeros(3, np.complex64), FLOATS)
    Traceback (most recent call last):
    TypeError: im2gray takes single, double, not complex64
    """
    name = NAMES.get(pixels.dtype, str(pixels.dtype))
    if name not in classes:
        hint = ": numpy's default integers; convert levels by astype(np.uint8), say" if name == "int64" else ""
        raise TypeError(f"{function} takes {', '.join(classes)}, not {name}{hint}")


def check_image(function: str, pixels: NDArray[np.generic], ranks: tuple[int, ...] = (2, 3)) -> None:
    """ValueError unless `pixels` holds something and has one of the ranks.

    >>> check_image("bwlabel", np.zeros(3), (2,))
    Traceback (most recent call last):
    ValueError: bwlabel takes a non-empty image of rank 2, not (3,)
    """
    if pixels.ndim not in ranks or pixels.size == 0:
        allowed = " or ".join(str(rank) for rank in ranks)
        raise ValueError(f"{function} takes a non-empty image of rank {allowed}, not {pixels.shape}")


def check_no_nan(function: str, pixels: NDArray[np.generic]) -> None:
    """ValueError if a value is NaN.

    >>> check_no_nan("piqe", np.array([0.5, np.nan]))
    Traceback (most recent call last):
    ValueError: piqe takes an image without NaN, but 1 of its 2 values are NaN
    """
    if pixels.dtype.kind == "f" and (count := int(np.isnan(pixels).sum())):
        raise ValueError(f"{function} takes an image without NaN, but {count} of its {pixels.size} values are NaN")


def whole(value: float, least: int) -> bool:
    """Whether a number is whole, finite and not below `least`.

    >>> whole(3.0, 0), whole(2.5, 0), whole(np.inf, 0), whole(np.nan, 0)
    (True, False, False, False)
    """
    return isinstance(value, (int, float, np.number)) and bool(least <= value < np.inf) and value == int(value)


def class_range(dtype: DTypeLike) -> tuple[int, int]:
    """Least and greatest gray level of a class (MATLAB: getrangefromclass): 0 and 1 for single, double and logical.

    >>> class_range(np.int16), class_range(np.float64)
    ((-32768, 32767), (0, 1))
    """
    if np.dtype(dtype).kind in "fb":
        return 0, 1
    limits = np.iinfo(np.dtype(dtype))
    return int(limits.min), int(limits.max)
