"""Fusion of many photographs by the pixel method: each pixel is weighed among all photographs at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from reference.images.region import Region
from reference.jobs.progress import Progress
from reference.jobs.tiles import tile_size_for, tiles
from reference.methods.pixel import PixelMethod
from reference.network.pixel_engine import Single
from reference.steps import gray
from reference.steps.arrays import Image, Map
from reference.steps.checks import check_image

__all__ = ["Weighed", "weigh_stack"]

LARGEST = 600.0  # of a logit, so that its exponential is a number


class Weighed:
    """Sums over the photographs, which the order of these moves by rounding alone.

    total    sum of exp(l_k) P_k;  norm  sum of exp(l_k);  depth  sum of exp(l_k) k / (N - 1)
    index    the photograph of the largest logit;  left  sum of the logarithms of the squared error that is expected
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.total: Image = np.zeros(shape)
        self.norm, self.depth, self.left = (np.zeros(shape[:2]) for _ in range(3))
        self.largest, self.index = np.full(shape[:2], -np.inf), np.zeros(shape[:2], np.uint16)

    def add(self, depth: float, k: int, image: Image, logit: Map, log_variance: Map) -> None:
        """Add photograph k, at a depth from 0 to 1."""
        weight = np.exp(np.clip(logit, -LARGEST, LARGEST))
        self.total += image * (weight if image.ndim == 2 else weight[..., np.newaxis])
        self.norm += weight
        self.depth += weight * depth
        self.left += log_variance
        self.index[logit > self.largest] = k
        np.maximum(self.largest, logit, out=self.largest)

    def image(self) -> Image:
        """F = sum of w_k P_k,  w_k = exp(l_k) / sum of exp(l_j)."""
        return self.total / (self.norm if self.total.ndim == 2 else self.norm[..., np.newaxis])

    def error(self, photographs: int) -> Map:
        """The root of the squared error that is expected."""
        return np.asarray(np.exp(self.left / (2 * photographs)))


def weigh_stack(photographs: Sequence[Callable[[], Image]], method: PixelMethod, progress: Progress) -> Weighed:
    """Weigh all photographs, each of which is read twice: for the means over all, and then beside these.

    photographs  functions that read one
    progress     receives how many of 2 N - 1 passes over a photograph are done
    raises       ValueError for different shapes

    One photograph is held at a time, and the means of all: memory does not grow with their number.
    """
    count, engine = len(photographs), method.engine
    shape = photographs[0]().shape
    padding = [(0, -side % engine.align) for side in shape[:2]]
    padded = tuple(side + more for side, (_, more) in zip(shape, padding, strict=False))
    parts = [*tiles(padded, tile_size_for(padded, method) or max(padded), method.reach, method.grid)]

    def read(k: int) -> tuple[Image, Single]:
        image = photographs[k]()
        check_image(f"photograph {k}", image)
        if image.shape != shape:
            raise ValueError(f"photograph {k} is {image.shape} but photograph 0 is {shape}")
        return image, np.pad(gray(image).astype(np.float32), padding, mode="edge")

    mean_gray, mean_features = np.zeros(padded), np.zeros((*padded, 0))
    for k in range(count):
        _, one = read(k)
        mean_gray += one / count
        for part in parts:
            features = engine.features(part.outer.of(one)).transpose(1, 2, 0)
            mean_features = np.zeros((*padded, features.shape[2])) if not mean_features.size else mean_features
            part.inner.of(mean_features)[...] += part.inner_part(features) / count
        progress(k, 2 * count - 1)

    weighed, whole = Weighed(shape), Region(0, shape[0], 0, shape[1])
    logit, log_variance = np.empty(padded), np.empty(padded)
    for k in range(count):
        image, one = read(k)
        for part in parts:
            means = part.outer.of(mean_features).transpose(2, 0, 1), part.outer.of(mean_gray)
            judged = engine.judge(part.outer.of(one), *(mean.astype(np.float32) for mean in means))
            for values, found in zip((logit, log_variance), judged, strict=True):
                part.inner.of(values)[...] = part.inner_part(found)
        weighed.add(k / (count - 1), k, image, whole.of(logit), whole.of(log_variance))
        progress(count + k, 2 * count - 1)
    return weighed
