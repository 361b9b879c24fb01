"""The paper's evidence: claims, Table 1 and its protocol, figures drawn from what they show, the maps of the paper."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_compat import im2uint8, imresize, piqe
from reference.datasets.pairs import embedded_pairs
from reference.experiments.lytro import columns
from reference.images.files import read_image
from reference.methods.baselines import average
from reference.network.enhanced import EnhancedConfig, EnhancedNetwork
from reference.network.loading import load_network
from reference.network.summary import layers
from reference.parameters import PAPER
from reference.pipeline import fuse
from reference.report import failures as failing
from reference.report import table_1 as part_table_1
from reference.report.claims import (
    SAID,
    STATUSES,
    Expectation,
    cells,
    expectations,
    first_screen,
    judge,
    statements,
    summary,
    verdict,
)
from reference.report.contributions import contributions, recorded
from reference.report.figures import figure_1, figure_2, figure_3
from reference.report.figures.figure_3 import close_up
from reference.report.figures.save import save_figure
from reference.report.paper_map import PAPER_MAP, deviations
from reference.report.protocols import shifted
from reference.report.table_1 import OTHERS, PRINTED, ROWS, bias, draw, table_1, with_truth
from reference.steps.arrays import score_shape
from reference.steps.table import STEPS
from tests.support.networks import TINY
from tests.support.rules import Fixed, LocalEnergy

TESTS = Path(__file__).parents[1]
ONE = Expectation("x", "Table 1", "PSNR", "29.61", kind="paper")


@pytest.fixture
def colour(rng):
    """Noise in whole gray levels: another image with every call."""
    return lambda *shape: np.round(rng.random((*shape, 3)) * 255) / 255


# -- claims


@pytest.mark.parametrize(
    ("rule", "expected", "tolerance", "measured", "holds"),
    [
        ("as printed", "29.61", 0.0, 29.6149, True),
        ("as printed", "29.61", 0.0, 29.593, False),
        ("as printed", "7.5", 0.0, 7.5386, True),
        ("as printed", "7.5", 0.0, 7.5501, False),
        ("at least", "3.0", 0.0, 3.0, True),
        ("at least", "3.0", 0.0, 2.99, False),
        ("at most", "3.0", 0.0, 3.0, True),
        ("at most", "3.0", 0.0, 3.01, False),
        ("within", "2.0", 0.1, 2.09, True),
        ("within", "2.0", 0.1, 1.89, False),
    ],
)
def test_a_claim_is_judged_by_its_rule(rule, expected, tolerance, measured, holds):
    claim = judge(replace(ONE, rule=rule, expected=expected, tolerance=tolerance), measured)
    assert claim.status == ("reproduced" if holds else "differs")
    assert claim.changed is not holds
    assert bool(claim.why) is not holds


def test_what_cannot_be_reproduced_says_why_and_what_is_missing_has_not_moved():
    known = replace(ONE, because="nobody has the file", recorded="not reproducible")
    claim = judge(known, 29.0)
    assert (claim.status, claim.changed) == ("not reproducible", False)
    assert claim.why == "29.00 is not 29.61: nobody has the file"
    assert judge(known, 29.61).changed  # for the better is a move too
    absent = judge(ONE, None, "not here: parfocal fetch children")
    assert (absent.status, absent.changed, absent.why) == ("not checked", False, "not here: parfocal fetch children")
    claims = [claim, absent, judge(ONE, 29.0)]
    assert [one for one in claims if one.changed] == claims[2:]
    count = {"reproduced": 0, "differs": 1, "not reproducible": 1, "not checked": 1}
    assert summary(claims)["count"] == summary(claims)["by_kind"]["paper"] == count
    assert not any(summary(claims)["by_kind"]["regression"].values())


def test_every_printed_number_of_table_1_is_a_claim():
    found = expectations()
    assert len({one.id for one in found}) == len(found)
    of_table = [one.expected for one in found if one.place == "Table 1"]
    assert of_table == [printed for row in PRINTED.values() for printed in row.values()]
    assert all(one.because for one in found if one.recorded == "not reproducible")
    of_pairs = [one.id for one in found if one.id.startswith("embedded/")]
    assert of_pairs == [f"embedded/{pair.name}" for pair in embedded_pairs()]


def test_every_row_says_what_kind_it_is():
    kinds = {one.id: one.kind for one in expectations()}
    assert {name.split("/")[0] for name, kind in kinds.items() if kind == "as printed"} == {"method"}
    assert {name.split("/")[0] for name, kind in kinds.items() if kind == "regression"} == {
        "baseline", "embedded", "children", "lytro"
    }  # fmt: skip
    recorded = {one.id for one in expectations() if one.source == "recorded"}
    assert recorded == {"contribution/3/lytro", "contribution/3/liu", "abstract/pyramid", "section_3_1_3/guided_filter"}


def judged(**values):
    return [judge(one, values.get(one.id.replace("/", "_")), "not here") for one in expectations()]


def test_the_first_screen_has_a_verdict_and_eight_cells():
    without = judged()
    assert "was not checked" in verdict(without)[0]
    assert "--fetch" in verdict(without)[1]
    found = judged(
        table_1_liu_piqe=35.559, table_1_liu_psnr=29.593, table_1_liu_ssim=0.6722, table_1_liu_entropy=7.5386
    )
    assert "1 of its 8" not in verdict(found)[0]
    assert "2 of its 8 cells can be reproduced" in verdict(found)[0]
    shown = cells(found)["Yu Liu et al."]
    assert [(cell.printed, cell.measured, cell.status) for cell in shown] == [
        ("38.5", "35.6", "not reproducible"), ("29.61", "29.59", "differs"), ("0.67", "0.67", "reproduced"),
        ("7.5", "7.5", "reproduced"),
    ]  # fmt: skip
    page = first_screen(found, "a note & more")
    assert page.count('class="not-checked"') == 4
    assert "a note &amp; more" in page
    assert all(f"{sign} {status}: {meaning}" in page for status, (sign, meaning) in STATUSES.items())


def test_every_statement_has_an_answer_and_a_claim_answers_by_its_status():
    rows = statements(judged(abstract_pyramid=-0.09)).rows
    assert all(cell for row in rows for cell in row)
    (pyramid,) = (row for row in rows if row[1] == "the Gaussian pyramid enhances edge detection")
    assert "not reproducible: -0.09, recorded" in pyramid[3]
    assert sum("not checked" in row[3] for row in rows) == sum("claim" in one for one in SAID) - 1


def test_what_is_recorded_answers_for_the_paper():
    record = {
        "truth": {"differences": {"clean": {"enhanced less liu2017": [-0.09, -0.16, -0.02]}}},
        "ablation": {
            "small, D2: 1 level, PAPER": {"difference": [0.3, 0, 1]}, "no guided filter": {"difference": [1.9, 1, 2]}
        },
    }  # fmt: skip
    assert recorded(record) == {
        "contribution/3/liu": -0.09, "abstract/pyramid": -0.3, "section_3_1_3/guided_filter": -1.9
    }  # fmt: skip
    assert recorded({}) == {}


# -- Table 1 and its protocol


@pytest.mark.matlab
def test_the_published_result_has_the_baseline_row(fetched):
    """To the digits that are known from MATLAB's own functions."""
    pair = fetched["children"]
    a, b, published = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.published))
    row = table_1(a, b, im2uint8(published), {})["Liu's published result"]
    assert {name: f"{row[name]:.{n}f}" for name, n in {"psnr": 3, "ssim": 4, "entropy": 4, "piqe": 3}.items()} == {
        "psnr": "29.593", "ssim": "0.6722", "entropy": "7.5386", "piqe": "35.559"
    }  # fmt: skip


