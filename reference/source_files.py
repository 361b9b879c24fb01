"""Two sources that are to be fused: alike in depth and colour, and of one size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from reference.arrays import Image
from reference.errors import BadInput
from reference.image_io import ImageFile
from reference.same_size import same_size

__all__ = ["Sources", "matched"]


class Sources(NamedTuple):
    """Pixels of one shape, the class that a result is stored in, and B's own size where it had another."""

    image_a: Image
    image_b: Image
    stored: np.dtype[Any]
    resized_b_from: list[int] | None


def matched(
    a: ImageFile, b: ImageFile, names: tuple[str, str], strict_size: bool, notice: Callable[[str], None]
) -> Sources:
    """Both sources, B on the grid of A, with a word to the user when it had another one.

    raises  BadInput where depth or colour differ, or the size where that is not allowed
    """
    name_a, name_b = names
    if a.stored != b.stored:
        raise BadInput(f"{name_a} is {a.stored} but {name_b} is {b.stored}: convert one of them first")
    if a.pixels.ndim != b.pixels.ndim:
        kinds = {2: "gray", 3: "colour"}
        raise BadInput(
            f"{name_a} is {kinds[a.pixels.ndim]} but {name_b} is {kinds[b.pixels.ndim]}: convert one of them first"
        )
    size_a, size_b = a.pixels.shape[:2], b.pixels.shape[:2]
    if size_a == size_b:
        return Sources(a.pixels, b.pixels, a.stored, None)
    text_a, text_b = (f"{columns} x {rows}" for rows, columns in (size_a, size_b))
    if strict_size:
        raise BadInput(f"{name_a} is {text_a} pixels but {name_b} is {text_b}")
    notice(f"{name_b} is {text_b} pixels: resized to {text_a}, the size of {name_a} (imresize)")
    return Sources(a.pixels, same_size(b.pixels, size_a), a.stored, list(size_b))
