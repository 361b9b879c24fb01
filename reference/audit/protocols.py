"""Every protocol by which a number in a paper may have been computed: metric, dialect, colour, class, reference, cut.

This is the one table of them: another protocol is another row of a dictionary here, or a metric of the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import entropy, im2double, immse, imresize, piqe, psnr, rgb2gray, rgb2ycbcr, ssim
from reference.images.files import through_jpeg
from reference.metrics.catalogue import METRICS, Metric
from reference.metrics.gray_levels import Fractions
from reference.steps.arrays import Levels

Bytes = NDArray[np.uint8]
Change = Callable[[Bytes], NDArray[Any]]
View = Callable[[Bytes], list[Levels]]  # the planes that are measured, one or R, G and B
QUALITIES = (30, 50, 60, 70, 80, 90, 95, 100)  # of JPEG
MARGINS = (1, 2, 4, 8, 16)


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
    ('psnr', 'against A, gray, uint8', inf)
    """
    return [*_with_reference(images), *_of_sources(images), *_of_fused(images)]


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


def _channels(image: Bytes) -> list[Bytes]:
    return [np.ascontiguousarray(image[..., channel]) for channel in range(3)]


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


# -- metrics of the fused image and one other: which other, in which class, and of what part


def _mse(x: NDArray[Any], y: NDArray[Any]) -> float:
    return float(immse(_as_double(x), _as_double(y)))


MEASURES: dict[str, Callable[[NDArray[Any], NDArray[Any]], float]] = {
    "psnr": lambda x, y: float(psnr(x, y)),
    "ssim": lambda x, y: float(ssim(x, y).ssimval),
    "mse": _mse,
    "rmse": lambda x, y: _mse(x, y) ** 0.5,
}
# The class decides the peak of MATLAB's psnr and the range of its ssim: 255 for uint8, 1 for double whatever it holds.
CLASSES: dict[str, Callable[[Bytes], list[NDArray[Any]]]] = {
    "gray, uint8": lambda image: [_gray(image)],
    "gray, double 0 to 255": lambda image: [_as_double(_gray(image))],
    "gray, double in [0, 1]": lambda image: [_fractions(image)],
    "colour, uint8": lambda image: [image],
    "colour, double 0 to 255": lambda image: [_as_double(image)],
    "colour, double in [0, 1]": lambda image: [im2double(image)],
    "colour, mean over R, G, B, uint8": lambda image: [*_channels(image)],
    "colour, Y of YCbCr, uint8": lambda image: [_luma(image)],
}
OF_PARTS = ("gray, uint8", "gray, double 0 to 255")  # classes in which images that were changed are measured


def _with_reference(images: Images) -> Iterator[Protocol]:
    fused, a, b, truth = images
    mean = ((a.astype(np.uint16) + b + 1) // 2).astype(np.uint8)
    others = {"A": a, "B": b, "the mean image of A and B": mean} | ({} if truth is None else {"the truth": truth})
    changes = {name: change for name, change in geometries(fused.shape).items() if name not in TURNS}  # no effect
    for metric, (words, change) in product(MEASURES, [("", _same), *changes.items()]):
        for text, view in CLASSES.items():
            if text not in OF_PARTS and (words or (fused.ndim == 2 and text.startswith("colour"))):
                continue
            of = f"both {words}, {text}" if words else text
            planes = partial(lambda view, change, image: view(change(image)), view, change)
            against = {name: cache(partial(_against, metric, planes, fused, other)) for name, other in others.items()}
            for name, value in against.items():
                yield Protocol(metric, f"against {name}, {of}", value)
            both = partial(lambda first, second: (first() + second()) / 2, against["A"], against["B"])
            yield Protocol(metric, f"mean of those against A and against B, {of}", both)


def _against(metric: str, planes: Callable[[Bytes], list[NDArray[Any]]], fused: Bytes, other: Bytes) -> float:
    return float(np.mean([*map(MEASURES[metric], planes(fused), planes(other))]))


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
            "mean over R, G, B": lambda image: [_as_double(channel) for channel in _channels(image)],
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


def _of_fused(images: Images) -> Iterator[Protocol]:
    fused = images.fused
    of_entropy: dict[str, list[NDArray[Any]]] = {"of the gray, uint8, 256 bins": [_gray(fused)]}
    of_piqe: dict[str, Change] = {"of the fused image as it is": _same, "of its gray, double in [0, 1]": _fractions}
    if fused.ndim == 3:
        of_entropy |= {"of all values of R, G and B": [fused], "mean over R, G, B": [*_channels(fused)]}
        of_piqe["of its gray, uint8"] = _gray
        of_piqe |= {f"of its {name}": partial(np.take, indices=number, axis=2) for number, name in enumerate("RGB")}
    for text, planes in of_entropy.items():
        yield Protocol("entropy", text, lambda planes=planes: float(np.mean([entropy(plane) for plane in planes])))  # type: ignore[misc]
    of_piqe |= {f"of it after JPEG of quality {q}": partial(through_jpeg, quality=q) for q in QUALITIES}
    of_piqe |= {"of source A": lambda _: images.a, "of source B": lambda _: images.b}
    of_piqe |= {f"of the fused image {text}": change for text, change in geometries(fused.shape).items()}
    for text, change in of_piqe.items():
        yield Protocol("piqe", text, lambda change=change: float(piqe(change(fused)).score))  # type: ignore[misc]
