"""Every protocol by which a number in a paper may have been computed: metric, dialect, colour, class, reference, cut.

This is the one table of them: another protocol is another row of a dictionary here, or a metric of the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import matlab_compat
from matlab_compat import im2double, imresize, piqe, psnr, rgb2gray, rgb2ycbcr, ssim
from reference.metrics.catalogue import METRICS, Metric
from reference.metrics.gray_levels import Fractions
from reference.steps.arrays import Levels

Bytes = NDArray[np.uint8]
Measure = Callable[[Bytes, Bytes], float]  # of a fused image and what it is compared with
Change = Callable[[Bytes], NDArray[Any]]
View = Callable[[Bytes], list[Levels]]  # the planes that are measured, one or R, G and B
QUALITIES = (30, 50, 60, 70, 80, 90, 95, 100)  # of JPEG
MARGINS = (1, 2, 4, 8, 16)
LEVELS = ("gray, uint8", "gray, double 0", "gray, levels")


class Images(NamedTuple):
    """A fused image, its sources, and the truth or None: uint8, all gray or all colour, of one size."""

    fused: Bytes
    a: Bytes
    b: Bytes
    truth: Bytes | None = None


class Protocol(NamedTuple):
    """One way to compute a number.

    metric    as in the catalogue, or mse, rmse
    computed  in words: of what, against what, in which class
    value     computes it; ValueError or TypeError where the images do not allow it
    """

    metric: str
    computed: str
    value: Callable[[], float]


def protocols(images: Images) -> list[Protocol]:
    """Every protocol for these images, the plain ones before the unlikely ones; nothing is computed yet.

    >>> image = np.random.default_rng(0).integers(0, 256, (32, 32)).astype(np.uint8)
    >>> first = protocols(Images(image, image, 255 - image))[0]
    >>> first.metric, first.computed, first.value()
    ('psnr', 'against A, gray, uint8, peak 255', inf)
    """
    families = (_with_reference, _of_sources, _entropy, _of_distorted)
    return [one for family in families for one in family(images)]


def _gray(image: Bytes) -> NDArray[Any]:
    return rgb2gray(image) if image.ndim == 3 else image


def _fractions(image: Bytes) -> NDArray[Any]:
    double = im2double(image)
    return rgb2gray(double) if image.ndim == 3 else double


def _luma(image: Bytes) -> NDArray[Any]:
    return rgb2ycbcr(image)[..., 0]


def _same(image: Bytes) -> Bytes:
    return image


def _as_double(image: NDArray[Any]) -> Levels:
    """The same levels, as double."""
    return image.astype(np.float64)


def channels(image: Bytes) -> list[Bytes]:
    """R, G and B."""
    return [np.ascontiguousarray(image[..., channel]) for channel in range(3)]


# -- metrics of the fused image and one other: which other, in which class, and of what cut


def _measured(function: Callable[[Any, Any], float], change: Change) -> Measure:
    return lambda x, y: float(function(change(x), change(y)))


def _by_channel(measure: Measure) -> Measure:
    """The mean over R, G and B."""
    return lambda x, y: float(np.mean([*map(measure, channels(x), channels(y))]))


def _similarity(x: NDArray[Any], y: NDArray[Any]) -> float:
    return float(ssim(x, y).ssimval)


def _mse(x: NDArray[Any], y: NDArray[Any]) -> float:
    return float(matlab_compat.immse(_as_double(x), _as_double(y)))


def _rmse(x: NDArray[Any], y: NDArray[Any]) -> float:
    return float(np.sqrt(_mse(x, y)))


def _errors(function: Callable[[Any, Any], float]) -> dict[str, Measure]:
    return {
        "gray, levels 0 to 255": _measured(function, _gray),
        "gray, fractions of 1": _measured(function, _fractions),
        "colour, levels 0 to 255": _measured(function, _same),
        "colour, fractions of 1": _measured(function, im2double),
    }


WITH_REFERENCE: dict[str, dict[str, Measure]] = {
    "psnr": {
        "gray, uint8, peak 255": _measured(psnr, _gray),
        "gray, double in [0, 1], peak 1": _measured(psnr, _fractions),
        "gray, double 0 to 255, peak 1": _measured(psnr, lambda x: _as_double(_gray(x))),
        "colour, peak 255": _measured(psnr, _same),
        "mean over R, G, B in colour, peak 255": _by_channel(_measured(psnr, _same)),
        "Y of YCbCr in colour, peak 255": _measured(psnr, _luma),
    },
    "ssim": {
        "gray, uint8, range 255": _measured(_similarity, _gray),
        "gray, double 0 to 255, range 1": _measured(_similarity, lambda x: _as_double(_gray(x))),
        "gray, double in [0, 1], range 1": _measured(_similarity, _fractions),
        "colour as a volume, uint8, range 255": _measured(_similarity, _same),
        "colour as a volume, double 0 to 255, range 1": _measured(_similarity, _as_double),
        "mean over R, G, B in colour, uint8, range 255": _by_channel(_measured(_similarity, _same)),
        "Y of YCbCr in colour, uint8, range 255": _measured(_similarity, _luma),
    },
    "mse": _errors(_mse),
    "rmse": _errors(_rmse),
}


def _with_reference(images: Images) -> Iterator[Protocol]:
    fused, a, b, truth = images
    mean = ((a.astype(np.uint16) + b + 1) // 2).astype(np.uint8)
    others = {"A": a, "B": b, "the mean image of A and B": mean} | ({} if truth is None else {"the truth": truth})
    yield from _against(fused, others, _same, "")
    for text, change in geometries(fused.shape).items():
        if text not in TURNS:  # which change none of these
            yield from _against(fused, others, change, f"both {text}, ")


def _against(
    fused: Bytes, others: dict[str, Bytes], change: Callable[[Bytes], Bytes], words: str
) -> Iterator[Protocol]:
    """Against every reference, by every measure; of images that were changed, by those of the gray's levels."""
    for metric, measures in WITH_REFERENCE.items():
        for text, measure in measures.items():
            if ("colour" in text and fused.ndim == 2) or (words and not text.startswith(LEVELS)):
                continue
            against = {name: cache(partial(_changed, measure, change, fused, other)) for name, other in others.items()}
            for name, value in against.items():
                yield Protocol(metric, f"against {name}, {words}{text}", value)
            both = partial(_mean_of, against["A"], against["B"])
            yield Protocol(metric, f"mean of those against A and against B, {words}{text}", both)


