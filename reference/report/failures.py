"""The part of the report on cases in which the method fails, on embedded pairs, whose truth is known."""

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
from reference.report.run import WORDS, Part, Run
from reference.steps import FocusNetwork
from reference.steps.arrays import Image, Map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE = 96  # pixels, of a close-up
SHIFT = 5  # pixels, of a camera that moved


class Failure(NamedTuple):
    """A case: pictures of the run and the truth, the window to show, and numbers."""

    name: str
    pictures: dict[str, NDArray[np.float64]]
    window: tuple[slice, slice]
    numbers: dict[str, float]

    @property
    def what(self) -> str:
        """What is seen, in a sentence or two."""
        return str(WORDS.sections["failures_picture"][self.name.replace(" ", "_")])


class Scene(NamedTuple):
    """An embedded pair, whose truth is known, and a fusion of it."""

    a: Image
    b: Image
    truth: Image
    focus: Map
    fused: Fusion

    def failure(self, name: str, window: tuple[slice, slice], **numbers: float) -> Failure:
        """The case with its pictures."""
        error = 4 * np.sqrt(_squared(self.fused.image, self.truth))
        maps = {"decision map": self.fused.decision_map, "true focus": self.focus}
        results = {"fused": self.fused.image, "truth": self.truth, "error, x 4": error}
        return Failure(name, {"A": self.a, "B": self.b, **maps, **results}, window, numbers)

    @property
    def seam(self) -> tuple[slice, slice]:
        """The window of the largest errors where both sources are used."""
        used = np.clip(self.fused.decision_map, 0, 1)
        return close_up(_squared(self.fused.image, self.truth) * used * (1 - used), SIDE)


def _scene(name: str, network: FocusNetwork, shift: int = 0) -> Scene:
    """A pair and its fusion, B moved to the right by so many pixels."""
    pair = next(pair for pair in embedded_pairs() if pair.name == name)
    a, b, truth, focus = (read_image(path).pixels for path in pair[1:5] if path)
    b = np.concatenate([np.repeat(b[:, :1], shift, axis=1), b[:, : b.shape[1] - shift]], axis=1)
    return Scene(a, b, truth, focus, fuse(a, b, network))


def failures(network: FocusNetwork) -> list[Failure]:
    """Run the cases with PAPER's parameters."""
    return [_halo(network), _small(network), _without_texture(network), _moved(network)]


def _halo(network: FocusNetwork) -> Failure:
    """A near object out of focus spreads over its sharp background, where neither source is right."""
    scene = _scene("astronaut_brick", network)
    best = np.where((scene.focus > 0.5)[..., np.newaxis], scene.a, scene.b)
    psnrs = {"psnr": _psnr(scene.fused.image, scene.truth), "psnr_true_map": _psnr(best, scene.truth)}
    return scene.failure("halo", scene.seam, **psnrs)


def _small(network: FocusNetwork) -> Failure:
    """Regions under 1 % of the image are dropped (sec. 3.1.3), whether or not they are mistakes."""
    scene = a, b, truth, focus, fused = _scene("astronaut_brick", network)
    segmented, consistent = fused.steps["segmentation"], fused.steps["consistency"]
    lost = (segmented == (focus > 0.5)) & (segmented != consistent)
    window = close_up(_squared(fused.image, truth) * lost, SIDE)
    every = fuse(a, b, network, replace(PAPER, small_region_area=0)).image
    return scene.failure(
        "small region", window,
        right_pixels_lost_in_the_window=float(lost[window].sum()),
        pixels_below_which_a_region_is_dropped=float(PAPER.area(focus.shape)),
        psnr_in_the_window=_psnr(fused.image[window], truth[window]),
        psnr_in_the_window_where_it_is_kept=_psnr(every[window], truth[window]),
    )  # fmt: skip


def _without_texture(network: FocusNetwork) -> Failure:
    """Where A and B are alike, a score can only follow its surroundings."""
    scene = a, b, truth, focus, fused = _scene("rocket_cat", network)
    wrong, difference = (fused.decision_map > 0.5) != (focus > 0.5), np.abs(a - b).mean(axis=-1)
    window = close_up(wrong * np.exp(-difference * 255), SIDE)
    return scene.failure(
        "no texture", window,
        wrong_percent=100 * float(wrong.mean()),
        wrong_percent_in_the_window=100 * float(wrong[window].mean()),
        mean_difference_of_a_and_b_there=255 * float(difference[window].mean()),
        psnr=_psnr(fused.image, truth),
        psnr_in_the_window=_psnr(fused.image[window], truth[window]),
    )  # fmt: skip


def _moved(network: FocusNetwork) -> Failure:
    """The paper's steps assume registered sources."""
    moved, still = (_scene("cat_coffee", network, shift) for shift in (SHIFT, 0))
    psnrs = {"psnr": _psnr(moved.fused.image, moved.truth), "psnr_registered": _psnr(still.fused.image, still.truth)}
    return moved.failure("moved camera", moved.seam, **psnrs)


def part_failures(run: Run) -> Part:
    """Cases in which the method fails."""
    cases = failures(run.enhanced)
    units = WORDS.sections["failures_units"]
    rows = []
    for case in cases:
        for name, value in case.numbers.items():
            unit = next((unit for word, unit in units.items() if word in name), "")
            first = case.name if name == next(iter(case.numbers)) else ""
            rows.append([first, name.replace("_", " "), f"{value:.2f}", unit])
    picture = run.picture("failures_picture", draw(cases), {case.name: case.numbers for case in cases}, file="failures")
    return Part(sections=[WORDS.table("failures", rows), picture])


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


def _squared(image: Image, truth: Image) -> NDArray[np.float64]:
    return np.asarray(((image - truth) ** 2).mean(axis=-1))


def _psnr(image: Image, truth: Image) -> float:
    return float(psnr(im2uint8(image), im2uint8(truth)))
