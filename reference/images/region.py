"""A rectangle of an image."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Pixel = TypeVar("Pixel", bound=np.generic)


class Region(NamedTuple):
    """Rows top to bottom - 1 and columns left to right - 1.

    >>> Region(1, 3, 0, 2).of(np.arange(12).reshape(4, 3)).tolist()
    [[3, 4], [6, 7]]
    """

    top: int
    bottom: int
    left: int
    right: int

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.bottom - self.top, self.right - self.left

    def of(self, image: NDArray[Pixel]) -> NDArray[Pixel]:
        """This part of an image, as a view that can be written to."""
        return image[self.top : self.bottom, self.left : self.right]
