"""What computes the network that weighs pixels: OpenCV for the weights that ship, PyTorch for others and for a GPU."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.datasets.registry import data_root
from reference.errors import BadInput
from reference.files import check_sha256
from reference.network import PIXEL

__all__ = ["Engine", "Judged", "load_engine"]

Single = NDArray[np.float32]


class Judged(NamedTuple):
    """The logit of a photograph's weight, and the logarithm of the squared error that is left; (H, W) each."""

    logit: Single
    log_variance: Single


class Engine(ABC):
    """`pixel.PixelNetwork` for one photograph, (H, W) of single, at a time."""

    align: int  # pixels: sides are multiples of it

    def features(self, gray: Single) -> Single:
        """Its features, (C, H, W)."""
        return next(iter(self._compute(["features"], gray)))

    def judge(self, gray: Single, mean_features: Single, mean_gray: Single) -> Judged:
        """What it weighs among others, by the means over all."""
        return Judged(*(x[0] for x in self._compute(["logit", "log_variance"], gray, mean_features, mean_gray)))

    @abstractmethod
    def _compute(self, outputs: list[str], *inputs: Single) -> Iterable[Single]:
        """Outputs (C, H, W) by their names in the ONNX file."""

    @abstractmethod
    def record(self) -> dict[str, Any]:
        """Weights and arithmetic, for a manifest."""


def load_engine(weights: Path | None = None, deterministic: bool = False, device: str = "auto") -> Engine:
    """The network, ready to compute.

    weights  a safetensors file; None for those that ship, which OpenCV computes, equal to 1e-5, in less time than it
             takes to import PyTorch
    device   one of DEVICES; auto is the CPU here
    raises   BadInput for a file that is damaged or of another network, WrongUsage for a device that is not there
    """
    shipped = data_root() / "weights" / f"{PIXEL}.onnx"
    if weights is None and not deterministic and device in ("auto", "cpu"):
        with suppress(ImportError):  # without its system libraries
            return _ByOpenCV(shipped)
    return _ByTorch(weights or shipped.with_suffix(".safetensors"), deterministic, device)


class _ByOpenCV(Engine):
    align = 16

    def __init__(self, path: Path) -> None:
        import cv2

        self.weights = {"name": PIXEL, "weights": path.name, "sha256": check_sha256(path)}
        self.network = cv2.dnn.readNetFromONNX(str(path))
        self.network.enableWinograd(False)  # which would cost a digit
        self.arithmetic = {"mode": "fast", "device": "cpu", "library": "opencv", "threads": cv2.getNumThreads()}

    def _compute(self, outputs: list[str], *inputs: Single) -> Iterable[Single]:
        gray, *means = inputs
        means = means or [np.zeros((8, *gray.shape), np.float32), gray]  # features do not depend on them
        for name, value in zip(("gray", "mean_features", "mean_gray"), (gray, *means), strict=True):
            self.network.setInput(value.reshape(1, -1, *gray.shape), name)
        return (output[0] for output in self.network.forward(outputs))

    def record(self) -> dict[str, Any]:
        return {"network": self.weights, "arithmetic": self.arithmetic}


class _ByTorch(Engine):
    def __init__(self, path: Path, deterministic: bool, device: str) -> None:
        from reference.network.pixel import PixelNetwork
        from reference.network.scoring import find_device
        from reference.network.weights import read_weights

        self.file, self.deterministic = read_weights(path, PIXEL), deterministic
        if not isinstance(self.file.module, PixelNetwork):
            raise BadInput(f"{path} holds the network {self.file.name}, which does not weigh pixels")
        self.device = find_device(device, deterministic)
        self.module = self.file.module.eval().to(self.device)
        self.align = 2 ** len(self.module.config.widths)

    def _compute(self, outputs: list[str], *inputs: Single) -> Iterable[Single]:
        import torch

        from reference.network.scoring import arithmetic

        tensors = [torch.from_numpy(x).reshape(1, -1, *x.shape[-2:]).to(self.device) for x in inputs]
        with torch.inference_mode(), arithmetic(self.deterministic):
            found = self.module.judge(*tensors) if tensors[1:] else (self.module.features(*tensors),)
        return [x[0].cpu().numpy() for x in found]

    def record(self) -> dict[str, Any]:
        from reference.methods.base import arithmetic_record, network_record

        arithmetic = arithmetic_record(self.deterministic, self.device.type)
        return {"network": network_record(self.file), "arithmetic": arithmetic}