def test_piqe_of_shifts_is_that_of_the_cuts(colour):
    image = im2uint8(colour(64, 80))
    found = shifted(image)
    assert found.values.shape == (8, 8)
    assert found.values[3, 7] == piqe(image[5:53, 16:80]).score
    assert found.summary["deviation"] == pytest.approx(found.values.std() * np.sqrt(64 / 63))
    assert found.whole == piqe(image).score


@pytest.mark.matlab
@pytest.mark.slow
def test_piqe_moves_more_by_a_shift_than_by_the_printed_gain(fetched):
    """As another program of the same function has it, which a reviewer ran."""
    found = shifted(im2uint8(read_image(fetched["children"].published).pixels)).summary
    assert {name: f"{value:.2f}" for name, value in found.items()} == {
        "mean": "39.72", "deviation": "2.49", "least": "33.79", "most": "45.80"
    }  # fmt: skip


def test_rows_of_table_1_need_their_network(colour):
    a, b = colour(40, 48), colour(40, 48)
    published = im2uint8(colour(40, 48))
    without = ["Liu's published result", *OTHERS]
    assert list(table_1(a, b, published, {})) == without
    rows = table_1(a, b, published, {"enhanced": LocalEnergy()})
    assert list(rows) == [*without, *(row.name for row in ROWS if row.network == "enhanced")]
    narrow, wide = (rows[f"enhanced, D5: window {window}, side B"]["psnr"] for window in (17, 33))
    assert rows["enhanced"]["psnr"] < narrow <= wide


