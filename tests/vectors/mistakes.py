"""Mistakes of ports, as functions that make wrong versions of a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

import matlab_compat
from reference.conformance.cases import Array, Parameters, StepFunction
from tests.vectors.functions import STEPS, as_double, new_size

FloatArray = NDArray[np.float64]
Border = Literal["symmetric", "edge", "constant"]


def double(array: Array) -> FloatArray:
    """The array as doubles."""
    return np.asarray(array, dtype=np.float64)


def weighted(*weights: float) -> StepFunction:
    """Gray by other weights; a gray source is unchanged."""

    def wrong(x: Sequence[Array], p: Parameters) -> Array:
        image = as_double(x[0])
        return image if image.ndim == 2 else (image * np.array(weights)).sum(axis=-1)

    return wrong


def on_input(
    step: str, change: Callable[[Sequence[Array], Parameters], tuple[Sequence[Array], Parameters]]
) -> StepFunction:
    """The right step on changed inputs or parameters."""
    return lambda x, p: STEPS[step](*change(x, p))


def on_result(step: str, change: Callable[[Array], Array]) -> StepFunction:
    """The right step with its result changed."""
    return lambda x, p: change(STEPS[step](x, p))


# -- gray, pyramid

KERNEL = np.array([1, 4, 6, 4, 1]) / 16


def reduced(mode: str, first: int = 0, kernel: NDArray[np.float64] = KERNEL) -> StepFunction:
    """Filtering and subsampling with another border, first sample or kernel."""

    def wrong(x: Sequence[Array], p: Parameters) -> Array:
        image = as_double(x[0]) if x[0].dtype == np.float64 or p.get("direction") is None else double(x[0])
        for axis in (0, 1):
            image = ndimage.correlate1d(image, kernel, axis=axis, mode=mode)
        samples = image[first::2, first::2]
        return matlab_compat.uint8(samples) if x[0].dtype == np.uint8 and "direction" in p else samples

    return wrong


# -- scores to decision


def divided_by_64(x: Sequence[Array], p: Parameters) -> Array:
    """Sums of scores divided by 64, also where fewer patches cover a pixel."""
    total = np.zeros((p["rows"] + 16, p["columns"] + 16))
    for (j, i), score in np.ndenumerate(double(x[0])):
        total[2 * j : 2 * j + 16, 2 * i : 2 * i + 16] += score
    return total[: p["rows"], : p["columns"]] / 64


def last_patch_wins(x: Sequence[Array], p: Parameters) -> Array:
    """Patches overwrite one another."""
    scores = np.zeros((p["rows"] + 16, p["columns"] + 16))
    for (j, i), score in np.ndenumerate(double(x[0])):
        scores[2 * j : 2 * j + 16, 2 * i : 2 * i + 16] = score
    return scores[: p["rows"], : p["columns"]]


def centres_only(x: Sequence[Array], p: Parameters) -> Array:
    """Every pixel has the score whose patch is centred nearest to it."""
    rows = np.clip((np.arange(p["rows"]) - 7) // 2, 0, x[0].shape[0] - 1)
    columns = np.clip((np.arange(p["columns"]) - 7) // 2, 0, x[0].shape[1] - 1)
    return double(x[0])[np.ix_(rows, columns)]


def pooled(mode: str) -> StepFunction:
    """Mixed pooling with windows that extend beyond the border."""

    def wrong(x: Sequence[Array], p: Parameters) -> Array:
        flip = p["pool_side"] == "b"
        image, window = (1 - double(x[0]) if flip else double(x[0])), p["pool_window"]
        mean = ndimage.uniform_filter(image, window, mode=mode)
        pooled: FloatArray = (
            p["pool_p"] * ndimage.maximum_filter(image, window, mode="nearest") + (1 - p["pool_p"]) * mean
        )
        return 1 - pooled if flip else pooled

    return wrong


def changed(**changes: Callable[[Parameters], object]) -> Callable[..., tuple[Sequence[Array], Parameters]]:
    """Changed parameters with the same arrays."""
    return lambda x, p: (x, {**p, **{name: change(p) for name, change in changes.items()}})


def opened(on_map: int | None, on_holes: int | None, holes_first: bool = False) -> StepFunction:
    """Both parts of step 7 with the given connectivities; None omits a part."""

    def wrong(x: Sequence[Array], p: Parameters) -> Array:
        mask, area = x[0].astype(bool), p["small_region_area"]
        for part in ("holes", "map") if holes_first else ("map", "holes"):
            if part == "map" and on_map:
                mask = matlab_compat.bwareaopen(mask, area, on_map)
            if part == "holes" and on_holes:
                mask = ~matlab_compat.bwareaopen(~mask, area, on_holes)
        return mask

    return wrong


def guided(
    border: Border | None = None, squared: bool = False, smoothed: bool = True, unbiased: bool = False
) -> StepFunction:
    """He's filter by direct window sums, with one part changed."""

    def wrong(x: Sequence[Array], p: Parameters) -> Array:
        image, target = as_double(x[0]), double(x[1])
        radius, eps = p["guide_radius"], p["guide_eps"] ** (2 if squared else 1)

        def mean(values: FloatArray) -> FloatArray:
            return window_mean(values, radius, border)

        mean_i, mean_p = mean(image), mean(target)
        covariance, variance = mean(image * target) - mean_i * mean_p, mean(image * image) - mean_i * mean_i
        if unbiased:
            n = (2 * radius + 1) ** 2
            covariance, variance = covariance * n / (n - 1), variance * n / (n - 1)
        a = covariance / (variance + eps)
        b = mean_p - a * mean_i
        return mean(a) * image + mean(b) if smoothed else a * image + b

    return wrong


