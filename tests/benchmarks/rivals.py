"""Other packages that resize as MATLAB does, or nearly; each is used if it is installed.

Two of them are loaded from their file, since their packages import what a resizing does not need.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

__all__ = ["ABSENT", "resizers"]

ABSENT: list[str] = []
Resizer = Callable[[np.ndarray, float], np.ndarray]


def load(package: str, file: str = "") -> ModuleType | None:
    """A package, or one file of it; None and a note in ABSENT if it is not installed."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        ABSENT.append(package)
        return None
    if not file:
        return importlib.import_module(package)
    spec = importlib.util.spec_from_file_location(f"{package}_file", Path(found.origin).parent / file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def to_bytes(values: Any) -> np.ndarray:
    """(H, W, 3) in [0, 1] to uint8."""
    return np.round(255 * np.clip(np.asarray(values), 0, 1)).astype(np.uint8)


def through_torch(resize: Callable[[Any], Any]) -> Resizer:
    """Run a resizing of (1, 3, H, W) tensors."""
    import torch

    def run(image: np.ndarray, scale: float) -> np.ndarray:
        tensor = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
        return to_bytes(resize(tensor, scale)[0].permute(1, 2, 0).numpy())

    return run


def resizers() -> dict[str, Resizer]:
    """Bicubic resizing of uint8 (H, W, 3) by a scale, by name."""
    import torch
    from PIL import Image

    def pillow(image: np.ndarray, scale: float) -> np.ndarray:
        height, width = (int(scale * side) for side in image.shape[:2])
        return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BICUBIC))

    def torch_antialias(tensor: Any, scale: float) -> Any:
        return torch.nn.functional.interpolate(tensor, scale_factor=scale, mode="bicubic", antialias=True)

    ways: dict[str, Resizer] = {"Pillow": pillow, "torch antialias": through_torch(torch_antialias)}
    if package := load("resize_right"):
        cubic = importlib.import_module("resize_right.interp_methods").cubic
        ways["ResizeRight"] = lambda image, scale: to_bytes(
            package.resize(image / 255, scale, interp_method=cubic, pad_mode="symmetric")
        )
    if load("bicubic_pytorch"):
        core = importlib.import_module("bicubic_pytorch.core")
        ways["bicubic_pytorch"] = through_torch(lambda tensor, scale: core.imresize(tensor, scale=scale))
    if pyiqa := load("pyiqa", "matlab_utils/resize.py"):
        ways["pyiqa"] = through_torch(lambda tensor, scale: pyiqa.imresize(tensor, scale=scale))
    if basicsr := load("basicsr", "utils/matlab_functions.py"):
        ways["BasicSR"] = lambda image, scale: to_bytes(basicsr.imresize(image / 255, scale))
    return ways
