"""Every figure of the project, by its name. Run: python -m figures.make NAME [--out FOLDER]

step_sheet, real_photographs, learning_curves and rooms are the pictures of the README and of docs/, and lie beside this
file; the others belong to the report (`parfocal reproduce` makes them too) and go to results/figures. table_1 prints.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray

from reference.align.align import align
from reference.align.motion import warp
from reference.datasets.pairs import Pair, embedded_pairs
from reference.datasets.registry import data_root
from reference.images.files import read_image
from reference.jobs.page import Picture, as_markdown
from reference.jobs.stack_fusion import stack
from reference.methods.base import GfdfMethod, NetworkMethod
from reference.network import TRAINED
from reference.network.loading import load_network
from reference.parameters import TUNED
from reference.pipeline import fuse
from reference.report import failures, parts, protocols, table_1
from reference.report.figures import figure_2, learning_curves
from reference.report.figures.save import save_figure
from reference.report.run import Part, Run
from reference.steps import gray
from tests.benchmarks.stacks import through_focus
from tests.support.motions import motion
from tests.support.rooms_picture import rooms_picture

HERE = Path(__file__).parent


def step_sheet(out: Path, name: str = "cat_coffee") -> list[Path]:
    """README: every step on one embedded pair."""
    pair = embedded(name)
    image_a, image_b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
    fused = fuse(image_a, image_b, load_network("enhanced", deterministic=True))
    figure = figure_2.draw_sheet(image_a, image_b, fused.steps, compare=("ground truth", truth))
    return [save_figure(out / f"steps_{name}.png", figure, dpi=80)]


def real_photographs(out: Path) -> list[Path]:
    """docs/real_photographs.md: a moved camera, and a stack."""
    return [
        save_figure(out / "moved_camera.png", moved_camera(), dpi=80),
        save_figure(out / "stack.png", through_depth(), dpi=80),
    ]


def moved_camera(name: str = "astronaut_rocket") -> plt.Figure:
    """What a moved camera costs, and what alignment gives back."""
    pair = embedded(name)
    a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    photographed = np.clip(warp(b, np.linalg.inv(motion("affine", a.shape, 3)), a.shape), 0, 1)
    found = align(gray(a), gray(photographed), "affine")
    method = NetworkMethod(load_network("small", deterministic=True), TUNED)
    part = found.region.of
    aligned = warp(photographed, found.motion.matrix, a.shape)
    return in_a_row(
        {
            "A": a,
            "B, the camera moved": photographed,
            "fused as they are": method(a, photographed).image,
            "B moved onto A, cut": part(aligned),
            "fused with --align affine": method(part(a), part(aligned)).image,
        }
    )


def through_depth(name: str = "cat_coffee") -> plt.Figure:
    """Seven photographs of one scene, which is sharp where, and what they become."""
    images = through_focus(read_image(embedded(name).truth).pixels, seed=3, noise=0)
    stacked = stack([lambda image=image: image for image in images], GfdfMethod())
    return in_a_row(
        {
            "photograph 1 of 7": images[0],
            "photograph 7 of 7": images[-1],
            "index: which is sharp": stacked.index_map / 6,
            "depth: the same, soft": stacked.depth,
            "fused": stacked.image,
        }
    )


def in_a_row(pictures: dict[str, NDArray[np.float64]]) -> plt.Figure:
    figure, axes = plt.subplots(1, len(pictures), figsize=(15, 2.7), layout="constrained")
    for axis, (title, picture) in zip(axes, pictures.items(), strict=True):
        axis.imshow(np.clip(picture, 0, 1), cmap="gray", vmin=0, vmax=1)
        axis.set_title(title, fontsize=11)
        axis.axis("off")
    return figure


def embedded(name: str) -> Pair:
    return next(pair for pair in embedded_pairs() if pair.name == name)


def curves(out: Path) -> list[Path]:
    """docs/networks.md: the learning curves of the shipped networks that score patches."""
    weights = data_root() / "weights"
    logs = {name: learning_curves.read_log(weights / f"{name}.log.jsonl") for name in TRAINED}
    map_from = {name: json.loads((weights / f"{name}.json").read_text())["recipe"]["steps"] for name in TRAINED}
    return [save_figure(out / "learning_curves.png", learning_curves.draw(logs, map_from=map_from))]


def rooms(out: Path) -> list[Path]:
    """docs/architecture.md: the rooms of the code, and what imports what."""
    path = out / "rooms.svg"
    path.write_text(rooms_picture())
    return [path]


def metrics(out: Path) -> list[Path]:
    """docs/metrics.md: which metrics follow ground truth, by two measurements."""
    with open(HERE.parent / "docs" / "tables" / "metrics_follow_truth.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["measured here"][0] in "+-" and "," not in row["metric"]]
    figure = plt.Figure(figsize=(8, 4.2), layout="constrained")
    axes = figure.subplots()
    places = np.arange(len(rows))[::-1]
    columns = {
        "published scores": (0.2, "published scores: 710 pairs, 30 methods"),
        "measured here": (-0.2, "measured here: 6 pairs, 7 methods"),
    }
    for column, (shift, label) in columns.items():
        known = [row[column].split(" ")[0] for row in rows]
        values = [float(text) if text[0] in "+-" else 0.0 for text in known]
        axes.barh(places + shift, values, 0.4, label=label)
    axes.set_yticks(places, [row["metric"] for row in rows])
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlabel("rank correlation with ground truth: 1 the same order, 0 none, below 0 rather the opposite")
    axes.grid(axis="x", alpha=0.3)
    axes.legend(fontsize=9, loc="upper left")
    return [save_figure(out / "metrics_follow_truth.png", figure, dpi=80)]


def networks(out: Path) -> list[Path]:
    """docs/networks.md: PSNR of each method with published and with chosen parameters, without noise."""
    record = json.loads((data_root() / "weights" / "evaluation.json").read_text())
    psnrs = {name: row["psnr"] for name, row in record["truth"]["conditions"]["clean"].items()}
    pairs = {name: (name, f"{name}:all") for name in ("gff", "gfdf", *record["weights"])}
    pairs |= {"fitted scores": ("fitted scores, PAPER", "fitted scores, TUNED")}
    pairs |= {"pixel, beyond the paper": ("pixel", "")}
    figure = plt.Figure(figsize=(8, 3.4), layout="constrained")
    axes = figure.subplots()
    places = np.arange(len(pairs))[::-1]
    for shift, number, label in ((0.2, 0, "published parameters"), (-0.2, 1, "chosen on other pairs")):
        values = [psnrs.get(both[number], 0.0) for both in pairs.values()]
        bars = axes.barh(places + shift, values, 0.4, label=label)
        axes.bar_label(bars, [f"{value:.2f}" if value else "" for value in values], fontsize=8, padding=2)
    axes.set_yticks(places, list(pairs))
    axes.set_xlim(39, psnrs["nearer pixels"] + 0.5)
    axes.axvline(psnrs["nearer pixels"], color="black", linestyle=":", label="best hard map")
    axes.set_xlabel("PSNR against ground truth, dB, mean over the 40 pairs that test, without noise")
    figure.legend(fontsize=8, loc="outside upper center", ncols=3)
    return [save_figure(out / "networks.png", figure, dpi=80)]


def of_report(*parts: Callable[[Run], Part]) -> Callable[[Path], list[Path]]:
    """Parts of the report: pictures are written, tables printed, what is missing is named."""

    def make(out: Path) -> list[Path]:
        made = [part(Run(out)) for part in parts]
        sections = [section for part in made for section in part.sections]
        tables = [section for section in sections if not isinstance(section, Picture)]
        missing = [f"{what}: {command}" for part in made for what, command in part.missing.items()]
        if tables or missing:
            print(as_markdown(", ".join(part.__name__.removeprefix("part_") for part in parts), missing, tables))
        return [section.path for section in sections if isinstance(section, Picture)]

    return make


OF_DOCS: dict[str, Callable[[Path], Iterable[Path]]] = {
    "step_sheet": step_sheet,
    "real_photographs": real_photographs,
    "learning_curves": curves,
    "rooms": rooms,
    "metrics": metrics,
    "networks": networks,
}
OF_REPORT = {
    "figure_1": of_report(parts.part_figure_1),
    "figure_2": of_report(parts.part_figure_2),
    "figure_3": of_report(parts.part_figure_3),
    "failures": of_report(failures.part_failures),
    "bias": of_report(table_1.part_bias),
    "piqe": of_report(protocols.part_piqe),
    "table_1": of_report(table_1.part_table_1, protocols.part_protocols, table_1.part_embedded),
}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=[*OF_DOCS, *OF_REPORT])
    parser.add_argument("--out", type=Path, help="folder (default: figures for those of docs, else results)")
    options = parser.parse_args(arguments)
    make = (OF_DOCS | OF_REPORT)[options.name]
    print(*make(options.out or (HERE if options.name in OF_DOCS else Path("results"))), sep="\n")


if __name__ == "__main__":
    main()