def _changed(measure: Measure, change: Callable[[Bytes], Bytes], fused: Bytes, other: Bytes) -> float:
    return measure(change(fused), change(other))


def _mean_of(first: Callable[[], float], second: Callable[[], float]) -> float:
    return (first() + second()) / 2


TURNS: dict[str, Callable[[Bytes], Bytes]] = {
    "mirrored": lambda image: image[:, ::-1],
    "turned by 180 degrees": lambda image: image[::-1, ::-1],
    "transposed": lambda image: image.swapaxes(0, 1),
}


def geometries(shape: tuple[int, ...]) -> dict[str, Callable[[Bytes], Bytes]]:
    """Ways in which images may have been turned, cut, padded or resized before they were measured, by a description."""
    missing = [*((0, -side % 16) for side in shape[:2]), (0, 0)][: len(shape)]
    fill = {"zeros": "constant", "its edge": "edge", "its mirror image": "symmetric"}
    sizes = [[side, round(side * shape[1] / shape[0])] for side in (492, 500, 512, 521)]
    cuts = {f"cut by {margin} on each side": partial(_cut, margin) for margin in MARGINS if 2 * margin < min(shape[:2])}
    return TURNS | {
        **cuts,
        **{f"padded to multiples of 16 with {by}": partial(np.pad, pad_width=missing, mode=fill[by]) for by in fill},
        **{f"resized to {size[0]} x {size[1]}": partial(_resized, size) for size in sizes},
    }


def _cut(margin: int, image: Bytes) -> Bytes:
    return image[margin:-margin, margin:-margin]


