"""Parts of the report: the promises of this project, and the map from the paper to the code."""

from __future__ import annotations

import numpy as np

from reference.datasets.pairs import embedded_pairs, fetched_pairs
from reference.experiments.baseline import recorded_evaluation
from reference.jobs.page import Bold, Table
from reference.network import AUTHORS
from reference.network.enhanced import EnhancedConfig
from reference.parameters import PAPER
from reference.report.pair_report import Measures, report_pair
from reference.report.paper_map import PAPER_MAP, deviations
from reference.report.run import Part, Run
from reference.report.table_1 import PRINTED
from reference.steps.arrays import PATCH, STRIDE

__all__ = ["part_deviations", "part_embedded", "part_liu", "part_map", "part_method"]


def part_embedded(run: Run) -> Part:
    """The six embedded pairs, fused by the enhanced and the small network."""
    by_network: dict[str, dict[str, Measures]] = {}
    for name, folder in {"enhanced": "embedded", "small": "embedded_small"}.items():
        network = run.network(name)
        assert network is not None  # they ship
        measures = {pair.name: report_pair(pair, network, run.out / folder / pair.name) for pair in embedded_pairs()}
        by_network[name] = measures
    run.save_numbers("embedded", by_network)
    lines = [_line(pair, m) for pair, m in by_network["enhanced"].items()]
    measured = {f"embedded/{name}": measures["gain"] for name, measures in by_network["enhanced"].items()}
    return Part(measured, [_embedded(by_network)], lines=lines)


def _line(pair: str, m: Measures) -> str:
    """A summary of an embedded pair in one line."""
    return (
        f"{pair:17} {m['psnr_fused']:6.2f} dB fused, {max(m['psnr_a'], m['psnr_b']):6.2f} better source, "
        f"{m['psnr_average']:6.2f} average, {m['psnr_local_contrast']:6.2f} local contrast; "
        f"map off by {m['map_distance_fused']:.3f} (local contrast {m['map_distance_local_contrast']:.3f})"
    )


def _embedded(by_network: dict[str, dict[str, Measures]]) -> Table:
    methods = ["better source", "average", "local contrast", "enhanced", "small"]
    rows = []
    for name, m in by_network["enhanced"].items():
        psnrs = [max(m["psnr_a"], m["psnr_b"]), m["psnr_average"], m["psnr_local_contrast"], m["psnr_fused"]]
        psnrs.append(by_network["small"][name]["psnr_fused"])
        cells = [Bold(f"{value:.2f}") if value == max(psnrs) else f"{value:.2f}" for value in psnrs]
        rows.append([name, *cells, f"{m['gain']:.2f}", f"{m['map_distance_fused']:.3f}"])
    text = "PSNR in dB against ground truth, PAPER parameters; gain over the better of sources and average."
    return Table("The embedded pairs", text, ["pair", *methods, "gain of enhanced", "map distance"], rows)


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
    return part


def part_method(run: Run) -> Part:
    """The numbers of the method in the code."""
    paper = EnhancedConfig()
    liu, ours = (float(PRINTED[row]["piqe"]) for row in ("Yu Liu et al.", "Enhance model"))
    values: dict[str, float] = {
        "patch": PATCH, "stride": STRIDE, "threshold": PAPER.focus_threshold, "area": PAPER.small_region_ratio,
        "radius": PAPER.guide_radius, "eps": PAPER.guide_eps, "convolution_1_side": paper.filter_sizes[0],
        **{f"convolution_{n}": filters for n, filters in enumerate(paper.filters, start=1)},
        **{f"fully_connected_{n}": neurons for n, neurons in enumerate(paper.fully_connected, start=1)},
    }  # fmt: skip
    return Part(
        {f"method/{name}": value for name, value in values.items()}
        | {"abstract/improvement/as_printed": 100 * (liu - ours) / liu}
    )


def part_map(run: Run) -> Part:
    """The map from sections and equations to the code."""
    rows = [[entry.place, entry.what, entry.function, entry.test] for entry in PAPER_MAP]
    return Part(sections=[Table("From the paper to the code", "", ["place", "what", "function", "test"], rows)])


def part_deviations(run: Run) -> Part:
    """Decisions D1 to D14, where the paper is silent or unclear."""
    return Part(sections=[deviations(recorded_evaluation())])