@pytest.mark.slow
def test_with_truth_a_map_biased_towards_b_gains_by_table_1_and_loses_in_truth():
    pairs = [pair for pair in embedded_pairs() if pair.name == "camera_grass"]
    rows = {row: of["camera_grass"] for row, of in with_truth(pairs, {"enhanced": load_network("small")}).items()}
    assert rows["source B itself"]["psnr"] == np.inf
    fair, biased = rows["enhanced"], rows["enhanced, D5: window 33, side B"]
    assert biased["psnr"] > fair["psnr"]
    assert biased["ssim"] > fair["ssim"]
    assert biased["true_psnr"] < fair["true_psnr"] - 1


@pytest.mark.parametrize("winner", [0.0, 1.0])
def test_a_hard_map_keeps_all_noise_and_gains_nothing(winner):
    """The map is all A or all B: the result is a source with its noise, and no better than that source."""
    pair = next(pair for pair in embedded_pairs() if pair.name == "camera_grass")
    rule = Fixed(np.full(score_shape(read_image(pair.image_a).pixels.shape[:2]), winner))
    found = contributions(pair, rule)
    assert found.noise == pytest.approx(100, abs=1)
    assert found.size <= 0


def test_a_blend_leaves_less_noise(monkeypatch):
    pair = next(pair for pair in embedded_pairs() if pair.name == "cat_coffee")
    monkeypatch.setattr("reference.report.contributions.fuse", lambda a, b, network: average(a, b))
    found = contributions(pair, None)
    assert found.noise == pytest.approx(100 / np.sqrt(2), abs=1)
    assert found.size == pytest.approx(0)


def test_sizes_and_noise_of_the_contributions_are_what_they_say(monkeypatch):
    pair = next(pair for pair in embedded_pairs() if pair.name == "camera_grass")
    a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    fused = []
    watched = "reference.report.contributions.fuse"
    monkeypatch.setattr(watched, lambda a, b, network: fused.append((a, b)) or average(a, b))
    contributions(pair, None)
    (whole, enlarged), noisy = fused
    np.testing.assert_array_equal(whole, a)
    expected = np.clip(imresize(np.clip(imresize(b, 0.8), 0, 1), [*a.shape[:2]]), 0, 1)
    np.testing.assert_allclose(enlarged, expected, atol=1e-12)
    for clean, image in zip((a, b), noisy, strict=True):
        inside = (clean > 0.2) & (clean < 0.8)
        assert 255 * np.std((image - clean)[inside]) == pytest.approx(5, rel=0.05)


def test_improvements_are_parts_of_lius_value(monkeypatch):
    rows = {"Liu's published result": dict.fromkeys(PRINTED["Enhance model"], 40.0)}
    rows["enhanced"] = rows["Liu's published result"] | {"piqe": 30.0}
    monkeypatch.setattr(part_table_1, "table_1", lambda *arguments: rows)
    run = SimpleNamespace(children=(None, None, None), network=lambda name: None, save_numbers=lambda *numbers: None)
    assert part_table_1.part_table_1(run).measured["abstract/improvement/measured"] == 25