def _resized(size: list[int], image: Bytes) -> Bytes:
    return imresize(image, size).astype(np.uint8)  # which it is


# -- metrics of the catalogue: in which dialect, of which gray


def _of_sources(images: Images) -> Iterator[Protocol]:
    """The metrics against both sources, and those of the fused image alone."""
    views: dict[str, View] = {
        "gray": lambda image: [_as_double(_gray(image))],
        "gray as fractions of 1": lambda image: [_fractions(image).view(Fractions)],
    }
    if images.fused.ndim == 3:
        views |= {
            "gray, not rounded": lambda image: [255 * _fractions(image)],
            "Y of YCbCr": lambda image: [_as_double(_luma(image))],
            "mean over R, G, B": lambda image: [_as_double(channel) for channel in channels(image)],
        }
    for text, view in views.items():
        yield from _by_catalogue(images, view, text)
    exchanged = images._replace(a=images.b, b=images.a)
    yield from _by_catalogue(exchanged, views["gray"], "gray, A and B exchanged", lambda one: "toolbox" in one.name)
    for text, change in geometries(images.fused.shape).items():
        if text.startswith("cut"):
            yield from _by_catalogue(images, views["gray"], f"gray, {text}", lambda one: not one.slow, change)


def _by_catalogue(
    images: Images, view: View, computed: str, which: Callable[[Metric], bool] = bool, change: Change = _same
) -> Iterator[Protocol]:
    """The metrics of one view of the images, perhaps changed before; work that they share is done once."""

    @cache
    def planes(number: int) -> list[Levels]:
        return view(change((images.a, images.b, images.fused)[number]))

    @cache
    def work(function: Callable[..., Any], numbers: tuple[int, ...]) -> list[Any]:
        return [function(*arguments) for arguments in zip(*map(planes, numbers), strict=True)]

    def value(entry: Metric) -> float:
        found = work(entry.of_module(entry.together or entry.name), (0, 1, 2) if entry.needs == "sources" else (2,))
        return float(np.mean([one[entry.name] for one in found] if entry.together else found))

    for entry in METRICS:
        if entry.needs in ("sources", "fused") and entry.name != "entropy" and which(entry):
            yield Protocol(entry.name, computed, partial(value, entry))


# -- entropy and PIQE, of the fused image alone

ENTROPY: dict[str, Callable[[Bytes], float]] = {
    "of the gray, uint8, 256 bins": lambda x: float(matlab_compat.entropy(_gray(x))),
    "of all values of R, G and B": lambda x: float(matlab_compat.entropy(x)),
    "mean over R, G, B": lambda x: float(np.mean([matlab_compat.entropy(channel) for channel in channels(x)])),
}


def _entropy(images: Images) -> Iterator[Protocol]:
    for text, measure in ENTROPY.items():
        if images.fused.ndim == 3 or "gray" in text:
            yield Protocol("entropy", text, partial(measure, images.fused))


def _of_distorted(images: Images) -> Iterator[Protocol]:
    """PIQE, of whatever image it might have been computed."""
    fused = images.fused
    ways: dict[str, Callable[[], NDArray[Any]]] = {
        "of the fused image as it is": lambda: fused,
        "of its gray, double in [0, 1]": lambda: _fractions(fused),
    }
    if fused.ndim == 3:
        ways["of its gray, uint8"] = lambda: rgb2gray(fused)
        ways |= {f"of its {name}": partial(channels(fused).__getitem__, k) for k, name in enumerate("RGB")}
    ways |= {f"of it after JPEG of quality {quality}": partial(_jpeg, fused, quality) for quality in QUALITIES}
    ways |= {"of source A": lambda: images.a, "of source B": lambda: images.b}
    ways |= {f"of the fused image {text}": partial(change, fused) for text, change in geometries(fused.shape).items()}
    for text, image in ways.items():
        yield Protocol("piqe", text, partial(_piqe, image))


def _piqe(image: Callable[[], NDArray[Any]]) -> float:
    return float(piqe(image()).score)


def _jpeg(image: Bytes, quality: int) -> Bytes:
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as stored:
        return np.asarray(stored)
