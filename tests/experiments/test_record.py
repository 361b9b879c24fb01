"""The recorded evaluation, the pages that quote it, the weights it is of, and TUNED belong together."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace

import pytest

from docs.building.record import csv_files, fill_tables, pages
from reference.datasets.registry import data_root
from reference.experiments.ablation import ABLATIONS, ablation_file
from reference.experiments.baseline import recorded_evaluation
from reference.experiments.choose import steps_by
from reference.files import sha256_of
from reference.network import TRAINED
from reference.network.loading import load_network
from reference.network.training.recipe import RECIPES, Recipe
from reference.network.weights import WIDTHS
from reference.parameters import TUNED
from tests.benchmarks.train_ablation import STEPS


def test_best_is_what_was_chosen_for_enhanced():
    chosen = recorded_evaluation()["choice"]["enhanced"]["all"]["parameters"]
    assert steps_by(chosen) == TUNED


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_tables_of_a_page_are_those_of_the_record(page):
    text = page.read_text()
    assert "<!-- table:" in text
    assert fill_tables(text, recorded_evaluation()) == text


def test_the_files_beside_the_pages_are_those_of_the_record():
    files = csv_files(recorded_evaluation())
    folder = next(iter(files)).parent
    assert {path: path.read_text() for path in folder.glob("*.csv")} == files
    linked = set(re.findall(r"tables/(evaluation/\w+\.csv|\w+\.csv)", (folder.parents[1] / "networks.md").read_text()))
    assert {f"evaluation/{path.name}" for path in files} <= linked


@pytest.mark.parametrize("name", TRAINED)
def test_the_record_is_of_the_weights_that_ship(name):
    assert recorded_evaluation()["weights"][name]["sha256"] == sha256_of(
        data_root() / "weights" / f"{name}.safetensors"
    )


@pytest.mark.parametrize("name", ABLATIONS)
def test_a_network_of_the_ablation_is_as_its_name_says(name):
    path = data_root() / "ablation" / ablation_file(name)
    ablated, file = ABLATIONS[name], load_network("small", path).file
    settings = {key: tuple(v) if isinstance(v, list) else v for key, v in ablated.settings.items()}
    assert asdict(file.module.config) == asdict(WIDTHS["small"]) | settings
    trained = json.loads(path.with_suffix(".json").read_text())
    recipe = replace(RECIPES["small"], settings=ablated.settings, steps=STEPS, map_steps=0, seed=ablated.seed)
    assert (trained["sha256"], Recipe(**trained["recipe"])) == (file.sha256, recipe)


def test_the_record_is_of_the_networks_of_the_ablation():
    digests = {name: sha256_of(data_root() / "ablation" / ablation_file(name)) for name in ABLATIONS}
    assert len(set(digests.values())) == len(ABLATIONS)
    for name, digest in digests.items():
        for blend in ("PAPER", "TUNED"):
            assert recorded_evaluation()["ablation"][f"small, {name}, {blend}"]["sha256"] == digest
