"""What wrong versions of the functions would give: the figures of matlab_compat/DIFFERENCES.md.

python -m tests.benchmarks.ablations FOLDER, the folder that PARFOCAL_DATA names.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from matlab_compat import bwareaopen, im2uint8, imboxfilt, imfilter, imgaussfilt, imresize, piqe, uint8
from reference.methods.gfdf import gfdf
from reference.methods.gff import gff
from tests.support.published import bits_equal, published, read

GFDF = "reference.methods.gfdf"


def replicated(guide: Any, target: Any, radius: int, eps: float) -> Any:
    """The guided filter with means over a replicated border, as imguidedfilter has them."""

    def mean(values: Any) -> Any:
        return imboxfilt(values, 2 * radius + 1)

    a = (mean(guide * target) - mean(guide) * mean(target)) / (mean(guide * guide) - mean(guide) ** 2 + eps)
    return mean(a) * guide + mean(mean(target) - a * mean(guide))


def against_published(folder: Path, method: Callable[..., Any], cast: Callable[[Any], Any] = im2uint8) -> str:
    """How many of the authors' results come out, and what the others differ by."""
    off = [
        np.abs(cast(method(a, b).image).astype(int) - result) for _, a, b, result in published(folder, method.__name__)
    ]
    exact = sum(not difference.any() for difference in off)
    differing, values = sum(int((d > 0).sum()) for d in off), sum(d.size for d in off)
    return (
        f"{exact} of {len(off)} exact, {differing} of {values} values off by {max(int(d.max()) for d in off)} at most"
    )


def fusion(folder: Path) -> Iterator[tuple[str, str]]:
    yield "gff", against_published(folder, gff)
    yield "gfdf", against_published(folder, gfdf)
    wrong: dict[str, Any] = {
        "4 neighbours": patch(
            "reference.steps.step_7_consistency.bwareaopen", lambda mask, area: bwareaopen(mask, area, 4)
        ),
        "guided filter over a replicated border": patch(f"{GFDF}.guidedfilter", replicated),
    }
    for border in ("symmetric", 0, "circular"):
        wrong[f"mean over border {border}"] = patch(f"{GFDF}.imfilter", lambda g, k, _, b=border: imfilter(g, k, b))
    for name, change in wrong.items():
        with change:
            yield f"gfdf, {name}", against_published(folder, gfdf)
    yield "gfdf, truncated", against_published(folder, gfdf, lambda image: (255 * image.clip(0, 1)).astype(np.uint8))


def quality(folder: Path) -> Iterator[tuple[str, str]]:
    image = read(folder / "matlab" / "mathworks_images" / "lighthouse.png")
    gray = vars(sys.modules["matlab_compat.rgb2gray"])
    yield "piqe of lighthouse.png", f"{piqe(image).score:.4f}"
    with patch.dict(gray, RED=0.2989, GREEN=0.5870, BLUE=0.1140):
        yield "piqe, gray weights of four digits", f"{piqe(image).score:.4f}"
    wrong: tuple[dict[str, Any], ...] = ({}, {"padding": "symmetric"}, {"padding": 0}, {"filter_size": 13})
    for options in wrong:
        yield (
            f"piqe of imgaussfilt(lighthouse.png, 2) {options or ''}",
            f"{piqe(imgaussfilt(image, 2, **options)).score:.4f}",
        )


def colours(folder: Path) -> Iterator[tuple[str, str]]:
    from matlab_compat.ycbcr import MATRIX

    levels = np.arange(256)
    on_a_half = np.zeros((256, 256, 256), dtype=bool)
    for red, green, blue in MATRIX:
        plane = red * levels[:, None, None] + green * levels[:, None] + blue * levels
        on_a_half |= plane % 255000 == 127500
    yield "rgb2ycbcr, uint8", f"{on_a_half.sum()} of {on_a_half.size} colours on a half"
    image = read(folder / "matlab" / "mathworks_images" / "lighthouse.png")
    off = imgaussfilt(image, 2) != uint8(imgaussfilt(image.astype(float), 2))
    yield "imgaussfilt in double", f"{off.sum()} of {off.size} values change"


def resizing(folder: Path) -> Iterator[tuple[str, str]]:
    def half_even(levels: Any, dtype: Any) -> Any:
        return np.rint(levels).clip(np.iinfo(dtype).min, np.iinfo(dtype).max)

    def once(image: Any, scale: float) -> Any:
        return uint8(imresize(image.astype(float), scale))

    def differing(resize: Callable[..., Any]) -> str:
        off = []
        for file in sorted((folder / "matlab" / "set5").glob("*_GT_scale_?.bmp")):
            matlab, scale = read(file), int(file.stem[-1])
            original = read(file.with_name(file.name.replace(f"_scale_{scale}", "")))[
                : matlab.shape[0], : matlab.shape[1]
            ]
            off.append((resize(resize(original, 1 / scale), scale) != matlab).ravel())
        return f"{100 * np.concatenate(off).mean():.2f} % of the bytes differ"

    yield "imresize, Set5", differing(imresize)
    with patch.dict(vars(sys.modules["matlab_compat.resampling"]), shift_to_truncate=half_even):
        yield "imresize, halves to even", differing(imresize)
    yield "imresize, rounded once", differing(once)
    yield "imresize, borders clamped", differing(lambda image, scale: imresize(image, scale, border="clamp"))
    yield "imresize of small doubles", f"{100 * bits_equal(folder / 'matlab' / 'small_mat'):.0f} % equal to the bit"


def main() -> None:
    """Print a line for each version."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="with matlab, survey and lytro in it")
    folder = parser.parse_args().folder
    for part in (resizing, colours, quality, fusion):
        for name, figure in part(folder):
            print(f"{name:60} {figure}", flush=True)


if __name__ == "__main__":
    main()
