"""The report: claims judged, results kept and gone on with, the same bytes on every run."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from reference.cli import main
from reference.datasets.pairs import Pair
from reference.errors import BadInput, MissingExtra
from reference.images.files import write_image
from reference.methods.baselines import _contrast, fuse_by_local_contrast
from reference.network.cached import CachedNetwork
from reference.network.enhanced import EnhancedConfig, EnhancedNetwork
from reference.network.scoring import ScoringNetwork
from reference.network.weights import config_of, read_weights, write_weights
from reference.report import claims
from reference.report import contributions as part_contributions
from reference.report import parts as other_parts
from reference.report import reproduce as reproduce_module
from reference.report import table_1 as part_table_1
from reference.report.contributions import Contributions
from reference.report.run import Part, Run, report_pair
from reference.report.table_1 import with_truth
from tests.support import oracles
from tests.support.networks import TINY


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    module, path = EnhancedNetwork(EnhancedConfig(**TINY)), tmp_path_factory.mktemp("weights") / "w.safetensors"
    write_weights(path, "enhanced", module.state_dict(), config_of(module), half=False)
    return ScoringNetwork(read_weights(path, "enhanced"), deterministic=True)


def noise(folder):
    """A pair of noise, the same wherever it lies."""
    rng = np.random.default_rng(0)
    for name in ("a", "b", "truth"):
        write_image(folder / f"{name}.png", rng.random((24, 30, 3)))
    write_image(folder / "focus.png", (rng.random((24, 30)) > 0.5).astype(float))
    files = (folder / f"{name}.png" for name in ("a", "b", "truth", "focus", "truth"))
    return Pair("noise", *files)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return noise(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module")
def measured(pair, network, tmp_path_factory):
    """The folder and the measures of the pair: made once, to be copied before anything is changed there."""
    folder = tmp_path_factory.mktemp("measured") / "out"
    with raising():
        return folder, report_pair(pair, network, folder)


def raising():
    """As in every test, floating-point errors are errors."""
    return np.errstate(divide="raise", over="raise", invalid="raise")


@pytest.mark.slow
def test_a_pair_is_fused_and_measured_and_its_scores_are_kept(pair, measured, network, tmp_path, monkeypatch):
    folder, measures = measured
    assert {path.name for path in folder.iterdir()} == {
        "fused.png", "fused_decision_map.png", "fused.png.json", "steps.png"
    }  # fmt: skip
    fused, truth = stored(folder / "fused.png"), stored(pair.truth)  # the truth stands for the published result here
    assert measures["psnr_published"] == pytest.approx(decibels(fused, truth))
    assert measures["identical"] == pytest.approx(100 * np.mean(fused == truth))
    kept = CachedNetwork.of(network, tmp_path / "scores")
    assert report_pair(pair, kept, tmp_path / "one") == measures
    monkeypatch.setattr(ScoringNetwork, "__call__", None)  # to score again would fail
    assert report_pair(pair, kept, tmp_path / "two") == measures


def stored(path):
    with Image.open(path) as image:
        return np.asarray(image).astype(float)


def decibels(x, y):
    return 10 * np.log10(255**2 / np.mean((x - y) ** 2))


def test_measures_are_what_they_say(pair, measured, network):
    """Against the files themselves, by formulas of their own."""
    folder, _ = measured
    a, b, truth, focus = (stored(path) for path in pair[1:5])
    fused, decided = stored(folder / "fused.png"), stored(folder / "fused_decision_map.png")
    found = {row: values["noise"] for row, values in with_truth([pair], {"enhanced": network}).items()}
    average = np.floor((a + b) / 2 + 0.5)
    for row, image in {"source A": a, "source B itself": b, "average": average, "enhanced": fused}.items():
        assert found[row]["true_psnr"] == pytest.approx(decibels(image, truth), abs=1e-3)
    assert found["enhanced"]["map"] == pytest.approx(np.abs(decided / 255 - focus / 255).mean(), abs=2e-3)
    simple = fuse_by_local_contrast(a / 255, b / 255).decision_map
    assert found["local contrast"]["map"] == pytest.approx(np.abs(simple - focus / 255).mean())
    assert found["average"]["map"] == pytest.approx(np.abs(0.5 - focus / 255).mean())


@pytest.mark.slow
def test_two_reports_have_the_same_bytes(pair, network, measured, tmp_path):
    report_pair(pair, network, tmp_path / "two")
    for path in measured[0].iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_local_contrast_takes_the_sharper_source():
    rng = np.random.default_rng(1)
    sharp, flat = rng.random((32, 40)), np.full((32, 40), 0.5)
    np.testing.assert_allclose(fuse_by_local_contrast(sharp, flat).decision_map, 1, atol=1e-9)
    np.testing.assert_allclose(fuse_by_local_contrast(flat, sharp).decision_map, 0, atol=1e-9)


def test_local_contrast_is_the_distance_from_the_mean_of_seven_by_seven():
    image = np.random.default_rng(2).random((12, 15))
    expected = np.empty_like(image)
    for place, pixels in oracles.windows(image, 3):
        expected[place] = abs(image[place] - pixels.mean())
    np.testing.assert_allclose(_contrast(image), expected, atol=1e-12)


def enter_a_world_of_noise(monkeypatch, folder, pair, network):
    """One pair of noise instead of the embedded ones, an untrained network, no other data."""
    monkeypatch.setenv("PARFOCAL_DATA", "")
    monkeypatch.setattr("reference.datasets.registry.cache_folder", lambda: folder / "cache")
    for module in (part_contributions, part_table_1):
        monkeypatch.setattr(module, "embedded_pairs", lambda: [pair])
    promised = claims.Expectation("embedded/noise", "here", "gain", "3.0", rule="at least")
    of_world = [row for row in claims.expectations() if not row.id.startswith("embedded/")]
    monkeypatch.setattr(reproduce_module, "expectations", lambda: [*of_world, promised])
    monkeypatch.setattr("reference.report.run.load_network", found(network))
    monkeypatch.setattr(reproduce_module, "processes", lambda jobs: ThreadPoolExecutor(1))  # in this process
    monkeypatch.setattr(reproduce_module, "PARTS", {
        name: part for name, part in reproduce_module.PARTS.items() if name not in ("failures", "figure 2", "figure 3")
    })  # fmt: skip


@pytest.fixture
def world(tmp_path, monkeypatch, pair, network):
    enter_a_world_of_noise(monkeypatch, tmp_path, pair, network)


class Reproduced(NamedTuple):
    folder: Path
    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory, pair, network):
    """Two runs in that world, the second with --json."""
    runs = []
    for options in ([], ["--json"]):
        folder = tmp_path_factory.mktemp("reproduced")
        with pytest.MonkeyPatch.context() as monkeypatch, raising(), StringIO() as out, StringIO() as err:
            enter_a_world_of_noise(monkeypatch, folder, pair, network)
            with redirect_stdout(out), redirect_stderr(err):
                code = main(["reproduce", "--out", str(folder / "out"), *options])
            runs.append(Reproduced(folder / "out", code, out.getvalue(), err.getvalue()))
    return runs


def found(network):
    def load(name, data, deterministic):
        if name not in ("enhanced", "small"):
            raise MissingExtra(f"{name} is not here")
        return network

    return load


def statuses(folder):
    return {claim["id"]: claim["status"] for claim in json.loads((folder / "claims.json").read_text())["claims"]}


def test_reproduce_writes_a_report_and_fails_when_a_claim_moves(reproduced):
    out, code, printed, err = reproduced[0]
    assert code == 1  # noise is fused by an untrained network
    found = statuses(out)
    assert found["embedded/noise"] == "differs"
    assert found["method/radius"] == found["abstract/improvement/as_printed"] == "reproduced"
    assert found["table_1/liu/psnr"] == found["lytro/liu2017"] == "not checked"
    assert "embedded/noise was reproduced, is: differs" in printed + err
    assert "not checked      lytro/liu2017" in printed
    claims = json.loads((out / "claims.json").read_text())["claims"]
    (why,) = {claim["why"] for claim in claims if claim["status"] == "not checked" and claim["source"] == "measured"}
    assert why == "not here: parfocal fetch children liu_weights lytro lytro_results"  # each once
    html = (out / "report.html").read_text()
    assert html.count("<img ") == html.count('src="data:image/png;base64,') == 1
    assert "http" not in html
    markdown = (out / "report.md").read_text()
    assert "![Figure 1: the enhanced network](figures/figure_1.png)" in markdown
    assert "| Table 1 | parfocal fetch children liu_weights |" in markdown
    assert "Whether Table 1 holds was not checked in this run" in markdown
    assert "\n# " not in markdown[2:]


def test_the_report_opens_in_a_browser_without_a_network(reproduced, page):
    out = reproduced[0].folder
    page.goto((out / "report.html").as_uri())
    assert page.title() == reproduce_module.TITLE
    assert page.evaluate("[...document.images].map(image => image.naturalWidth > 100)") == [True]
    assert page.locator(".cells .not-checked").count() == 8
    claims = page.locator("h2:has-text('Every number') ~ div table").first
    assert claims.locator("tbody tr").count() == len(statuses(out))
    assert "table_1/enhanced/piqe" in claims.inner_text()


@pytest.mark.slow
def test_missing_data_moves_no_claim(world, tmp_path, monkeypatch, capsys):
    """The network of this world has other widths than the paper's, which is told; of what is not here nothing is."""
    monkeypatch.setattr(part_table_1, "report_pair", lambda *arguments: {})
    gains = {"source A": 30.0, "source B itself": 31.0, "average": 32.0, "enhanced": 36.0, "enhanced, TUNED": 37.0}
    values = {row: {"noise": dict.fromkeys(COLUMNS, 40.0) | {"true_psnr": psnr}} for row, psnr in gains.items()}
    monkeypatch.setattr(part_table_1, "with_truth", lambda *arguments: values)
    monkeypatch.setattr(part_contributions, "contributions", lambda *arguments: Contributions(size=1.6, noise=99.0))
    assert main(["reproduce", "--out", str(tmp_path / "out")]) == 1
    told = (line.partition(" was reproduced, is: ") for line in capsys.readouterr().err.splitlines())
    moved = {before.split()[-1] for before, is_told, _ in told if is_told}
    assert moved == {
        *(f"method/convolution_{n}" for n in range(1, 6)), *(f"method/fully_connected_{n}" for n in range(1, 4)),
    }  # fmt: skip


