"""Parts of the report: the paper's figures, Liu's results, and the settings of what ran."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, piqe
from reference.datasets.pairs import embedded_pairs, fetched_pairs
from reference.images.files import read_image
from reference.methods.baselines import average
from reference.methods.gff import gff
from reference.network import AUTHORS
from reference.network.summary import layers
from reference.parameters import PAPER
from reference.pipeline import fuse
from reference.report.figures import figure_1, figure_2, figure_3
from reference.report.run import Part, Run, report_pair
from reference.report.table_1 import PRINTED
from reference.steps.arrays import PATCH, STRIDE, Image


def part_figure_1(run: Run) -> Part:
    """Figure 1: the network."""
    described = [layer._asdict() for layer in layers(run.enhanced.file.module)]  # type: ignore[arg-type]
    return Part(sections=[run.picture("figure_1", figure_1.draw(described), described)])


def part_figure_2(run: Run) -> Part:
    """Figure 2: the algorithm."""
    a, b, name, missing = _sources(run)
    values: dict[str, NDArray[np.generic]] = {"image_a": a, "image_b": b}
    values |= fuse(a, b, run.enhanced).steps
    shown = {key: values[key] for key in figure_2.PANELS}
    picture = run.picture("figure_2", figure_2.draw(shown), _summary(shown), name=name)
    return Part(sections=[picture], missing=missing)


def part_figure_3(run: Run) -> Part:
    """Figure 3: sources, result, and close-ups."""
    a, b, name, missing = _sources(run)
    fused = fuse(a, b, run.enhanced)
    images = {"image_a": a, "image_b": b, "average": average(a, b).image, "GFF": gff(a, b).image}
    if liu := run.network(AUTHORS):
        images["Liu et al."] = fuse(a, b, liu).image
    images["enhanced"] = fused.image
    window = figure_3.where_sources_meet(a, b, fused.decision_map)
    numbers = {**_summary(images), "window": [[side.start, side.stop] for side in window]}
    picture = run.picture("figure_3", figure_3.draw(images, window), numbers, name=name)
    return Part(sections=[picture], missing=missing)


def _sources(run: Run) -> tuple[Image, Image, str, dict[str, str]]:
    """Children, or an embedded pair if it is not available."""
    if run.children:
        return run.children.image_a, run.children.image_b, "Children", {}
    pair = next(pair for pair in embedded_pairs() if pair.name == "cat_coffee")
    a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    return a, b, "the embedded pair cat_coffee", {"Figures 2 and 3 on Children": "parfocal fetch children"}


def _summary(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, Any]:
    """Shape, range and mean of the drawn arrays."""
    return {
        name: {"shape": list(x.shape), "least": float(x.min()), "most": float(x.max()), "mean": float(x.mean())}
        for name, x in arrays.items()
    }


def part_liu(run: Run) -> Part:
    """Liu's weights against his published results, which shows how exact the pipeline is."""
    pairs = {pair.name: pair for pair in fetched_pairs(run.data)}
    liu, part = run.network(AUTHORS), Part()
    children = pairs.pop("children", None)
    if children and liu:
        m = report_pair(children, liu, run.out / "children" / "liu2017")
        part.lines.append(f"children: {m['psnr_published']:.2f} dB, {m['identical']:.2f} % identical to Liu's result")
        part.measured |= {"children/liu2017/psnr": m["psnr_published"], "children/liu2017/identical": m["identical"]}
    else:
        part.missing["Children with Liu's weights"] = "parfocal fetch children liu_weights"
    if liu and len(pairs) == 20:
        values = [report_pair(p, liu, run.out / "lytro" / p.name)["psnr_published"] for p in pairs.values()]
        part.lines.append(
            f"lytro: {np.mean(values):.2f} dB on the mean of 20 pairs, {min(values):.1f} to {max(values):.1f}"
        )
        part.measured["lytro/liu2017"] = float(np.mean(values))
    else:
        part.missing["Lytro with Liu's weights"] = "parfocal fetch lytro lytro_results liu_weights"
    if published := [pair.published for pair in pairs.values() if pair.published]:
        scores = [piqe(im2uint8(read_image(path).pixels)).score for path in published]
        part.measured["section_4/average_piqe/liu"] = float(np.mean(scores))
    return part


def part_method(run: Run) -> Part:
    """The numbers of the method, of the network and the parameters that ran."""
    shapes = {name: tuple(values.shape) for name, values in run.enhanced.file.module.state_dict().items()}
    liu, ours = (float(PRINTED[row]["piqe"]) for row in ("Yu Liu et al.", "Enhance model"))
    values: dict[str, float] = {
        "patch": PATCH, "stride": STRIDE, "threshold": PAPER.focus_threshold, "area": PAPER.small_region_ratio,
        "radius": PAPER.guide_radius, "eps": PAPER.guide_eps, "convolution_1_side": shapes["convolutions.0.weight"][-1],
        **{f"convolution_{n}": shapes[f"convolutions.{n - 1}.weight"][0] for n in range(1, 6)},
        **{f"fully_connected_{n}": shapes[f"fully_connected.{n - 1}.weight"][0] for n in range(1, 4)},
    }  # fmt: skip
    return Part(
        {f"method/{name}": value for name, value in values.items()}
        | {"abstract/improvement/as_printed": 100 * (liu - ours) / liu}
    )
