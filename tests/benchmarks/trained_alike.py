"""What widths, the pyramid, larger filters (D3) and the paper's architecture bring, by networks trained alike.

python -m tests.benchmarks.trained_alike OUT [--device auto]    (40 minutes on two cores; goes on where it was ended)

Networks of data/further_training saw the same crops as data/weights/enhanced. Each is measured with PAPER and TUNED on
the 40 pairs that test and on the 40 physical ones; differences are paired, with 95 % intervals over the photographs.
OUT gets alike.json and a table.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reference.datasets.ground_truth import AnyScene, physical_scenes, scenes
from reference.datasets.registry import data_root
from reference.experiments.against_truth import against_truth, difference, means
from reference.experiments.cache import ResultCache
from reference.experiments.candidates import by_network
from reference.files import write_json, write_text
from reference.jobs.page import Table, as_markdown
from reference.network.cached import CachedNetwork
from reference.network.loading import weights_path
from reference.network.weights import read_weights
from reference.parameters import TUNED

COMPARED = (
    ("enhanced", "half"), ("half", "small"), ("levels_3", "levels_1"), ("filters_35577", "small"),
    ("enhanced", "liu2017"), ("half", "liu2017"),
)  # fmt: skip
BLENDS = {"PAPER": None, "TUNED": {"share": TUNED.small_region_ratio, "blend": (TUNED.guide_radius, TUNED.guide_eps)}}


def measure(out: Path, device: str) -> dict[str, Any]:
    """Mean PSNR of every network and blend by mode, and the differences."""
    files = {path.stem: path for path in sorted((data_root() / "further_training").glob("*.safetensors"))}
    files["enhanced"] = weights_path("enhanced", None)
    networks = {
        name: CachedNetwork(read_weights(path), False, None, device, out / "scores") for name, path in files.items()
    }
    candidates = [by_network(one, f"{name}, {key}", BLENDS[key]) for name, one in networks.items() for key in BLENDS]
    modes: dict[str, Sequence[AnyScene]] = {"cut": scenes("test"), "physical": physical_scenes("test")}
    record: dict[str, Any] = {"sha256": {name: one.file.sha256 for name, one in networks.items()}}
    for mode, testing in modes.items():
        scores = against_truth(candidates, ResultCache(out / "kept.jsonl"), None, testing, ("clean",))
        of_all = means(scores, testing, "clean")
        record[mode] = {
            "psnr": {name: values["psnr"] for name, values in of_all.items()},
            "differences": {
                f"{one} less {other}, {key}": difference(scores, f"{one}, {key}", f"{other}, {key}", testing, "clean")
                for one, other in COMPARED
                for key in BLENDS
            },
        }
    return record


def tables(record: dict[str, Any]) -> list[Table]:
    """Means, and differences with their intervals."""
    modes = [name for name in record if name != "sha256"]
    means_of = [[name, *(f"{record[mode]['psnr'][name]:.2f}" for mode in modes)] for name in record[modes[0]]["psnr"]]
    differences = [
        [name, *("{:+.2f} [{:+.2f}, {:+.2f}]".format(*record[mode]["differences"][name]) for mode in modes)]
        for name in record[modes[0]]["differences"]
    ]
    return [
        Table("Networks trained alike", "Mean PSNR in dB on the pairs that test.", ["network", *modes], means_of),
        Table("Differences", "dB, with 95 % intervals.", ["difference", *modes], differences),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    record = measure(options.out, options.device)
    write_json(options.out / "alike.json", record)
    page = as_markdown("Networks trained alike", [], tables(record))
    write_text(options.out / "alike.md", page)
    print(page)


if __name__ == "__main__":
    main()
