"""What ports of MATLAB's functions and of the metrics do wrong, as functions: each makes a wrong version of a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import ndimage

import matlab_compat
from reference.conformance.arrays import Array, Parameters, StepFunction
from reference.conformance.functions import STEPS, new_size
from reference.conformance.mistakes import double

__all__ = [
    "f_as_source", "fixed_point", "half_even", "mean_gray", "natural_entropy", "once_rounded", "resized",
    "reversed_channels", "sampled", "scaled", "times_256", "truncated", "uniform_ssim", "wrapped",
]  # fmt: skip


def resized(**changes: object) -> StepFunction:
    """Another way to resize."""
    return lambda x, p: matlab_compat.imresize(x[0], new_size(p), p["method"], **changes)  # type: ignore[arg-type]


def sampled(x: Sequence[Array], p: Parameters) -> Array:
    """Corners aligned, straight lines between samples, no antialiasing: what zoom functions do."""
    rows, columns = STEPS["imresize"](x, p).shape[:2]
    places = np.meshgrid(
        np.linspace(0, x[0].shape[0] - 1, rows), np.linspace(0, x[0].shape[1] - 1, columns), indexing="ij"
    )
    found = ndimage.map_coordinates(double(x[0]), places, order=1, mode="nearest")
    return matlab_compat.uint8(found) if x[0].dtype == np.uint8 else found


def once_rounded(x: Sequence[Array], p: Parameters) -> Array:
    """Bytes rounded after both passes only."""
    found = STEPS["imresize"]([double(x[0])], p)
    return matlab_compat.uint8(found) if x[0].dtype == np.uint8 else found


def half_even(x: Sequence[Array], p: Parameters) -> Array:
    """Halves go to the even level."""
    return np.clip(np.rint(255 * double(x[0])), 0, 255).astype(np.uint8)


def truncated(x: Sequence[Array], p: Parameters) -> Array:
    """Cut off in place of rounded."""
    return np.clip(255 * double(x[0]), 0, 255).astype(np.uint8)


def wrapped(x: Sequence[Array], p: Parameters) -> Array:
    """What is beyond 255 begins at 0 again."""
    return (matlab_compat.round_half_away(255 * double(x[0])).astype(np.int64) % 256).astype(np.uint8)


def times_256(x: Sequence[Array], p: Parameters) -> Array:
    """Floor of 256 times the value."""
    return np.clip(np.floor(256 * double(x[0])), 0, 255).astype(np.uint8)


def natural_entropy(x: Sequence[Array], p: Parameters) -> Array:
    """Entropy in nats."""
    return scaled(np.log(2))(STEPS["entropy"](x, p))


def uniform_ssim(x: Sequence[Array], p: Parameters) -> Array:
    """Windows of 7 x 7, all weights alike."""
    from skimage.metrics import structural_similarity

    found = structural_similarity(double(x[0]), double(x[1]), data_range=p["dynamic_range"])  # type: ignore[no-untyped-call]
    return np.array([[found]])


def f_as_source(step: str) -> StepFunction:
    """A and F change places; where all three count alike, A is given for F."""
    return lambda x, p: STEPS[step]([x[1], x[1] if step == "q_ncie" else x[0], *x[2:]], p)


def fixed_point(x: Sequence[Array], p: Parameters) -> Array:
    """OpenCV's gray of bytes: weights in 14 bits."""
    red, green, blue = np.moveaxis(x[0].astype(np.int64), -1, 0)
    return np.asarray((4899 * red + 9617 * green + 1868 * blue + 8192) >> 14, dtype=np.uint8)


def reversed_channels(x: Sequence[Array], p: Parameters) -> tuple[Sequence[Array], Parameters]:
    """Blue, green, red."""
    return [x[0][..., ::-1]], p


def mean_gray(x: Sequence[Array], p: Parameters) -> tuple[Sequence[Array], Parameters]:
    """A colour image by the mean of its channels; a gray one as it is."""
    return [matlab_compat.uint8(double(x[0]).mean(axis=-1)) if x[0].ndim == 3 else x[0]], p


def scaled(factor: float) -> Callable[[Array], Array]:
    """Multiplied by a factor."""
    return lambda value: np.asarray(double(value) * factor)