def window_mean(values: FloatArray, radius: int, border: Border | None) -> FloatArray:
    """Means over windows that are cropped at the border, or padded beyond it."""
    side = 2 * radius + 1
    if border:
        padded = np.pad(values, radius, border)
        filled: FloatArray = ndimage.uniform_filter(padded, side, mode="constant")
        return filled[radius:-radius, radius:-radius]
    box = np.ones((side, side))
    total, count = (ndimage.correlate(x, box, mode="constant") for x in (values, np.ones_like(values)))
    return np.asarray(total / count)


def resized(**changes: object) -> StepFunction:
    """Resizing with changed options."""
    return lambda x, p: matlab_compat.imresize(x[0], new_size(p), p["method"], **changes)  # type: ignore[arg-type]


def sampled(x: Sequence[Array], p: Parameters) -> Array:
    """Corners aligned, linear interpolation, no antialiasing, as in zoom functions."""
    rows, columns = STEPS["imresize"](x, p).shape[:2]
    points = np.meshgrid(
        np.linspace(0, x[0].shape[0] - 1, rows), np.linspace(0, x[0].shape[1] - 1, columns), indexing="ij"
    )
    image = ndimage.map_coordinates(double(x[0]), points, order=1, mode="nearest")
    return matlab_compat.uint8(image) if x[0].dtype == np.uint8 else image


def once_rounded(x: Sequence[Array], p: Parameters) -> Array:
    """Bytes rounded once, after both passes."""
    image = STEPS["imresize"]([double(x[0])], p)
    return matlab_compat.uint8(image) if x[0].dtype == np.uint8 else image


def half_even(x: Sequence[Array], p: Parameters) -> Array:
    """Halves go to the even level."""
    return np.clip(np.rint(255 * double(x[0])), 0, 255).astype(np.uint8)


def truncated(x: Sequence[Array], p: Parameters) -> Array:
    """Truncated instead of rounded."""
    return np.clip(255 * double(x[0]), 0, 255).astype(np.uint8)


def wrapped(x: Sequence[Array], p: Parameters) -> Array:
    """Values beyond 255 wrap around to 0."""
    return (matlab_compat.round_half_away(255 * double(x[0])).astype(np.int64) % 256).astype(np.uint8)


def times_256(x: Sequence[Array], p: Parameters) -> Array:
    """Floor of 256 times the value."""
    return np.clip(np.floor(256 * double(x[0])), 0, 255).astype(np.uint8)


def natural_entropy(x: Sequence[Array], p: Parameters) -> Array:
    """Entropy in nats."""
    return scaled(np.log(2))(STEPS["entropy"](x, p))


def uniform_ssim(x: Sequence[Array], p: Parameters) -> Array:
    """Windows of 7 x 7 with equal weights."""
    from skimage.metrics import structural_similarity

    similarity = structural_similarity(double(x[0]), double(x[1]), data_range=p["dynamic_range"])  # type: ignore[no-untyped-call]
    return np.array([[similarity]])


def f_as_source(step: str) -> StepFunction:
    """A and F exchanged; for a metric that is symmetric in all three images, A in place of F."""
    return lambda x, p: STEPS[step]([x[1], x[1] if step == "q_ncie" else x[0], *x[2:]], p)


def fixed_point(x: Sequence[Array], p: Parameters) -> Array:
    """OpenCV's gray of bytes: weights in 14 bits."""
    red, green, blue = np.moveaxis(x[0].astype(np.int64), -1, 0)
    return np.asarray((4899 * red + 9617 * green + 1868 * blue + 8192) >> 14, dtype=np.uint8)


def reversed_channels(x: Sequence[Array], p: Parameters) -> tuple[Sequence[Array], Parameters]:
    """Blue, green, red."""
    return [x[0][..., ::-1]], p


def mean_gray(x: Sequence[Array], p: Parameters) -> tuple[Sequence[Array], Parameters]:
    """The mean of the channels of a colour image; a gray one unchanged."""
    return [matlab_compat.uint8(double(x[0]).mean(axis=-1)) if x[0].ndim == 3 else x[0]], p


def scaled(factor: float) -> Callable[[Array], Array]:
    """Multiplied by a factor."""
    return lambda value: np.asarray(double(value) * factor)
