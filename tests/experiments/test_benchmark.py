"""The benchmark as its user meets it: pairs and methods found, results kept, statistics, and what goes wrong."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image
from scipy.stats import wilcoxon

from reference.cli import main
from reference.datasets import ground_truth
from reference.datasets.pairs import find_pairs
from reference.datasets.registry import data_root, find_group
from reference.errors import BadInput, MissingExtra, WrongUsage
from reference.experiments.against_truth import CONDITIONS, photographed
from reference.experiments.benchmark import Record, Task, key_of
from reference.experiments.methods import find_methods
from reference.experiments.results import BenchmarkResult
from reference.experiments.scores import compare, follows, mean, mean_ranks, read_values, tidy
from reference.experiments.tables import benchmark_tables, write_results
from reference.files import sha256_of
from reference.images.files import read_image
from reference.jobs.page import as_html, as_markdown
from reference.jobs.parallel import DIED, cluster, finish, processes
from reference.metrics.catalogue import SURVEY, metric
from reference.metrics.score import scored_names
from tests.support.dying import break_down, murder
from tests.support.optional import needs, posix

FEW = "q_mi,q_w,q_cv"


def save(path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)


@pytest.fixture
def folder(tmp_path, rng):
    """Four small pairs, the last with truth."""
    for name in ("one", "two", "three", "four"):
        for side in ("a", "b"):
            save(tmp_path / "pairs" / f"{name}_{side}.png", rng.integers(0, 256, (48, 50, 3)).astype(np.uint8))
    return tmp_path / "pairs"


@pytest.fixture
def in_threads(monkeypatch):
    """Threads in place of processes, which take seconds to start."""
    monkeypatch.setattr("reference.jobs.parallel.processes", ThreadPoolExecutor)


@pytest.fixture
def run(tmp_path, folder, capsys):
    """Runs `parfocal benchmark` on the small pairs; returns exit code, stdout, stderr."""

    def go(*options, methods="average,gff", metrics=FEW):
        arguments = ["--pairs", folder, "--methods", methods, "--metrics", metrics, "--out", tmp_path / "out", *options]
        return main(["benchmark", *map(str, arguments)]), *capsys.readouterr()

    return go


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


# Pairs


@pytest.mark.parametrize(
    "names",
    [
        ["x_a.png", "x_b.png", "y_a.png", "y_b.png", "y_truth.png"],
        ["x-A.jpg", "x-B.jpg", "y-A.jpg", "y-B.jpg", "y-gt.jpg"],
        ["x/1.tif", "x/2.tif", "y/1.tif", "y/2.tif", "y/GT.tif"],
    ],
)
def test_pairs_of_a_folder(tmp_path, names):
    for name in names:
        save(tmp_path / name, np.zeros((16, 16), np.uint8))
    first, second = find_pairs(str(tmp_path))
    assert (first.name, second.name) == ("x", "y")
    assert [path and path.relative_to(tmp_path).as_posix() for path in (*first[1:3], first.truth)] == [*names[:2], None]
    assert second.truth == tmp_path / names[4]


def test_pairs_by_a_pattern(tmp_path):
    for name in ("near 1 of cup.png", "near 2 of cup.png", "cup_a.png"):
        save(tmp_path / name, np.zeros((16, 16), np.uint8))
    (pair,) = find_pairs(str(tmp_path), pattern="near {side} of {pair}.png")
    assert (pair.name, pair.image_b.name) == ("cup", "near 2 of cup.png")


def test_pairs_of_a_table(tmp_path):
    (tmp_path / "pairs.csv").write_text("pair,a,b,truth\ncup,1.png,sub/2.png,\nbook,3.png,4.png,5.png\n")
    cup, book = find_pairs(str(tmp_path / "pairs.csv"))
    assert (cup.image_b, cup.truth, book.truth) == (tmp_path / "sub" / "2.png", None, tmp_path / "5.png")


@pytest.mark.parametrize("name", ["truth", "physical"])
def test_pairs_that_test_are_files_of_what_evaluate_measures(tmp_path, monkeypatch, name):
    if not find_group("cid22_validation"):
        pytest.skip("not here: parfocal fetch cid22_validation")
    scene = (ground_truth.scenes if name == "truth" else ground_truth.physical_scenes)("test")[0]
    for function in ("scenes", "physical_scenes"):
        monkeypatch.setattr(ground_truth, function, lambda role: [scene] if role == "test" else [])
    monkeypatch.setattr(ground_truth, "cache_folder", lambda: tmp_path)
    (pair,) = find_pairs(name)
    assert pair.name == scene.name
    made = ground_truth.make_pair(scene)
    expected = *photographed(made, CONDITIONS["clean"], scene.seed), np.round(255 * made.truth) / 255
    for path, image in zip((pair.image_a, pair.image_b, pair.truth), expected, strict=True):
        assert tmp_path in path.parents
        np.testing.assert_allclose(read_image(path).pixels, image, rtol=0, atol=1e-12)


def test_embedded_pairs_have_truth():
    assert [pair.truth.exists() for pair in find_pairs("embedded")] == [True] * 6


@pytest.mark.parametrize(
    ("files", "pattern", "says"),
    [
        (["x_a.png"], None, "x_a.png: without a partner"),
        (["x.png"], None, "holds no pairs: their names are to be like"),
        (["x_a.png", "x_b.png", "x-b.png"], None, "are both image b of x"),
        (["x_a.png"], "{pair}.png", "must hold"),
    ],
)
def test_folders_without_clear_pairs(tmp_path, files, pattern, says):
    for name in files:
        save(tmp_path / name, np.zeros((16, 16), np.uint8))
    with pytest.raises((BadInput, WrongUsage), match=says):
        find_pairs(str(tmp_path), **({"pattern": pattern} if pattern else {}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pair,a,b\nx,1.png,\n", "line 2: pair is 'x', a is '1.png', b is ''"),
        ("pair;a;b\n", "has no column a"),
        ("pair,a,b\n", "holds no pairs"),
        ("pair,a,b\nx,1.png,2.png\nx,1.png,2.png\n", "names x more than once"),
        (b"\xff\xfe\x00", "is no CSV file"),
    ],
)
def test_tables_without_clear_pairs(tmp_path, text, says):
    (tmp_path / "pairs.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadInput, match=says):
        find_pairs(str(tmp_path / "pairs.csv"))


def test_sets_that_are_not_here(tmp_path, monkeypatch):
    monkeypatch.setattr("reference.datasets.registry.cache_folder", lambda: tmp_path)
    monkeypatch.delenv("PARFOCAL_DATA", raising=False)
    with pytest.raises(MissingExtra, match="parfocal fetch lytro"):
        find_pairs("lytro")
    with pytest.raises(WrongUsage, match="no folder, no CSV file and none of the sets embedded"):
        find_pairs("nowhere")
    with pytest.raises(MissingExtra, match="parfocal fetch survey_scores"):
        read_values("survey")
    with pytest.raises(MissingExtra, match="parfocal fetch lytro_results survey_results"):
        find_methods(["survey:cnn"], find_pairs("embedded"))


# Methods


def test_methods_by_name_folder_and_pattern(folder, tmp_path):
    pairs = find_pairs(str(folder))
    for name in ("one", "two_fused"):
        save(tmp_path / "lab" / f"{name}.png", np.full((48, 50, 3), 7, np.uint8))
    specifications = ["average", "small:best", str(tmp_path / "lab"), f"mine={tmp_path}/lab/{{pair}}_fused.png"]
    plain, network, lab, mine = find_methods(specifications, pairs)
    assert [method.name for method in (plain, network, lab, mine)] == ["average", "small:best", "lab", "mine"]
    by_name = {pair.name: pair for pair in pairs}
    assert [lab.has(by_name[name]) for name in ("one", "two", "three")] == [True, True, False]
    assert [mine.has(by_name[name]) for name in ("one", "two")] == [False, True]
    assert lab.fused(by_name["two"]).max() == 7
    a, b = (np.asarray(Image.open(path)).astype(int) for path in by_name["one"][1:3])
    assert np.abs(plain.fused(by_name["one"]) - (a + b) / 2).max() <= 0.5


def test_methods_that_do_not_exist(folder, tmp_path):
    pairs = find_pairs(str(folder))
    for specification in ("nonsense", "enhanced:nonsense", "survey:dwt"):
        with pytest.raises(WrongUsage, match=f"no method and no folder {specification}"):
            find_methods([specification], pairs)
    with pytest.raises(WrongUsage, match="two methods are called average"):
        find_methods(["average", "average"], pairs)
    with pytest.raises(BadInput, match="holds no result for any pair"):
        find_methods([str(folder.parent)], pairs)
    for name in ("one_x.png", "one_y.png"):
        save(tmp_path / "lab" / name, np.zeros((16, 16), np.uint8))
    with pytest.raises(BadInput, match="could both be the result for one"):
        find_methods([str(tmp_path / "lab")], pairs)
    with pytest.raises(WrongUsage, match="must hold"):
        find_methods(["mine=lab.png"], pairs)


# Statistics


def example():
    """Three methods on five images, worked out by hand: B best everywhere, A before C but for one image."""
    values = {"A": [3, 3, 3, 3, 1], "B": [5, 5, 5, 5, 5], "C": [1, 1, 1, 1, 3]}
    scores = [
        (method, f"p{n}", name, sign * value)
        for method, of_method in values.items()
        for n, value in enumerate(of_method)
        for name, sign in (("q_mi", 1), ("q_cv", -1))
    ]
    return tidy(scores), [f"p{n}" for n in range(5)]


def test_ranks_and_tests_by_hand():
    scores, pairs = example()
    assert mean_ranks(scores, ["q_mi"], pairs) == mean_ranks(scores, ["q_cv"], pairs) == {"B": 1, "A": 2, "C": 3}
    found = compare(scores, "q_mi", pairs)
    assert found.mean_ranks == {"A": 2.2, "B": 1.0, "C": 2.8}
    # chi2 = 12 . 5 / (3 . 4) ((2.2 - 2)^2 + 1 + .8^2) = 8.4, two degrees of freedom: p = exp(-4.2)
    assert found.p == pytest.approx(np.exp(-4.2))
    # Demsar 2006, table 5: q = 2.343 for three methods at 5 %; CD = q sqrt(3 . 4 / (6 . 5))
    assert found.critical_difference == pytest.approx(2.343 * np.sqrt(0.4), abs=1e-3)
    assert found.best == "B"
    assert found.like_the_best() == ["A"]
    assert found.nemenyi["B"]["C"] < 0.05 < found.nemenyi["B"]["A"]


def test_following_truth_by_hand():
    """Q_MI orders A, B, C as PSNR on one image, the other way round on the next; Q_CV (lower is better) on both."""
    scores = tidy(
        (method, pair, name, 5 + signed * value)
        for pair, sign in (("p0", 1), ("p1", -1))
        for value, method in enumerate("ABC", 1)
        for name, signed in (("psnr", 1), ("q_mi", sign), ("q_cv", -1), ("q_g", 0))
    )
    assert follows(scores, "q_mi", "psnr", ["p0"]) == pytest.approx(1)
    assert follows(scores, "q_mi", "psnr", ["p0", "p1"]) == pytest.approx(0)
    assert follows(scores, "q_cv", "psnr", ["p0", "p1"]) == pytest.approx(1)
    assert follows(scores, "q_g", "psnr", ["p0", "p1"]) is None  # always the same


def test_two_methods_are_tested_too():
    """Wilcoxon: A above C by 2 on four images and below by 2 on the fifth; the ranks of 2, 2, 2, 2, -2 all tie."""
    scores, pairs = example()
    scores = scores[scores["method"] != "B"]
    found = compare(scores, "q_mi", pairs)
    assert found.mean_ranks == {"A": 1.2, "C": 1.8}
    assert found.p == pytest.approx(wilcoxon([2, 2, 2, 2, -2]).pvalue)
    result = BenchmarkResult(pairs, scores, [], "")
    assert result.difference("C", "A", "q_mi").value == pytest.approx(-1.2)
    assert "Differences from A" in as_markdown("t", [], benchmark_tables(result))


def test_methods_that_lack_a_pair_are_not_ranked():
    scores, pairs = example()
    scores = scores[(scores["method"] != "B") | (scores["pair"] != "p0")]
    assert mean_ranks(scores, ["q_mi"], pairs) == {"A": 1, "C": 2}
    assert set(compare(scores, "q_mi", pairs).mean_ranks) == {"A", "C"}
    assert mean_ranks(scores, ["q_mi", "q_cv"], pairs) == {"A": 1, "C": 2}
    result = BenchmarkResult(pairs, scores, [], "")
    assert result.order() == ["A", "C", "B"]
    assert result.means["B"]["q_mi"].n == 4


def test_a_confidence_interval_by_hand():
    """t = 2.776 for four degrees of freedom at 95 %."""
    found = mean(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert found.high - found.value == pytest.approx(2.776 * np.sqrt(2.5 / 5), abs=1e-3)
    assert np.isnan(mean(np.array([1.0])).low)


def test_tables_escape_what_names_may_hold():
    scores = tidy([("<b>|x", "p", "q_mi", 1.0)])
    found = benchmark_tables(BenchmarkResult(["p"], scores, [Record("p", "y", error="a|b <c>")], ""))
    assert "<b>|x" not in as_html("t", [], found)
    assert "&lt;b&gt;|x" in as_html("t", [], found)
    assert "| &lt;b&gt;\\|x |" in as_markdown("t", [], found)


def test_names_are_no_formulas_where_a_spreadsheet_opens_the_tables(tmp_path):
    names = ["=1+1", "+x", "-y", "@z", "plain"]
    scores = tidy((name, f"={name}", "q_mi", -0.5) for name in names)
    write_results(BenchmarkResult([f"={name}" for name in names], scores, [], ""), "t", [], [], tmp_path)
    cells = [cell for row in rows(tmp_path / "scores.csv") for cell in (row["pair"], row["method"])]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert read_values(str(tmp_path / "scores.csv")).equals(scores)  # and read as they were


# The command


@pytest.mark.slow
def test_benchmark_writes_tables_and_keeps_results(run, tmp_path, folder):
    code, out, err = run("--jobs", "2")
    assert code == 0
    assert "| gff |" in out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "kept.jsonl", "scores.csv", "summary.csv", "benchmark.json", "benchmark.md", "benchmark.html",
    }  # fmt: skip
    values = {
        (row["pair"], row["method"], row["metric"]): float(row["value"]) for row in rows(tmp_path / "out/scores.csv")
    }
    assert len(values) == 4 * 2 * 3
    record = json.loads((tmp_path / "out/benchmark.json").read_text())
    of_gff = record["methods"]["gff"]
    expected = np.mean([values[name, "gff", "q_w"] for name in record["pairs"]])
    assert of_gff["means"]["q_w"]["value"] == pytest.approx(expected)
    assert record["time_and_memory"]["gff"]["s"] > 0
    before = (tmp_path / "out/kept.jsonl").read_text()
    save(folder / "two_a.png", np.zeros((48, 50, 3), np.uint8))  # another image: its results are out of date
    code, _, err = run("--jobs", "2")
    assert code == 0
    assert "6 of 8 results are kept" in err
    added = (tmp_path / "out/kept.jsonl").read_text().removeprefix(before).splitlines()
    assert len(added) == 2
    assert all(sha256_of(folder / "two_a.png") in line for line in added)


@pytest.mark.usefixtures("in_threads")
@pytest.mark.slow
def test_results_of_others_are_set_beside(run, tmp_path, rng):
    for name in ("one", "two", "three", "four"):
        save(tmp_path / "lab" / f"{name}.png", rng.integers(0, 256, (48, 50, 3)).astype(np.uint8))
    (tmp_path / "theirs.csv").write_text(
        "pair,method,metric,value\n"
        + "".join(f"{n},theirs,q_mi,1.5\n" for n in ("one", "two", "three", "four", "five"))
    )
    code, out, _ = run("--values", tmp_path / "theirs.csv", "--json", methods=f"average,{tmp_path}/lab")
    assert code == 0
    record = json.loads(out)
    assert list(record["methods"]) == ["average", "lab", "theirs"]
    assert record["methods"]["theirs"]["means"]["q_mi"] == {"value": 1.5, "low": 1.5, "high": 1.5, "n": 4}
    assert record["methods"]["theirs"]["ranks"] == {"q_mi": 1.0}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pair,method,metric,value\nx,y,q_xyz,1\n", "line 2: q_xyz is no metric"),
        ("pair,method,metric,value\nx,y,q_mi,much\n", "is no table of pair, method, metric, value"),
        ("hello", "has no column method"),
        ("pair,method,metric,value\n", "holds no values"),
    ],
)
def test_values_that_are_none(tmp_path, text, says):
    (tmp_path / "v.csv").write_text(text)
    with pytest.raises(BadInput, match=says):
        read_values(str(tmp_path / "v.csv"))


@pytest.mark.usefixtures("in_threads")
@pytest.mark.slow
def test_a_pair_that_fails_is_reported_and_the_rest_goes_on(run, tmp_path, folder):
    whole = (folder / "two_b.png").read_bytes()
    (folder / "two_b.png").write_bytes(whole[: len(whole) // 2])
    save(folder / "three_truth.png", np.zeros((20, 20), np.uint8))
    code, _, err = run()
    assert code == 3
    assert "two, average: " in err
    assert "is not a readable image" in err
    assert "three, gff: its truth is 20 x 20 pixels, but image a is 50 x 48" in err
    assert "4 of 8 results could not be scored" in err
    record = json.loads((tmp_path / "out/benchmark.json").read_text())
    assert len(record["failures"]) == 4
    assert record["methods"]["average"]["pairs"] == 2
    assert record["pairs"] == ["four", "one"]  # the others cannot be compared, and take no ranks away
    assert record["methods"]["average"]["ranks"]
    assert "What went wrong" in (tmp_path / "out/benchmark.html").read_text()
    (folder / "two_b.png").write_bytes(whole)
    (folder / "three_truth.png").unlink()
    code, _, err = run()
    assert code == 0
    assert "4 of 8 results are kept" in err


@pytest.mark.usefixtures("in_threads")
@pytest.mark.slow
def test_a_record_that_someone_damaged_is_made_again(run, tmp_path):
    run()
    path = tmp_path / "out/kept.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(["", "[]", '{"key": 1}', *lines[3:], '{"code": "']))
    code, _, err = run()
    assert code == 0
    assert "5 of 8 results are kept" in err


@pytest.mark.usefixtures("in_threads")
@pytest.mark.slow
def test_other_metrics_are_added_to_what_is_kept(run, tmp_path):
    run(metrics="q_mi,q_w")
    code, out, err = run(metrics="Q_W,q_cv")
    assert code == 0
    assert "| Q_W | Q_CV" in out
    assert "Q_MI" not in out.split("| method")[1]
    code, _, err = run(metrics="q_cv,q_mi")
    assert "8 of 8 results are kept" in err
    last = json.loads((tmp_path / "out/kept.jsonl").read_text().splitlines()[-1])
    assert set(last["value"]["scores"]) == {"q_mi", "q_w", "q_cv"}


@pytest.mark.usefixtures("in_threads")
@pytest.mark.slow
def test_what_changed_is_made_again(run, tmp_path, folder, rng):
    for name in ("one", "two", "three", "four"):
        save(tmp_path / "lab" / f"{name}.png", rng.integers(0, 256, (48, 50, 3)).astype(np.uint8))
    lab = f"average,{tmp_path}/lab"
    run(methods=lab)
    save(tmp_path / "lab" / "one.png", np.zeros((48, 50, 3), np.uint8))  # another result
    assert "7 of 8 results are kept" in run(methods=lab)[2]
    save(folder / "two_truth.png", np.zeros((48, 50, 3), np.uint8))  # now there is a truth
    assert "6 of 8 results are kept" in run(methods=lab)[2]
    pairs = find_pairs(str(folder))
    paper, best, average = find_methods(["small", "small:best", "average"], pairs)
    assert len({str(key_of(pairs[0], method)) for method in (paper, best, average)}) == 3


@pytest.mark.usefixtures("in_threads")
@pytest.mark.slow
def test_a_metric_that_cannot_be_computed_costs_only_itself(run, tmp_path, folder, rng):
    for side in "ab":
        save(folder / f"five_{side}.png", rng.integers(0, 256, (30, 30)).astype(np.uint8))
    code, _, err = run(metrics="q_mi,q_viff")
    assert code == 0, err  # what needs larger images is left out
    record = json.loads((tmp_path / "out/benchmark.json").read_text())
    assert record["methods"]["gff"]["means"]["q_mi"]["n"] == 5
    assert record["methods"]["gff"]["ranks"].keys() == {"q_mi"}


def test_any_exception_is_the_results_own(monkeypatch):
    """Torch, for one, says RuntimeError when there is no memory left."""
    pair = find_pairs("embedded")[2]
    (method,) = find_methods(["average"], [pair])

    def no_memory(self, pair):
        raise RuntimeError("not enough memory\nmore of it")

    monkeypatch.setattr(type(method), "fused", no_memory)
    assert Task(pair, method, ("q_mi",)).do().error == "not enough memory"


@pytest.mark.slow
@pytest.mark.usefixtures("in_threads")
def test_values_that_are_nan_are_missing(run, tmp_path):
    names = ("one", "two", "three", "four")
    rows = "".join(f"{name},theirs,q_mi,{'nan' if name == 'two' else 1.5}\n" for name in names)
    (tmp_path / "v.csv").write_text("pair,method,metric,value\n" + rows)
    code, out, err = run("--values", tmp_path / "v.csv", "--json")
    assert code == 0
    assert "1 values are NaN, and taken as missing" in err
    assert "theirs has no score of two" in err
    record = json.loads(out, parse_constant=pytest.fail)
    assert set(record["methods"]["average"]["ranks"]) == {"q_mi", "q_w", "q_cv"}
    assert record["methods"]["theirs"]["ranks"] == {}


@pytest.mark.usefixtures("in_threads")
def test_values_of_a_method_that_is_computed_too_are_refused(run, tmp_path):
    (tmp_path / "v.csv").write_text("pair,method,metric,value\none,average,q_mi,99\n")
    code, _, err = run("--values", tmp_path / "v.csv")
    assert code == 2
    assert "has values of average, which is a method here too" in err


@pytest.mark.usefixtures("in_threads")
def test_requests_for_nothing_are_usage(run):
    assert run(methods="")[0] == 2
    assert run(metrics="psnr")[0] == 2


@pytest.mark.usefixtures("in_threads")
def test_infinite_psnr_and_ties(run, tmp_path, folder, rng):
    for name in ("one", "two", "three", "four"):
        image = rng.integers(0, 256, (48, 50, 3)).astype(np.uint8)
        for path in (folder / f"{name}_truth.png", tmp_path / "x" / f"{name}.png", tmp_path / "y" / f"{name}.png"):
            save(path, image)
    code, out, _ = run("--json", methods=f"average,{tmp_path}/x,{tmp_path}/y", metrics="psnr,q_mi")
    assert code == 0
    record = json.loads(out, parse_constant=pytest.fail)
    assert record["methods"]["x"]["values"]["one"]["psnr"] == "inf"
    assert record["methods"]["x"]["ranks"]["psnr"] == 1.5
    assert (tmp_path / "out/benchmark.md").read_text().count("**inf**") == 2


def test_a_result_belongs_to_the_longest_name(tmp_path):
    pair = find_pairs("embedded")[0]
    pairs = [pair._replace(name=name) for name in ("scene", "scene_2")]
    save(tmp_path / "lr=0.1" / "scene_2.png", np.zeros((16, 16), np.uint8))
    (method,) = find_methods([str(tmp_path / "lr=0.1")], pairs)
    assert list(method.files) == ["scene_2"]


@pytest.mark.usefixtures("in_threads")
def test_all_pairs_failing_leaves_a_report(run, folder):
    for path in folder.iterdir():
        path.write_text("no image")
    code, _, err = run()
    assert code == 3
    assert "8 of 8 results could not be scored" in err


# Workers


def tasks_named(names, tmp_path):
    pair = find_pairs("embedded")[0]
    return [
        Task(pair._replace(name=name, truth=tmp_path / name), find_methods(["average"], [])[0], ()) for name in names
    ]


@posix
@pytest.mark.slow
def test_a_killed_process_costs_only_what_kills_again(tmp_path, monkeypatch):
    monkeypatch.setattr("reference.jobs.parallel.do_task", murder)
    names = ["a", "once", "b", "always", "c", "d"]
    records = {record.pair: record for record in finish(tasks_named(names, tmp_path), processes, 2)}
    assert set(records) == set(names)
    assert {name: record.error for name, record in records.items() if record.error} == {"always": DIED}


@pytest.mark.slow
def test_processes_that_cannot_start_are_an_end(tmp_path):
    """Not a loop without end."""

    def pool(jobs):
        return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), break_down)

    records = list(finish(tasks_named(["a", "b"], tmp_path), pool, 1))
    assert [record.error for record in records] == [DIED, DIED]


@posix
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_goes_on_when_a_worker_is_killed(mortal_workers, tmp_path, monkeypatch):
    monkeypatch.setattr("reference.jobs.parallel.do_task", murder)
    names = ["a", "once", "b", "always", "c", "d"]
    found = finish(tasks_named(names, tmp_path), cluster(mortal_workers.scheduler_address), 8)
    records = {record.pair: record for record in found}
    assert {name: record.error for name, record in records.items() if record.error} == {"always": DIED}
    assert set(records) == set(names)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_same_tables_from_a_cluster(two_workers, run, tmp_path):
    code, _, err = run("--scheduler", two_workers.scheduler_address)
    assert code == 0, err
    by_cluster = rows(tmp_path / "out/scores.csv")
    assert run("--out", tmp_path / "again")[0] == 0
    assert rows(tmp_path / "again/scores.csv") == by_cluster


@pytest.mark.slow
def test_a_cluster_that_is_not_there(run, monkeypatch):
    needs("distributed")
    monkeypatch.setattr("reference.jobs.parallel.PATIENCE", "1s")
    code, _, err = run("--scheduler", "tcp://127.0.0.1:9")
    assert code == 3
    assert "no scheduler answers at tcp://127.0.0.1:9" in err
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = run("--scheduler", "tcp://127.0.0.1:9")
    assert code == 4
    assert "pip install 'parfocal[cluster]'" in err


@posix
@pytest.mark.slow
def test_a_full_disk_loses_nothing(run, tmp_path):
    """A limit on the size of files stands for a full disk: records are small enough, the tables are not."""
    script = (
        "import resource, signal, sys; from reference.cli import main;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1)); sys.exit(main(sys.argv[2:]))"
    )
    arguments = ["benchmark", "--pairs", tmp_path / "pairs", "--methods", "average,gff", "--metrics", FEW, "--out",
                 tmp_path / "out"]  # fmt: skip
    command = [sys.executable, "-c", script]
    command += ["5000", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3
    assert "File too large" in done.stderr
    assert len(done.stderr.split("parfocal: ")) == 2
    assert "Traceback" not in done.stderr
    left = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not [path for path in left if "partial" in path.name]
    assert len((tmp_path / "out/kept.jsonl").read_text().splitlines()) == 8
    code, _, err = run()
    assert code == 0
    assert "8 of 8 results are kept" in err


@posix
@pytest.mark.slow
@pytest.mark.parametrize("after_the_first", [False, True])
def test_an_interrupt_loses_nothing(tmp_path, folder, after_the_first):
    """To the whole group, as a terminal sends it: while the processes start, or while they work."""
    arguments = ["benchmark", "--pairs", folder, "--methods", "average,gff,gfdf", "--metrics", "fast", "--out",
                 tmp_path / "out"]  # fmt: skip
    command = [sys.executable, "-m", "reference", *map(str, arguments)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    start = time.monotonic()
    while time.monotonic() < start + 60:
        if (tmp_path / "out/kept.jsonl").exists() if after_the_first else (tmp_path / "out").exists():
            break
        time.sleep(0.05)
    time.sleep(0 if after_the_first else 1.0)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not [path for path in (tmp_path / "out").rglob("*") if "partial" in path.name]
    kept = tmp_path / "out/kept.jsonl"
    lines = kept.read_text().splitlines() if kept.exists() else []
    assert all(json.loads(line)["value"]["scores"] for line in lines)
    assert lines or not after_the_first


def test_a_task_measures_and_scores():
    pair = find_pairs("embedded")[2]
    record = Task(pair, find_methods(["average"], [pair])[0], ("psnr", "q_mi")).do()
    assert record.error == ""
    assert record.scores["psnr"] == pytest.approx(30.31, abs=0.005)  # as data/README.md says
    assert record.seconds > 0
    assert record.peak_mib is None or record.peak_mib > 1


# The survey


@pytest.mark.matlab
@pytest.mark.slow
@pytest.mark.usefixtures("in_threads")
def test_published_images_give_the_published_values(tmp_path, capsys):
    """Through the command: every value of GFF; those of all published images are in tests/metrics/test_metrics.py."""
    if not find_group("survey_results") or not find_group("survey_gray") or not find_group("survey_scores"):
        pytest.skip("not here: parfocal fetch survey_gray survey_results survey_scores")
    arguments = ["--pairs", "survey_gray", "--methods", "survey:gff", "--values", "survey", "--metrics", "survey"]
    assert main(["benchmark", *arguments, "--json", "--out", str(tmp_path)]) == 0
    record = json.loads(capsys.readouterr().out)["methods"]
    assert len(record) == 18 + 1
    images, values = (record[f"gff (published {kind})"]["values"] for kind in ("images", "values"))
    assert len(images) == 5
    for name in SURVEY:
        exact = 5e-3 if name == "q_y" else 2e-5
        assert {p: of[name] for p, of in images.items()} == pytest.approx(
            {p: values[p][name] for p in images}, rel=exact
        )


# One image


def test_score_prints_and_gives_json(capsys, tmp_path):
    folder = data_root() / "samples" / "camera_grass"
    arguments = ["score", *(str(folder / f"{name}.png") for name in ("truth", "a", "b"))]
    assert main([*arguments, "--metrics", "survey"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()] == [
        "metric", "Q_MI", "Q_NCIE", "Q_G", "Q_P", "Q_E", "Q_Y", "Q_CV", "Q_CB",
    ]  # fmt: skip
    assert main([*arguments, "--truth", str(folder / "truth.png"), "--metrics", "psnr,ssim", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["scores"] == {"psnr": "inf", "ssim": 1.0}
    assert record["files"]["fused"] == record["files"]["truth"]


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["{truth}", "{a}", "nowhere.png"], 3, "nowhere.png does not exist"),
        (["{small}", "{a}", "{b}"], 3, "a.png is 341 x 259 pixels, but "),
        (["{small}", "{small}", "{small}", "--metrics", "q_viff"], 3, "sides of 41 or more"),
    ],
)
def test_score_refuses_in_one_sentence(capsys, tmp_path, options, code, says):
    folder = data_root() / "samples" / "camera_grass"
    save(tmp_path / "small.png", np.zeros((20, 20), np.uint8))
    paths = {name: folder / f"{name}.png" for name in ("truth", "a", "b")} | {"small": tmp_path / "small.png"}
    assert main(["score", *(option.format(**paths) for option in options)]) == code
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_a_small_image_loses_the_metrics_that_need_more_pixels(capsys, tmp_path, rng):
    paths = [tmp_path / f"{name}.png" for name in "fab"]
    for path in paths:
        save(path, rng.integers(0, 256, (40, 40)).astype(np.uint8))
    assert main(["score", *map(str, paths)]) == 0
    out, err = capsys.readouterr()
    symbols = [line.split("  ")[0] for line in out.splitlines()[1:]]
    told = {line.split(":")[0]: line for line in err.splitlines()[:-1]}
    assert set(told) == {"MS-SSIM", "MEF-SSIM", "Q_VIFF", "VIFp"}
    assert "sides of 41 or more" in told["Q_VIFF"]
    assert symbols == [symbol for name in scored_names(None, False) if (symbol := metric(name).symbol) not in told]


def test_score_adds_truth_to_any_selection(capsys):
    folder = data_root() / "samples" / "camera_grass"
    arguments = ["score", *(str(folder / f"{name}.png") for name in ("truth", "a", "b"))]
    assert main([*arguments, "--truth", str(folder / "truth.png"), "--metrics", "Q_W,q_w"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["metric", "PSNR", "SSIM", "Q_W"]
    assert main([*arguments, "--metrics", "q_w,psnr"]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == ["metric", "Q_W"]
    assert err.startswith("psnr is left out: it compares with the truth, which --truth gives\n")
    assert main([*arguments, "--metrics", "psnr"]) == 2
    assert "psnr compares with the truth: give --truth" in capsys.readouterr().err


def test_unknown_metrics_are_usage(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["score", "f", "a", "b", "--metrics", "q_xyz"])
    assert "there is no metric q_xyz" in capsys.readouterr().err
