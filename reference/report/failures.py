"""Cases in which the method fails, on embedded pairs, whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, psnr
from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image
from reference.parameters import PAPER
from reference.pipeline import Fusion, fuse
from reference.report.figures.figure_3 import close_up, show
from reference.steps import FocusNetwork
from reference.steps.arrays import Image, Map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Failure", "draw", "failures"]

SIDE = 96  # pixels, of a close-up
SHIFT = 5  # pixels, of a camera that moved


class Failure(NamedTuple):
    """A case: a description, pictures of the run and the truth, the window to show, and numbers."""

    name: str
    what: str
    pictures: dict[str, NDArray[np.float64]]
    window: tuple[slice, slice]
    numbers: dict[str, float]


def failures(network: FocusNetwork) -> list[Failure]:
    """Run the cases with PAPER's parameters."""
    return [_halo(network), _small(network), _without_texture(network), _moved(network)]


def _halo(network: FocusNetwork) -> Failure:
    """A near object out of focus spreads over its sharp background, where neither source is right."""
    a, b, truth, focus = _pair("astronaut_brick")
    fused = fuse(a, b, network)
    window = close_up(_squared(fused.image, truth) * _both(fused), SIDE)
    best = np.where(_alike(focus > 0.5, a), a, b)
    numbers = {"psnr": _psnr(fused.image, truth), "psnr_true_map": _psnr(best, truth)}
    what = "Halo: the blurred near object spreads over the sharp far one. Neither source is right there, so no map is."
    return Failure("halo", what, _pictures(a, b, fused, focus, truth), window, numbers)


def _small(network: FocusNetwork) -> Failure:
    """Regions under 1 % of the image are dropped (sec. 3.1.3), whether or not they are mistakes."""
    a, b, truth, focus = _pair("astronaut_brick")
    fused = fuse(a, b, network)
    segmented, consistent = fused.steps["segmentation"], fused.steps["consistency"]
    lost = (segmented == (focus > 0.5)) & (segmented != consistent)
    window = close_up(_squared(fused.image, truth) * lost, SIDE)
    every = fuse(a, b, network, replace(PAPER, small_region_area=0)).image
    numbers = {
        "right_pixels_lost_in_the_window": float(lost[window].sum()),
        "pixels_below_which_a_region_is_dropped": float(PAPER.area(focus.shape)),
        "psnr_in_the_window": _psnr(fused.image[window], truth[window]),
        "psnr_in_the_window_where_it_is_kept": _psnr(every[window], truth[window]),
    }
    what = "Small region: the network found it, but step 7 of the paper drops regions under 1 % of the image."
    return Failure("small region", what, _pictures(a, b, fused, focus, truth), window, numbers)


def _without_texture(network: FocusNetwork) -> Failure:
    """Where A and B are alike, a score can only follow its surroundings."""
    a, b, truth, focus = _pair("rocket_cat")
    fused = fuse(a, b, network)
    wrong = (fused.decision_map > 0.5) != (focus > 0.5)
    difference = np.abs(a - b).mean(axis=-1)
    window = close_up(wrong * np.exp(-difference * 255), SIDE)
    numbers = {
        "wrong_percent": 100 * float(wrong.mean()),
        "wrong_percent_in_the_window": 100 * float(wrong[window].mean()),
        "mean_difference_of_a_and_b_there": 255 * float(difference[window].mean()),
        "psnr": _psnr(fused.image, truth),
        "psnr_in_the_window": _psnr(fused.image[window], truth[window]),
    }
    what = "No texture: the map is wrong where A and B hardly differ. The image suffers little, but it is no depth map."
    return Failure("no texture", what, _pictures(a, b, fused, focus, truth), window, numbers)


def _moved(network: FocusNetwork) -> Failure:
    """The paper's steps assume registered sources."""
    a, b, truth, focus = _pair("cat_coffee")
    moved = np.roll(b, SHIFT, axis=1)
    moved[:, :SHIFT] = b[:, :1]
    fused = fuse(a, moved, network)
    window = close_up(_squared(fused.image, truth) * _both(fused), SIDE)
    still = fuse(a, b, network)
    numbers = {"psnr": _psnr(fused.image, truth), "psnr_registered": _psnr(still.image, truth)}
    what = f"Moved camera: B lies {SHIFT} pixels to the right. Edges are doubled or broken where the sources meet."
    return Failure("moved camera", what, _pictures(a, moved, fused, focus, truth), window, numbers)


def draw(results: Sequence[Failure]) -> Figure:
    """Draw a row for each case: sources, result, map, truth in the window."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(14, 2.3 * len(results)), layout="constrained")
    rows = figure.subfigures(len(results), 1, squeeze=False)[:, 0]
    for row, failure in zip(rows, results, strict=True):
        row.suptitle(failure.what, fontsize=11, x=0.01, ha="left")
        panels = row.subplots(1, len(failure.pictures))
        for axes, (title, picture) in zip(panels, failure.pictures.items(), strict=True):
            show(axes, picture[failure.window], title, size=10)
    return figure


def _pair(name: str) -> tuple[Image, Image, Image, Map]:
    pair = next(pair for pair in embedded_pairs() if pair.name == name)
    a, b, truth, focus = (read_image(path).pixels for path in pair[1:5] if path)
    return a, b, truth, focus


def _pictures(a: Image, b: Image, fused: Fusion, focus: Map, truth: Image) -> dict[str, NDArray[np.float64]]:
    error = 4 * np.sqrt(_squared(fused.image, truth))
    maps = {"decision map": fused.decision_map, "true focus": focus}
    return {"A": a, "B": b, **maps, "fused": fused.image, "truth": truth, "error, x 4": error}


def _both(fused: Fusion) -> Map:
    """The degree to which both sources are used: 0 where only one is."""
    used = np.clip(fused.decision_map, 0, 1)
    return used * (1 - used)


def _squared(image: Image, truth: Image) -> NDArray[np.float64]:
    error = (image - truth) ** 2
    return error if error.ndim == 2 else error.mean(axis=-1)


def _alike(condition: NDArray[np.bool_], image: Image) -> NDArray[np.bool_]:
    return condition.reshape(condition.shape + (1,) * (image.ndim - 2))


def _psnr(image: Image, truth: Image) -> float:
    return float(psnr(im2uint8(image), im2uint8(truth)))
