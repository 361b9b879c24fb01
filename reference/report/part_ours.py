"""Parts of the report: Liu's results, the settings of what ran, and the map from the paper to the code."""

from __future__ import annotations

import numpy as np

from matlab_compat import im2uint8, piqe
from reference.datasets.pairs import fetched_pairs
from reference.experiments.baseline import recorded_evaluation
from reference.images.files import read_image
from reference.network import AUTHORS
from reference.parameters import PAPER
from reference.report.pair_report import report_pair
from reference.report.paper_map import PAPER_MAP, deviations
from reference.report.run import WORDS, Part, Run
from reference.report.table_1 import PRINTED
from reference.steps.arrays import PATCH, STRIDE

__all__ = ["part_deviations", "part_liu", "part_map", "part_method"]


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


def part_map(run: Run) -> Part:
    """The map from sections and equations to the code."""
    rows = [[entry.place, entry.what, entry.function, entry.test] for entry in PAPER_MAP]
    return Part(sections=[WORDS.table("map", rows)])


def part_deviations(run: Run) -> Part:
    """Decisions D1 to D14, where the paper is silent or unclear."""
    return Part(sections=[deviations(recorded_evaluation())])
