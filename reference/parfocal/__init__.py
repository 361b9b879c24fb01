"""Parfocal: multi-focus image fusion, step by step as MATLAB computes it.

The names of `__all__` are the public interface; each is loaded when it is first used, so that importing this costs
nothing, and PyTorch is not loaded before a network is.

>>> import parfocal
>>> a, b = (parfocal.read_image(path).pixels for path in ("A.jpg", "B.jpg"))  # doctest: +SKIP
>>> fused = parfocal.fuse(a, b, parfocal.load_network("enhanced"))  # doctest: +SKIP
>>> parfocal.write_image("fused.png", fused.image)  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reference import __version__

if TYPE_CHECKING:
    from reference.align.align import align
    from reference.images.files import read_image, write_image
    from reference.jobs.stack_fusion import stack
    from reference.methods.base import GfdfMethod, NetworkMethod
    from reference.methods.gfdf import gfdf
    from reference.methods.gff import gff
    from reference.methods.laplacian_pyramid import laplacian_pyramid
    from reference.methods.pixel import pixel
    from reference.metrics.score import score
    from reference.network.loading import load_network
    from reference.parameters import PAPER, TUNED, FusionParameters
    from reference.pipeline import Fusion, fuse

__all__ = [
    "PAPER", "TUNED", "Fusion", "FusionParameters", "GfdfMethod", "NetworkMethod", "__version__", "align", "fuse",
    "gfdf", "gff", "laplacian_pyramid", "load_network", "pixel", "read_image", "score", "stack", "write_image",
]  # fmt: skip

_HOMES = {name: home for home, names in {
    "align.align": "align", "images.files": "read_image write_image", "jobs.stack_fusion": "stack",
    "methods.base": "GfdfMethod NetworkMethod", "methods.gfdf": "gfdf", "methods.gff": "gff",
    "methods.laplacian_pyramid": "laplacian_pyramid", "methods.pixel": "pixel", "metrics.score": "score",
    "network.loading": "load_network", "parameters": "PAPER TUNED FusionParameters", "pipeline": "Fusion fuse",
}.items() for name in names.split()}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'parfocal' has no attribute {name!r}")
    return getattr(import_module(f"reference.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