def test_pairs_that_ship_are_held_to_three_decibels():
    """As README and the tests of the results have it."""
    assert {one.expected for one in expectations() if one.id.startswith("embedded/")} == {"3.0"}


def test_the_curve_of_the_bias_is_of_maxima(colour):
    a, b = colour(48, 64), colour(48, 64)
    (point,) = (one for one in bias(a, b, LocalEnergy()) if (one["side"], one["window"]) == ("b", 17))
    fused = fuse(a, b, LocalEnergy(), replace(PAPER, pool_window=17, pool_p=1.0, pool_side="b"))
    assert {name: point[name] for name in ("piqe", "psnr", "ssim", "entropy")} == columns(
        im2uint8(fused.image), im2uint8(b)
    )


def test_the_curve_of_the_bias_goes_from_a_to_b(colour):
    a, b = colour(48, 64), colour(48, 64)
    points = bias(a, b, LocalEnergy())
    shares = [point["from_b"] for point in points]
    assert shares == sorted(shares)
    assert points[-1]["psnr"] > points[0]["psnr"] + 3
    (undecided,) = (point for point in points if point["window"] == 1)
    assert undecided["side"] == "b"
    figure = draw(points)
    assert [axes.get_xlabel() for axes in figure.axes[:2]] == ["PSNR to B, dB"] * 2


# -- figures