def test_two_reproductions_have_the_same_bytes(reproduced):
    one, two = (run.folder for run in reproduced)
    files, others = (sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file()) for out in (one, two))
    assert files == others
    for file in files:
        if "manifest" not in file.name:
            assert (one / file).read_bytes() == (two / file).read_bytes(), file


def test_reproduce_prints_json_on_request(reproduced):
    assert reproduced[1].out == (reproduced[1].folder / "claims.json").read_text()


COLUMNS = ("true_psnr", "true_ssim", "map", "piqe", "psnr", "ssim", "entropy")


@pytest.mark.slow
def test_reproduce_compares_with_liu_where_his_files_are(world, tmp_path, monkeypatch, capsys, pair, network):
    pairs = [pair._replace(name=name) for name in ("children", *(f"lytro_{n:02d}" for n in range(1, 21)))]
    monkeypatch.setattr(other_parts, "fetched_pairs", lambda data: pairs)
    monkeypatch.setattr("reference.report.run.load_network", lambda *a, **k: network)
    monkeypatch.setattr(other_parts, "report_pair", lambda *arguments: {"psnr_published": 63.0, "identical": 98.0})
    assert main(["reproduce", "--out", str(tmp_path / "out")]) == 1
    found = statuses(tmp_path / "out")
    assert {name: found[name] for name in ("children/liu2017/psnr", "children/liu2017/identical", "lytro/liu2017")} == {
        "children/liu2017/psnr": "reproduced", "children/liu2017/identical": "differs", "lytro/liu2017": "reproduced",
    }  # fmt: skip
    assert "lytro: 63.00 dB on the mean of 20 pairs" in capsys.readouterr().out


