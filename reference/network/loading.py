"""Loading a network with its weights; PyTorch is imported only when it computes, so that other imports stay quick."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reference.datasets.registry import data_root, find
from reference.errors import BadInput, MissingExtra
from reference.files import check_sha256
from reference.network import AUTHORS, NETWORK_NAMES, PIXEL

if TYPE_CHECKING:
    from reference.network.scoring import ScoringNetwork

LIU_WEIGHTS = "liu_weights/cnnmodel_VIFB.mat"  # name in the registry
Single = NDArray[np.float32]


def load_network(
    name: str = "enhanced",
    weights: Path | str | None = None,
    data: Path | None = None,
    deterministic: bool = False,
    device: str = "auto",
) -> ScoringNetwork:
    """Load a network that is ready to score focus.

    name           "enhanced" (the paper's), "half" or "small" (a half or a quarter of its widths), "liu2017"
                   (the baseline) or "liu2017_authors" (the baseline as trained by its authors)
    weights        a safetensors file, or the authors' .mat; by default the shipped or fetched weights
    data           folder searched first for fetched weights
    deterministic  compute with 1 thread and without oneDNN, so that every digit repeats
    device         "auto" (a GPU if PyTorch sees one), "cpu", "cuda" or "mps"; deterministic is the CPU's alone
    raises         BadInput for a weights file that is damaged or of another network; MissingExtra where there are no
                   weights, with the command that fetches them; WrongUsage for a device that is not there
    """
    from reference.network.scoring import ScoringNetwork
    from reference.network.weights import read_weights

    if name not in NETWORK_NAMES:
        raise BadInput(f"there is no network {name}: choose {', '.join(NETWORK_NAMES)}")
    file = read_weights(Path(weights) if weights else weights_path(name, data), "liu2017" if name == AUTHORS else name)
    return ScoringNetwork(file, deterministic, device=device)


def weights_path(name: str, data: Path | None) -> Path:
    """The default weights of a network; MissingExtra where there are none."""
    shipped = data_root() / "weights" / f"{name}.safetensors"
    path = find(LIU_WEIGHTS, data) if name == AUTHORS else shipped if shipped.exists() else None
    if path:
        return path
    other = "fetch them with: parfocal fetch liu_weights" if name == AUTHORS else "train some"
    raise MissingExtra(f"there are no weights for {name} here: give some with --weights, or {other}")


def load_engine(weights: Path | None = None, deterministic: bool = False, device: str = "auto") -> ByOpenCV | ByTorch:
    """The network, ready to compute.

    weights  a safetensors file; None for those that ship, which OpenCV computes, equal to 1e-5, in less time than it
             takes to import PyTorch
    device   one of DEVICES; auto is the CPU here
    """
    shipped = data_root() / "weights" / f"{PIXEL}.onnx"
    if weights is None and not deterministic and device in ("auto", "cpu"):
        with suppress(ImportError):  # without its system libraries, or too old for the file, as 4.10 is
            return ByOpenCV(shipped)
    return ByTorch(weights or shipped.with_suffix(".safetensors"), deterministic, device)


class ByOpenCV:
    """`pixel.PixelNetwork` in OpenCV; sides are multiples of `align` pixels."""

    align = 16

    def __init__(self, path: Path) -> None:
        import cv2

        self.weights = {"name": PIXEL, "weights": path.name, "sha256": check_sha256(path)}
        self.made_of = path.with_suffix(".safetensors"), False, "cpu"  # for `ByTorch`
        self.arithmetic = {"mode": "fast", "device": "cpu", "library": "opencv", "threads": cv2.getNumThreads()}
        self.one_at_a_time = Lock()  # the network holds what it computes
        try:
            self.network = cv2.dnn.readNetFromONNX(str(path))
            self.network.enableWinograd(False)  # which would cost a digit
            self.weigh(np.zeros((2, self.align, self.align), np.float32))
        except cv2.error as error:
            raise ImportError(f"OpenCV {cv2.__version__} does not compute {path}") from error

    def weigh(self, grays: Single) -> tuple[Single, Single]:
        """Weights of photographs, (N, H, W) in [0, 1], and the logarithm of the squared error that is left, (H, W)."""
        with self.one_at_a_time:
            self.network.setInput(grays[:, np.newaxis])
            weights, log_variance = self.network.forward(["weights", "log_variance"])
        return weights[:, 0].astype(np.float32), log_variance[0, 0].astype(np.float32)

    def record(self) -> dict[str, Any]:
        return {"network": self.weights, "arithmetic": self.arithmetic}


class ByTorch:
    """The same in PyTorch, which takes photographs one by one too."""

    def __init__(self, path: Path, deterministic: bool, device: str) -> None:
        from reference.network.pixel import PixelNetwork
        from reference.network.scoring import find_device
        from reference.network.weights import read_weights

        self.made_of, self.deterministic = (path, deterministic, device), deterministic
        self.file = read_weights(path, PIXEL)
        assert isinstance(self.file.module, PixelNetwork)
        self.device = find_device(device, deterministic)
        self.module = self.file.module.eval().to(self.device)
        self.align = 2 ** len(self.module.config.widths)

    def weigh(self, grays: Single) -> tuple[Single, Single]:
        weights, log_variance = self._run(self.module, grays[:, np.newaxis, np.newaxis])
        return weights[:, 0, 0], log_variance[0, 0]

    def features(self, gray: Single) -> Single:
        """What is known of one photograph alone: (H, W) -> (H, W, C)."""
        return np.moveaxis(self._run(self.module.features, gray[np.newaxis, np.newaxis, np.newaxis])[0][0], 0, 2)

    def judge(self, gray: Single, mean: Single) -> tuple[Single, Single]:
        """The logit of a photograph and its log variance, (H, W) each; mean (H, W, C), of the features of all."""
        x, m = gray[np.newaxis, np.newaxis, np.newaxis], np.moveaxis(mean, 2, 0)[np.newaxis, np.newaxis]
        logit, log_variance = self._run(lambda x, m: self.module.judge(self.module.features(x), m), x, m)
        return logit[0, 0, 0], log_variance[0, 0, 0]

    def _run(self, function: Any, *given: Single) -> list[Single]:
        import torch

        from reference.network.scoring import arithmetic

        with torch.inference_mode(), arithmetic(self.deterministic):
            found = function(*(torch.from_numpy(x).to(self.device) for x in given))
            return [x.cpu().numpy() for x in found]

    def record(self) -> dict[str, Any]:
        from reference.network.scoring import arithmetic_record

        return {"network": self.file.record(), "arithmetic": arithmetic_record(self.deterministic, self.device.type)}