@pytest.mark.parametrize("levels", [1, 3])
def test_layers_are_those_of_the_network(levels):
    network = EnhancedNetwork(EnhancedConfig(**{**TINY, "levels": levels}))
    found = layers(network, 40, 36)
    assert sum(layer.parameters for layer in found) == sum(p.numel() for p in network.parameters())
    by_name = {layer.name: layer for layer in found}
    filters = TINY["filters"]
    assert by_name["convolution 1"].outputs == [(filters[0], -(-40 // 2**k), -(-36 // 2**k)) for k in range(levels)]
    assert by_name["convolution 5"].outputs[0] == (filters[4], 20, 18)
    assert by_name["output"].outputs == [(2, 13, 11)]
    assert by_name["concatenation"].outputs[0][0] == 4 * levels * filters[4]


def test_figure_1_has_a_word_for_every_layer():
    found = [layer._asdict() for layer in layers(EnhancedNetwork(EnhancedConfig(**TINY)), 32, 32)]
    (axes,) = figure_1.draw(found).axes
    words = "\n".join(text.get_text() for text in axes.texts)
    for layer in found:
        assert layer["name"].split()[0] in words
        for channels, height, width in layer["outputs"]:
            assert f"{height} x {width}" in words
            assert f"{channels}" in words
    assert f"{sum(layer['parameters'] for layer in found):,} parameters" in words


def test_figure_2_shows_the_maps_of_the_run(rng):
    values = {name: rng.random((30, 40)) for name in figure_2.PANELS}
    figure = figure_2.draw(values)
    assert len(figure.axes) == len(values)
    for axes, name in zip(figure.axes, values, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), values[name])


def test_figure_3_looks_where_the_sources_meet():
    a, b = np.zeros((200, 240)), np.ones((200, 240))
    decision_map = np.ones((200, 240))
    decision_map[40:60, 50:70] = 0.5
    window = figure_3.where_sources_meet(a, b, decision_map)
    assert window[0].start <= 40 < 60 <= window[0].stop
    assert window[1].start <= 50 < 70 <= window[1].stop
    figure = figure_3.draw({"image_a": a, "image_b": b, "GFF": a, "enhanced": b}, window)
    assert [axes.get_title() for axes in figure.axes][-4:] == ["A", "B", "GFF", "enhanced"]


@given(st.integers(1, 5), st.integers(0, 10**6))
def test_a_close_up_is_the_heaviest_window(side, seed):
    weight = np.random.default_rng(seed).integers(0, 5, (7, 9)).astype(float)
    rows, columns = close_up(weight, side)
    assert (rows.stop - rows.start, columns.stop - columns.start) == (side, side)
    sums = [weight[y : y + side, x : x + side].sum() for y in range(8 - side) for x in range(10 - side)]
    assert weight[rows, columns].sum() == max(sums)


@pytest.mark.slow
def test_failures_are_what_they_say():
    halo, small, flat, camera = failing.failures(load_network("small"))
    assert halo.numbers["psnr"] <= halo.numbers["psnr_true_map"] + 1 < 40
    assert small.numbers["right_pixels_lost_in_the_window"] > 100
    assert small.numbers["psnr_in_the_window"] < small.numbers["psnr_in_the_window_where_it_is_kept"] - 2
    assert flat.numbers["wrong_percent_in_the_window"] > flat.numbers["wrong_percent"]
    assert flat.numbers["mean_difference_of_a_and_b_there"] < 10
    assert camera.numbers["psnr"] < camera.numbers["psnr_registered"] - 5
    assert len(failing.draw([halo, small, flat, camera]).axes) == 28
    image_b = read_image(next(pair.image_b for pair in embedded_pairs() if pair.name == "cat_coffee")).pixels
    np.testing.assert_array_equal(camera.pictures["B"][:, 5:], image_b[:, :-5])
    assert "5 pixels to the right" in camera.what


def test_every_number_of_a_failure_has_its_unit(monkeypatch):
    numbers = {"psnr_in_the_window": 1.0, "wrong_percent": 2.0, "right_pixels_lost_in_the_window": 3.0}
    case = failing.Failure("halo", {}, (slice(0), slice(0)), numbers)
    monkeypatch.setattr(failing, "failures", lambda network: [case])
    monkeypatch.setattr(failing, "draw", lambda cases: None)
    table, _ = failing.part_failures(SimpleNamespace(enhanced=None, picture=lambda *_, **__: None)).sections
    assert [row[0] for row in table.rows] == ["halo", "", ""]
    assert [row[-1] for row in table.rows] == ["dB", "%", "pixels"]


@pytest.mark.slow
def test_a_figure_with_numbers_is_three_files_with_the_same_bytes_every_time(tmp_path):
    found = [layer._asdict() for layer in layers(EnhancedNetwork(EnhancedConfig(**TINY)), 32, 32)]
    for name in ("one", "two"):
        save_figure(tmp_path / name / "figure.png", figure_1.draw(found), found)
    assert {path.name for path in (tmp_path / "one").iterdir()} == {"figure.png", "figure.pdf", "figure.json"}
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


# -- the maps of the paper


@pytest.mark.parametrize("entry", PAPER_MAP, ids=lambda entry: entry.function)
def test_an_entry_of_the_paper_map_resolves(entry):
    module, _, name = entry.function.rpartition(".")
    text = getattr(importlib.import_module(module), name).__doc__
    assert entry.place in " ".join(text.split()), entry
    tests = "".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    assert re.search(rf"^def {entry.test}\(", tests, re.MULTILINE), entry


def test_the_paper_map_has_every_step():
    assert {f"{step.function.__module__}.{step.name}" for step in STEPS} <= {entry.function for entry in PAPER_MAP}


def test_deviations_are_all_there_with_what_was_measured():
    row = {"psnr": 43.0, "difference": [-0.4, -0.6, -0.2]}
    ablation = {"small, D2: 1 level, PAPER": row, "small, D2: 1 level, TUNED": row, "D5: x": row}
    noisy = {name: {"psnr": 34.0} for name in ("enhanced", "true map", "average")}
    table = deviations({"ablation": ablation, "truth": {"conditions": {"noise_5": noisy}}})
    assert [cells[0] for cells in table.rows] == [f"D{n}" for n in range(1, 15)]
    by_id = {cells[0]: cells[-1] for cells in table.rows}
    assert by_id["D2"] == "1 level: -0.40 [-0.60, -0.20]"
    assert by_id["D5"] == "x: -0.40 [-0.60, -0.20]"
    assert by_id["D11"] == "noise 5 of 255: 34.00 dB, cut at the true map 34.00, averaged 34.00"
    assert by_id["D1"] == ""
