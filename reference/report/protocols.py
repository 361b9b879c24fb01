"""By which protocol Table 1 was computed, by an audit of its baseline row, and how far PIQE moves.

The baseline row is computed from Liu's published result, so no network of ours is involved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, piqe
from reference.audit.printed import Cell
from reference.audit.protocols import Images, geometries
from reference.audit.search import Found, judged, of_images
from reference.experiments.lytro import columns
from reference.report.claims import as_printed
from reference.report.run import FETCH, WORDS, Part, Run, bold_where
from reference.report.table_1 import DIGITS, PRINTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BASELINE = PRINTED["Yu Liu et al."]
NAMES = {"piqe": "PIQE", "psnr": "PSNR", "ssim": "SSIM", "entropy": "entropy"}
ROW = ("Yu Liu et al.", "Children")
SHOWN = 12  # protocols of a column that are shown, those with its printed value first


def audited(images: Images) -> dict[str, Found]:
    """Every protocol for the four columns beside the printed baseline row, as `parfocal audit` judges it."""
    values = {name: {ROW: value} for name, value in of_images(images, {*BASELINE}).items()}
    return {
        column: judged(
            column, [Cell(*ROW, column, text)],
            {name: of for name, of in values.items() if name.startswith(f"{column}: ")}, kept=len(values),
        )
        for column, text in BASELINE.items()
    }  # fmt: skip


def part_protocols(run: Run) -> Part:
    """The search for the protocol of Table 1."""
    if not run.children:
        return Part(missing={"The protocol search": FETCH})
    a, b, published = run.children
    found = audited(Images(published, im2uint8(a), im2uint8(b)))
    numbers, rows = [], []
    for column, of_column in found.items():
        printed = of_column.cells[0]
        for number, fit in enumerate(of_column.fits):
            (value,) = fit.values.values()
            off = value - printed.value
            one = {"column": column, "computed": fit.computed, "value": value, "off_by": off, "agrees": fit.met > 0}
            numbers.append({**one, "equal": fit.equal})
            if number < SHOWN:
                (text,) = bold_where([fit.met > 0], [f"{value:.4f}"])
                rows.append([NAMES[column], fit.computed, text, printed.text, f"{off:+.4f}"])
    run.save_numbers("protocols", numbers)
    of_piqe = [value for fit in found["piqe"].fits for value in fit.values.values()]
    said: dict[str, Any] = {"least": min(of_piqe), "most": max(of_piqe), "shown": SHOWN}
    said |= {f"{column}_tried": of.tried for column, of in found.items()}
    said |= {f"{column}_chance": f"{of.by_chance:.2g}" for column, of in found.items()}
    return Part(sections=[WORDS.table("protocols", rows, **said)])


STARTS = (0, 1, 3, 5, 8, 11, 14, 16)  # of the rows and of the columns that are kept; 16 is the side of a block


class Shifts(NamedTuple):
    """How far PIQE moves when nothing that one sees does: its values when the grid of its blocks is shifted."""

    values: NDArray[np.float64]  # by the first row and the first column of what is kept of an image
    whole: float  # of the whole image

    @property
    def summary(self) -> dict[str, float]:
        """Mean, standard deviation, least and most."""
        of = self.values
        return {"mean": of.mean(), "deviation": of.std(ddof=1), "least": of.min(), "most": of.max()}


def shifted(image: NDArray[np.uint8]) -> Shifts:
    """PIQE of 64 cuts of one size, which differ by where they begin."""
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
    changes = geometries(published.shape)
    for text in ("as it is", *changes):
        values = columns(*(changes[text](x) if text in changes else x for x in (published, source_b)))
        agrees = {key: as_printed(values[key], BASELINE[key]) == BASELINE[key] for key in ("piqe", "psnr", "ssim")}
        rows.append([text, *bold_where(agrees.values(), [f"{values[key]:.{DIGITS[key]}f}" for key in agrees])])
        both += [text] * (agrees["psnr"] and agrees["ssim"])
    return Part(sections=[picture, WORDS.table("geometries", rows, both=", ".join(both) or "in no case")])
