"""Loading a network with its weights; PyTorch is imported only when it computes, so that other imports stay quick."""

from __future__ import annotations

import os
from collections.abc import Callable
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
Run = Callable[[list[str], dict[str, Single]], list[Single]]  # names of outputs, inputs by name -> outputs


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


def load_engine(weights: Path | None = None, deterministic: bool = False, device: str = "auto") -> ByONNX | ByTorch:
    """The network that weighs pixels, ready to compute.

    weights  a safetensors file; None for those that ship, which are computed without PyTorch, equal to 1e-5, in less
             time than it takes to import it
    device   one of DEVICES; auto is the CPU here
    """
    shipped = data_root() / "weights" / f"{PIXEL}.onnx"
    if weights is None and not deterministic and device in ("auto", "cpu"):
        with suppress(ImportError):
            return ByONNX(shipped)
    return ByTorch(weights or shipped.with_suffix(".safetensors"), deterministic, device)


class ByONNX:
    """`pixel.PixelNetwork` by ONNX Runtime where it is installed, else by OpenCV; sides are multiples of `align`."""

    align = 16

    def __init__(self, path: Path) -> None:
        self.weights = {"name": PIXEL, "weights": path.name, "sha256": check_sha256(path)}
        by: dict[str, Any]
        for library in (_by_onnx_runtime, _by_opencv):
            with suppress(Exception):  # not installed, without its system libraries, or too old, as OpenCV 4.10 is
                self.run, by = library(path)
                self.logits(np.zeros((2, self.align, self.align), np.float32))
                break
        else:
            raise ImportError(f"neither ONNX Runtime nor OpenCV computes {path}")
        self.arithmetic = {"mode": "fast", "device": "cpu", **by}

    def logits(self, grays: Single) -> tuple[Single, Single]:
        """Of photographs in [0, 1], (N, H, W), and the logarithm of the squared error that is left, (H, W)."""
        logits, log_variance = self.run(["logits", "log_variance"], {"grays": grays[:, np.newaxis]})
        return logits[:, 0], log_variance[0, 0]

    def record(self) -> dict[str, Any]:
        return {"network": self.weights, "arithmetic": self.arithmetic}


def _by_onnx_runtime(path: Path) -> tuple[Run, dict[str, Any]]:
    from onnxruntime import InferenceSession, RunOptions, SessionOptions

    options, gives_back = SessionOptions(), RunOptions()
    gives_back.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    threads = options.intra_op_num_threads = _threads()
    session = InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(outputs: list[str], inputs: dict[str, Single]) -> list[Single]:
        large = inputs["grays"].size > 2**21  # a megapixel of each; for less it would take longer than it is worth
        return session.run(outputs, inputs, gives_back if large else None)  # type: ignore[no-any-return]

    return run, {"library": "onnxruntime", "threads": threads}


def _threads() -> int:
    """What OMP_NUM_THREADS says first, else as many processors as this process may use."""
    first = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if first.isdecimal() and int(first):
        return int(first)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _by_opencv(path: Path) -> tuple[Run, dict[str, Any]]:
    import cv2

    network, one_at_a_time = cv2.dnn.readNetFromONNX(str(path)), Lock()  # the network holds what it computes
    network.enableWinograd(False)  # which would cost a digit

    def run(outputs: list[str], inputs: dict[str, Single]) -> list[Single]:
        with one_at_a_time:
            network.setInput(inputs["grays"])
            return [each.astype(np.float32) for each in network.forward(outputs)]

    return run, {"library": "opencv", "threads": cv2.getNumThreads()}


class ByTorch:
    """The same in PyTorch."""

    def __init__(self, path: Path, deterministic: bool, device: str) -> None:
        from reference.network.pixel import PixelNetwork
        from reference.network.scoring import find_device
        from reference.network.weights import read_weights

        self.file, self.deterministic = read_weights(path, PIXEL), deterministic
        assert isinstance(self.file.module, PixelNetwork)
        self.device = find_device(device, deterministic)
        self.module = self.file.module.eval().to(self.device)
        self.align = 2 ** len(self.module.config.widths)

    def logits(self, grays: Single) -> tuple[Single, Single]:
        import torch

        from reference.network.scoring import arithmetic

        with torch.inference_mode(), arithmetic(self.deterministic):
            found = self.module.logits(torch.from_numpy(grays[:, np.newaxis, np.newaxis]).to(self.device))
            logits, log_variance = (x.cpu().numpy() for x in found)
        return logits[:, 0, 0], log_variance[0, 0]

    def record(self) -> dict[str, Any]:
        from reference.network.scoring import arithmetic_record

        return {"network": self.file.record(), "arithmetic": arithmetic_record(self.deterministic, self.device.type)}
