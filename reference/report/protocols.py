"""The search for the protocol of Table 1: every candidate beside the printed baseline row, and how far PIQE moves.

The baseline row is computed from Liu's published result, so no network of ours is involved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import entropy, im2double, im2uint8, imresize, piqe, psnr, rgb2gray, ssim
from reference.experiments.lytro import columns
from reference.report.claims import as_printed
from reference.report.run import FETCH, WORDS, Part, Run, bold_where
from reference.report.table_1 import DIGITS, PRINTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Protocol", "Shifts", "geometries", "part_piqe", "part_protocols", "protocols", "shifted"]

Bytes = NDArray[np.uint8]
BASELINE = PRINTED["Yu Liu et al."]
NAMES = {"piqe": "PIQE", "psnr": "PSNR", "ssim": "SSIM", "entropy": "entropy"}
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
    mean = ((source_a.astype(np.uint16) + source_b + 1) // 2).astype(np.uint8)
    references = {"A": source_a, "B": source_b, "mean of A and B": mean}
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


def part_protocols(run: Run) -> Part:
    """The search for the protocol of Table 1."""
    if not run.children:
        return Part(missing={"The protocol search": FETCH})
    a, b, published = run.children
    candidates = protocols(published, im2uint8(a), im2uint8(b))
    numbers = [{**one._asdict(), "off_by": one.off_by, "agrees": one.agrees} for one in candidates]
    run.save_numbers("protocols", numbers)
    of_piqe = [one for one in candidates if one.column == "piqe"]
    hits = "; ".join(one.computed for one in of_piqe if one.agrees) or "none"
    least, *_, most = sorted(one.value for one in of_piqe)
    rows = []
    for one in candidates:
        value = bold_where([one.agrees], [f"{one.value:.4f}"])
        rows.append([NAMES[one.column], one.computed, *value, BASELINE[one.column], f"{one.off_by:+.4f}"])
    return Part(sections=[WORDS.table("protocols", rows, ways=len(of_piqe), least=least, most=most, hits=hits)])


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


def _distorted(fused: Bytes, source_a: Bytes, source_b: Bytes) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """Images of which PIQE might have been computed."""
    yield "of the fused image in colour (piqe makes it gray)", fused
    yield "of its gray, uint8", rgb2gray(fused)
    yield "of its gray, double in [0, 1]", rgb2gray(im2double(fused))
    for name, channel in zip("RGB", _channels(fused), strict=True):
        yield f"of its {name}", channel
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


Measure = Callable[[Bytes, Bytes], float]
Change = Callable[[Bytes], NDArray[np.generic]]


def _as_double(image: NDArray[np.generic]) -> NDArray[np.float64]:
    """The same levels, as double."""
    return image.astype(np.float64)


def _psnr(change: Change) -> Measure:
    return lambda x, y: float(psnr(change(x), change(y)))


def _ssim(change: Change) -> Measure:
    return lambda x, y: float(ssim(change(x), change(y)).ssimval)


def _by_channel(measure: Measure) -> Measure:
    """The mean over R, G and B."""
    return lambda x, y: float(np.mean([*map(measure, _channels(x), _channels(y))]))


def _channels(image: Bytes) -> list[Bytes]:
    return [np.ascontiguousarray(image[..., channel]) for channel in range(3)]


def _same(image: Bytes) -> Bytes:
    return image


PSNR: dict[str, Measure] = {
    "gray, uint8, peak 255": _psnr(rgb2gray),
    "gray, double in [0, 1], peak 1": _psnr(lambda x: rgb2gray(im2double(x))),
    "gray, double 0 to 255, peak 1": _psnr(lambda x: _as_double(rgb2gray(x))),
    "colour, peak 255": _psnr(_same),
    "mean over R, G, B, peak 255": _by_channel(_psnr(_same)),
}
SSIM: dict[str, Measure] = {
    "gray, uint8, range 255": _ssim(rgb2gray),
    "gray, double 0 to 255, range 1": _ssim(lambda x: _as_double(rgb2gray(x))),
    "gray, double in [0, 1], range 1": _ssim(lambda x: rgb2gray(im2double(x))),
    "colour as a volume, uint8, range 255": _ssim(_same),
    "colour as a volume, double 0 to 255, range 1": _ssim(_as_double),
    "mean over R, G, B, uint8, range 255": _by_channel(_ssim(_same)),
}
ENTROPY: dict[str, Callable[[Bytes], float]] = {
    "of the gray, uint8, 256 bins": lambda x: float(entropy(rgb2gray(x))),
    "of all values of R, G and B": lambda x: float(entropy(x)),
    "mean over R, G, B": lambda x: float(np.mean([entropy(channel) for channel in _channels(x)])),
}


STARTS = (0, 1, 3, 5, 8, 11, 14, 16)  # of the rows and of the columns that are kept; 16 is the side of a block


class Shifts(NamedTuple):
    """How far PIQE moves when nothing that one sees does: its values when the grid of its blocks is shifted.

    values  by the first row and the first column of what is kept of an image
    whole   of the whole image
    """

    values: NDArray[np.float64]
    whole: float

    @property
    def summary(self) -> dict[str, float]:
        """Mean, standard deviation, least and most."""
        of = self.values
        return {"mean": of.mean(), "deviation": of.std(ddof=1), "least": of.min(), "most": of.max()}


def shifted(image: NDArray[np.uint8]) -> Shifts:
    """PIQE of 64 cuts of one size, which differ by where they begin.

    image  (H, W) or (H, W, 3) uint8
    """
    rows, columns = (side - STARTS[-1] for side in image.shape[:2])
    scores = [[piqe(image[i : i + rows, j : j + columns]).score for j in STARTS] for i in STARTS]
    return Shifts(np.array(scores), piqe(image).score)


def _draw(shifts: Shifts) -> Figure:
    """Draw how often which PIQE occurs, beside that of the whole image and the printed values."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.hist(shifts.values.ravel(), bins=16, color="0.75", edgecolor="0.4", label="64 shifts of one result")
    axes.axvline(shifts.whole, color="black", label=f"the whole image: {shifts.whole:.2f}")
    for (name, row), style in zip(PRINTED.items(), ("--", ":"), strict=True):
        value = float(row["piqe"])
        axes.axvline(value, color="crimson", linestyle=style, label=f"printed, {name}: {value:g}")
    axes.set(xlabel="PIQE of Liu's published result", ylabel="shifts")
    axes.legend(fontsize=8)
    return figure


def part_piqe(run: Run) -> Part:
    """How far PIQE moves when the grid of its blocks does, and when the image is turned, cut, padded or resized."""
    if not run.children:
        return Part(missing={"How far PIQE moves": FETCH})
    published, source_b = run.children.published, im2uint8(run.children.image_b)
    shifts = shifted(published)
    summary: dict[str, Any] = {**shifts.summary, "whole": shifts.whole}
    picture = run.picture("piqe_shifts", _draw(shifts), {**summary, "values": shifts.values.tolist()}, **summary)
    rows, both = [], []
    for text, change in {"as it is": _same, **geometries(published.shape)}.items():
        values = columns(change(published), change(source_b))
        agrees = {key: as_printed(values[key], BASELINE[key]) == BASELINE[key] for key in ("piqe", "psnr", "ssim")}
        rows.append([text, *bold_where(agrees.values(), [f"{values[key]:.{DIGITS[key]}f}" for key in agrees])])
        both += [text] * (agrees["psnr"] and agrees["ssim"])
    return Part(sections=[picture, WORDS.table("geometries", rows, both=", ".join(both) or "in no case")])
