"""The pixel method: a network beyond the paper weighs every pixel of every photograph, and says what error is left.

Source: this project (docs/pixel.md); eq. 3 of the paper blends, and none of its steps 2 to 8 is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from scipy.special import expit

from reference.methods.base import ERROR, FusionMethod
from reference.network.loading import ByONNX, ByTorch, load_engine
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import Fusion
from reference.steps import fusion, gray
from reference.steps.arrays import BinaryMap, Gray, Image, Map
from reference.steps.checks import check_pair


def pixel(image_a: Image, image_b: Image) -> Fusion:
    """Fuse two photographs by a network that weighs every pixel; beyond the paper, for the best picture.

    (l_k, v_k) = network of the grays;  D = 1 / (1 + exp(l_B - l_A)),  F = D A + (1 - D) B  (eq. 3)
    expected error = min(exp(mean(v_k) / 2), 0.1)

    image_a, image_b  (H, W) or (H, W, 3) in [0, 1]
    returns           fused image before the cast, decision map, and among the steps `expected_error`, (H, W), the root
                      of the squared error that is left, large where the decision is hard
    raises            ValueError or TypeError for shapes that differ or values outside [0, 1]

    MATLAB: none
    Parity: in ONNX Runtime, OpenCV and PyTorch equal to 1e-5; exchanging A and B exchanges D and 1 - D to 1e-6

    >>> sharp = np.indices((64, 64)).sum(axis=0) // 4 % 2 * 1.0
    >>> bool(pixel(sharp, np.full((64, 64), 0.5)).decision_map[8:56, 8:56].min() > 0.9)
    True
    """
    return _shipped()(image_a, image_b)


@dataclass(frozen=True)
class PixelMethod(FusionMethod):
    """Weights from a network that weighs every pixel; its soft map goes to eq. 3 as it is."""

    engine: ByONNX | ByTorch = field(default_factory=load_engine)
    parameters: FusionParameters = PAPER  # none is used
    memory = 700
    loaded = 60e6
    reach = 96  # pixels: 3 x 3 filters at five sizes, and what a pixel of the coarsest covers
    grid = 16
    local = True

    def __call__(self, image_a: Image, image_b: Image) -> Fusion:
        """Fuse a pair: F = D A + (1 - D) B, D by the network (eq. 3)."""
        check_pair(image_a, image_b)
        grays = gray(image_a), gray(image_b)
        odds, log_variance = log_odds(*grays, self.engine)
        decision_map, error = expit(odds), expected_error(log_variance)
        image = fusion(image_a, image_b, decision_map)
        steps = {"gray_a": grays[0], "gray_b": grays[1], "decision_map": decision_map, ERROR: error}
        return Fusion(image, decision_map, steps | {"fusion": image})

    def segment(self, gray_a: Gray, gray_b: Gray) -> BinaryMap:
        """True where A weighs more."""
        return np.asarray(log_odds(gray_a, gray_b, self.engine)[0] > 0)

    def record(self) -> dict[str, Any]:
        return {"method": "pixel", **self.engine.record()}


_shipped = cache(PixelMethod)  # with the weights that ship, loaded once


def log_odds(gray_a: Gray, gray_b: Gray, engine: ByONNX | ByTorch) -> tuple[Map, Map]:
    """log(D / (1 - D)) and the log variance, (H, W); the network sees the last row and column repeated."""
    height, width = gray_a.shape
    beyond = [(0, 0), (0, -height % engine.align), (0, -width % engine.align)]
    pair = np.pad(np.stack([gray_a, gray_b]).astype(np.float32), beyond, mode="edge")
    (logit_a, logit_b), log_variance = engine.logits(pair)
    odds, left = logit_a.astype(np.float64) - logit_b, log_variance.astype(np.float64)
    return odds[:height, :width], left[:height, :width]


def expected_error(log_variance: Map) -> Map:
    """The root of the squared error, up to the 0.1 at which `methods.base.confidence` ends."""
    return np.minimum(np.exp(log_variance / 2), 0.1)
