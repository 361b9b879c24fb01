"""The search for the protocol of Table 1: every candidate, compared with the printed baseline row.

The baseline row is computed from Liu's published result, so no network of ours is involved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import entropy, im2double, imresize, piqe, psnr, rgb2gray, ssim
from reference.report.claims import as_printed
from reference.report.table_1 import PRINTED

__all__ = ["Protocol", "geometries", "protocols"]

Bytes = NDArray[np.uint8]
BASELINE = PRINTED["Yu Liu et al."]
QUALITIES = (30, 50, 60, 70, 80, 90, 95, 100)  # of JPEG


class Protocol(NamedTuple):
    """One candidate: the column, how it is computed, and the value."""

    column: str
    computed: str
    value: float

    @property
    def agrees(self) -> bool:
        """Whether it equals the printed value to the printed digits."""
        return as_printed(self.value, BASELINE[self.column]) == BASELINE[self.column]

    @property
    def off_by(self) -> float:
        """The difference from the printed value."""
        return self.value - float(BASELINE[self.column])


def protocols(fused: Bytes, source_a: Bytes, source_b: Bytes) -> list[Protocol]:
    """Compute every candidate.

    fused, source_a, source_b  (H, W, 3) uint8
    returns                    candidates by column, in the order of Table 1
    """
    references = {"A": source_a, "B": source_b, "mean of A and B": _mean(source_a, source_b)}
    candidates = [Protocol("piqe", text, piqe(image).score) for text, image in _distorted(fused, source_a, source_b)]
    for column, measures in {"psnr": PSNR, "ssim": SSIM}.items():
        for name, reference in references.items():
            candidates += [
                Protocol(column, f"against {name}, {text}", measure(fused, reference))
                for text, measure in measures.items()
            ]
        for text, measure in measures.items():
            both = (measure(fused, source_a) + measure(fused, source_b)) / 2
            candidates.append(Protocol(column, f"mean of those against A and against B, {text}", both))
    for text, change in geometries(fused.shape).items():
        image, reference = change(fused), change(source_b)
        candidates.append(Protocol("piqe", f"of the fused image, {text}", piqe(image).score))
        for column, measure in (("psnr", next(iter(PSNR.values()))), ("ssim", SSIM["gray, double 0 to 255, range 1"])):
            candidates.append(Protocol(column, f"against B, both {text}", measure(image, reference)))
    return [*candidates, *(Protocol("entropy", text, measure(fused)) for text, measure in ENTROPY.items())]


def geometries(shape: tuple[int, ...]) -> dict[str, Callable[[Bytes], Bytes]]:
    """Ways in which images may have been turned, cut, padded or resized before they were measured, by a description."""
    missing = [*((0, -side % 16) for side in shape[:2]), (0, 0)]
    fill = {"zeros": "constant", "its edge": "edge", "its mirror image": "symmetric"}
    sizes = [[side, round(side * shape[1] / shape[0])] for side in (492, 500, 512, 521)]
    return {
        "mirrored": lambda image: image[:, ::-1],
        "turned by 180 degrees": lambda image: image[::-1, ::-1],
        "transposed": lambda image: image.swapaxes(0, 1),
        **{f"cut by {margin} on each side": partial(_cut, margin) for margin in (1, 2, 4, 8, 16)},
        **{f"padded to multiples of 16 with {by}": partial(np.pad, pad_width=missing, mode=fill[by]) for by in fill},
        **{f"resized to {size[0]} x {size[1]}": partial(_resized, size) for size in sizes},
    }


def _cut(margin: int, image: Bytes) -> Bytes:
    return image[margin:-margin, margin:-margin]


def _resized(size: list[int], image: Bytes) -> Bytes:
    return imresize(image, size).astype(np.uint8)  # which it is


def _mean(a: Bytes, b: Bytes) -> Bytes:
    return ((a.astype(np.uint16) + b + 1) // 2).astype(np.uint8)


def _distorted(fused: Bytes, source_a: Bytes, source_b: Bytes) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """Images of which PIQE might have been computed."""
    yield "of the fused image in colour (piqe makes it gray)", fused
    yield "of its gray, uint8", rgb2gray(fused)
    yield "of its gray, double in [0, 1]", rgb2gray(im2double(fused))
    for number, channel in enumerate("RGB"):
        yield f"of its {channel}", np.ascontiguousarray(fused[..., number])
    for quality in QUALITIES:
        yield f"of the fused image after JPEG of quality {quality}", _jpeg(fused, quality)
    yield "of source A", source_a
    yield "of source B", source_b


def _jpeg(image: Bytes, quality: int) -> Bytes:
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as stored:
        return np.asarray(stored)


def _grays(image: Bytes) -> NDArray[np.float64]:
    """Gray levels 0 to 255, as double."""
    return rgb2gray(image).astype(np.float64)


def _by_channel(measure: Callable[[Bytes, Bytes], float]) -> Callable[[Bytes, Bytes], float]:
    """The mean over R, G and B."""
    return lambda x, y: float(
        np.mean([measure(np.ascontiguousarray(x[..., c]), np.ascontiguousarray(y[..., c])) for c in range(3)])
    )


Measure = Callable[[Bytes, Bytes], float]
PSNR: dict[str, Measure] = {
    "gray, uint8, peak 255": lambda x, y: float(psnr(rgb2gray(x), rgb2gray(y))),
    "gray, double in [0, 1], peak 1": lambda x, y: float(psnr(rgb2gray(im2double(x)), rgb2gray(im2double(y)))),
    "gray, double 0 to 255, peak 1": lambda x, y: float(psnr(_grays(x), _grays(y))),
    "colour, peak 255": lambda x, y: float(psnr(x, y)),
    "mean over R, G, B, peak 255": _by_channel(lambda x, y: float(psnr(x, y))),
}
SSIM: dict[str, Measure] = {
    "gray, uint8, range 255": lambda x, y: float(ssim(rgb2gray(x), rgb2gray(y)).ssimval),
    "gray, double 0 to 255, range 1": lambda x, y: float(ssim(_grays(x), _grays(y)).ssimval),
    "gray, double in [0, 1], range 1": lambda x, y: float(ssim(rgb2gray(im2double(x)), rgb2gray(im2double(y))).ssimval),
    "colour as a volume, uint8, range 255": lambda x, y: float(ssim(x, y).ssimval),
    "colour as a volume, double 0 to 255, range 1": lambda x, y: float(
        ssim(x.astype(np.float64), y.astype(np.float64)).ssimval
    ),
    "mean over R, G, B, uint8, range 255": _by_channel(lambda x, y: float(ssim(x, y).ssimval)),
}
ENTROPY: dict[str, Callable[[Bytes], float]] = {
    "of the gray, uint8, 256 bins": lambda x: float(entropy(rgb2gray(x))),
    "of all values of R, G and B": lambda x: float(entropy(x)),
    "mean over R, G, B": lambda x: float(np.mean([entropy(np.ascontiguousarray(x[..., c])) for c in range(3)])),
}
