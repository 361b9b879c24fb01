"""A decision that was made before, for other versions of the same photographs: channels, raw developments, 16 bits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.errors import BadInput
from reference.files import described_file
from reference.images.decoding import read_stored
from reference.images.files import size_text
from reference.methods.base import FusionMethod
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import Fusion
from reference.steps import fusion
from reference.steps.arrays import BinaryMap, Gray, Image

FARTHEST = 0.5  # by which a decision map may leave [0, 1]


@dataclass(frozen=True, eq=False)
class GivenDecision(FusionMethod):
    """The decision map of a pair, (H, W), 1 = A, or the index map of a stack, from 0; its file; how seams blend."""

    values: NDArray[Any]
    file: Path
    parameters: FusionParameters = PAPER
    reach = 0
    grid = memory = 1
    loaded = 0.0

    def __call__(self, image_a: Image, image_b: Image) -> Fusion:
        """Step 9; BadInput where the photographs have another size."""
        self.check(image_a.shape)
        image = fusion(image_a, image_b, self.values)
        return Fusion(image, self.values, {"guided_filter": self.values, "fusion": image})

    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        return np.asarray(self.values > 0.5)

    def check(self, shape: tuple[int, ...], photographs: int = 2) -> None:
        """BadInput where the photographs have another size, or are fewer than an index map names."""
        if self.values.shape != shape[:2]:
            sizes = f"{size_text(self.values.shape)}, but the photographs are {size_text(shape)}"
            raise BadInput(f"{self.file} is {sizes}")
        if (last := self.values.max()) >= photographs:
            raise BadInput(f"{self.file} names photograph {last}, counted from 0, but {photographs} are given")

    def record(self) -> dict[str, Any]:
        return {"decision": described_file(self.file)}


def read_decision(path: Path, notice: Callable[[str], None]) -> GivenDecision:
    """Read a decision map: the array of --save-steps (08_guided_filter.npy), or the 8-bit map beside a result."""
    given = _read(path)
    if given.ndim == 2 and given.dtype == np.uint8:
        notice(f"{path} has 8 bits: the result may differ by a level from the one it was written with")
        return GivenDecision(given / 255, path)
    if given.ndim != 2 or given.dtype != np.float64 or not (np.abs(given - 0.5) <= 0.5 + FARTHEST).all():
        raise BadInput(f"{path} is no decision map: one is (H, W), doubles or 8 bits, 1 where A is taken")
    return GivenDecision(given, path)


def read_index(path: Path, parameters: FusionParameters) -> GivenDecision:
    """Read an index map: the numbers beside a stack's result (F_index.tif), or an array of whole numbers."""
    given = _read(path)
    if given.ndim != 2 or not given.size or given.dtype.kind not in "ui" or given.min() < 0 or given.max() > 65535:
        raise BadInput(f"{path} is no index map: one is (H, W), whole numbers from 0")
    return GivenDecision(given.astype(np.uint16), path, parameters)


def _read(path: Path) -> NDArray[Any]:
    if path.suffix.lower() != ".npy":
        return read_stored(path)
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise BadInput(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