def part_of(run):
    """A part that says where it ran."""
    return Part({"process": float(os.getpid())}, lines=[run.out.name])


def failing_part(run):
    raise BadInput("this part fails")


@pytest.mark.slow
def test_parts_run_in_processes_and_keep_their_order(tmp_path):
    lines = []
    found = reproduce_module.run_parts(dict.fromkeys("abc", part_of), Run(tmp_path / "out"), lines.append)
    assert list(found) == ["a", "b", "c"]
    assert lines == ["out"] * 3
    assert os.getpid() not in {part.measured["process"] for part in found.values()}


@pytest.mark.slow
def test_a_part_that_fails_ends_the_report(tmp_path):
    with pytest.raises(BadInput, match="this part fails"):
        reproduce_module.run_parts({"a": failing_part, "b": part_of}, Run(tmp_path), print)


def test_a_run_knows_what_is_here(tmp_path, monkeypatch, pair):
    monkeypatch.setenv("PARFOCAL_DATA", "")
    monkeypatch.setattr("reference.datasets.registry.cache_folder", lambda: tmp_path / "cache")
    run = Run(tmp_path)
    assert run.children is None
    assert run.network("liu2017_authors") is None
    files = {"children_1.tif": pair.image_a, "children_2.tif": pair.image_b, "fused_cnn.tif": pair.truth}
    monkeypatch.setattr("reference.report.run.find_group", lambda group, data: files)
    found = Run(tmp_path).children
    assert found.published.dtype == np.uint8
    assert found.image_a.shape == (24, 30, 3)
