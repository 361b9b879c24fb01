"""The evaluation: its pairs, conditions, measures and choices, by hand and on rules in place of networks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from docs.building.record import fill_tables
from matlab_compat import im2uint8, imresize, psnr
from reference.cli import main
from reference.commands import evaluate as evaluate_command
from reference.datasets import ground_truth
from reference.datasets.generator.boundaries import FocusPair, cut, nearer_to_the_scene, occlusion, slope
from reference.datasets.generator.thin_lens import disc_blur
from reference.datasets.ground_truth import Scene, make_pair, photographs_of, physical_scenes, scenes
from reference.datasets.pairs import embedded_pairs
from reference.datasets.registry import data_root, registry
from reference.errors import MissingExtra
from reference.experiments import against_truth as trial
from reference.experiments import choose as choosing
from reference.experiments import evaluate as evaluating
from reference.experiments.ablation import ablation
from reference.experiments.against_truth import (
    CONDITIONS,
    Condition,
    against_truth,
    cast,
    difference,
    magnified,
    near_boundary,
    pair_name,
    photographed,
    quality,
)
from reference.experiments.baseline import differs
from reference.experiments.cache import ResultCache
from reference.experiments.candidates import candidates
from reference.experiments.choose import blend_name, segmented
from reference.experiments.evaluate import validation
from reference.experiments.lytro import ranks_among
from reference.experiments.methods import Method
from reference.experiments.scores import by_pair, tidy
from reference.experiments.tables import evaluation_tables
from reference.images.files import read_image
from reference.metrics.catalogue import SURVEY
from reference.network.cached import CachedNetwork
from reference.network.loading import load_network
from reference.network.scoring import ScoringNetwork
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import Fusion, fuse, fuse_by_segmentation
from reference.report.figures.learning_curves import read_log
from reference.steps import pyramid
from reference.steps.arrays import score_shape

SCENE = Scene("test", "test_00", "x.png", "", "cut", 3.0, 0.5, 8.0, 0.0, "inside", 1)


@pytest.fixture
def image(rng):
    """Smooth noise with some texture, in [0, 1]: another one with every call."""

    def draw(*shape):
        rough = ndimage.gaussian_filter(rng.random(shape), [1.0, 1.0, 0.0][: len(shape)])
        return (rough - rough.min()) / np.ptp(rough)

    return draw


def left(height, width):
    return (np.indices((height, width))[1] < width // 2).astype(np.float64)


class Left:
    """A rule in place of a network: A is in focus on the left."""

    levels = 1

    file = SimpleNamespace(sha256="left")
    deterministic = False

    def __init__(self, folder=None):
        self.folder = folder

    def __call__(self, pyramid_a, pyramid_b):
        scores = np.zeros(score_shape(pyramid_a[0].shape))
        scores[:, : scores.shape[1] // 2] = 1
        return scores


# -- pairs


def test_a_cut_is_sharp_on_its_side_and_blurred_on_the_other(image):
    scene, inside = image(30, 40, 3), left(30, 40)
    pair = cut(scene, inside, 3.0)
    blurred = disc_blur(scene, 3.0)
    np.testing.assert_array_equal(pair.image_a[:, :20], scene[:, :20])
    np.testing.assert_allclose(pair.image_a[:, 20:], blurred[:, 20:])
    np.testing.assert_array_equal(pair.image_b[:, 20:], scene[:, 20:])
    np.testing.assert_allclose(pair.image_a + pair.image_b, scene + blurred)


def test_a_slope_is_blurred_by_the_radius_of_the_place(image):
    """Far inside A is sharp, far outside it has the whole radius; at the middle both have half of it."""
    scene = image(40, 120)
    pair = slope(scene, left(40, 120), radius=4.0, width=6.0)
    np.testing.assert_allclose(pair.image_a[:, :20], scene[:, :20], atol=1e-6)
    np.testing.assert_allclose(pair.image_b[:, :20], disc_blur(scene, 4.0)[:, :20], atol=1e-6)
    np.testing.assert_array_equal(pair.focus, left(40, 120))
    middle = (pair.image_a[:, 59:61] + pair.image_b[:, 59:61]) / 2
    np.testing.assert_allclose(middle, disc_blur(scene, 2.0)[:, 59:61], atol=0.02)


def test_an_occlusion_is_the_thin_lens_photograph(image):
    near, far, coverage = image(30, 40), image(30, 40), left(30, 40)
    pair = occlusion(near, far, coverage, 3.0)
    np.testing.assert_allclose(pair.truth, np.where(coverage > 0.5, near, far))
    np.testing.assert_allclose(pair.image_a[:, :20], near[:, :20])
    spread = disc_blur(coverage, 3.0)
    np.testing.assert_allclose(pair.image_b, disc_blur(coverage * near, 3.0) + (1 - spread) * far, atol=1e-12)


def test_nearer_to_the_scene_is_told_by_error_and_without_any_by_focus():
    truth, focus = np.full((20, 20), 0.5), left(20, 20)
    a, b = truth + 0.1 * (1 - focus), truth + 0.1 * focus
    np.testing.assert_array_equal(nearer_to_the_scene(FocusPair(a, b, truth, 1 - focus)), focus)
    np.testing.assert_array_equal(nearer_to_the_scene(FocusPair(truth, truth, truth, focus)), focus)


def test_behind_a_near_edge_the_nearer_source_is_often_not_the_one_in_focus(image):
    near, far, coverage = 0.9 + 0.1 * image(60, 60), 0.1 * image(60, 60), left(60, 60)
    pair = occlusion(near, far, coverage, 4.0)
    beside = nearer_to_the_scene(pair)[:, 30:33]
    assert pair.focus[:, 30:33].max() == 0
    assert beside.mean() > 0.9


# -- the table of pairs


def test_the_photographs_that_test_are_not_those_that_choose():
    choose, test = scenes("choose"), scenes("test")
    assert len(choose) == len(test) == 40
    photographs = [{name for s in part for name in (s.photograph, s.behind) if name} for part in (choose, test)]
    assert [len(names) for names in photographs] == [20, 20]
    assert not photographs[0] & photographs[1]
    assert [photographs_of("choose"), photographs_of("test")] == photographs
    assert [sum(s.photograph == name for s in test) for name in sorted(photographs[1])] == [2] * 20
    known = {file["name"].split("/")[-1] for file in registry()["cid22_validation"]["files"]}
    assert photographs[0] | photographs[1] == known
    for part in (choose, test):
        kinds = [s.boundary for s in part]
        assert {kind: kinds.count(kind) for kind in set(kinds)} == {"cut": 14, "slope": 13, "occlusion": 13}
        assert len({s.seed for s in part}) == 40


@pytest.mark.parametrize("boundary", ["cut", "slope", "occlusion"])
def test_a_pair_is_made_from_its_row(boundary, monkeypatch, image):
    monkeypatch.setattr(ground_truth, "_photograph", lambda name, data: image(40, 50, 3))
    inside = Scene("test", "t", "x.png", "y.png", boundary, 3.0, 0.4, 8.0, 4.0, "inside", 3)
    outside = Scene("test", "t", "x.png", "y.png", boundary, 3.0, 0.4, 8.0, 4.0, "outside", 3)
    pair, turned = make_pair(inside), make_pair(outside)
    assert pair.image_a.shape == pair.image_b.shape == pair.truth.shape == (40, 50, 3)
    assert abs(pair.focus.mean() - 0.4) < 0.1
    np.testing.assert_allclose(turned.focus, 1 - pair.focus)


def test_without_the_photographs_the_command_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PARFOCAL_DATA", "")
    monkeypatch.setattr("reference.datasets.registry.cache_folder", lambda: tmp_path)
    with pytest.raises(MissingExtra, match="parfocal fetch cid22_validation"):
        make_pair(scenes("test")[0])


def test_the_photographs_make_their_pairs(shared_data):
    pair = make_pair(scenes("test")[2], shared_data)
    assert pair.image_a.shape == (512, 512, 3)
    assert 0 <= pair.image_a.min() <= pair.image_a.max() <= 1


# -- conditions


def test_noise_has_its_strength_and_is_another_in_b():
    gray = np.full((200, 200), 0.5)
    a, b = photographed(FocusPair(gray, gray, gray, gray), Condition(noise=5.0), seed=1)
    assert abs(255 * a.std() - 5) < 0.1
    assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.02
    np.testing.assert_array_equal(np.round(a * 255) / 255, a)
    again, _ = photographed(FocusPair(gray, gray, gray, gray), Condition(noise=5.0), seed=1)
    np.testing.assert_array_equal(a, again)


def test_magnified_by_two_is_as_imresize_has_it(image):
    smooth = ndimage.gaussian_filter(image(40, 44), 3)
    larger = magnified(smooth, 2.0)
    whole = imresize(smooth, 2.0)[20:60, 22:66]
    np.testing.assert_allclose(larger, whole, atol=0.01)


def test_only_b_breathes(image):
    pair = cut(image(40, 44), left(40, 44), 2.0)
    seen = cast(pair, CONDITIONS["breathing"])
    assert np.abs(seen.image_b - pair.image_b).max() > 0.01
    for name in ("image_a", "truth", "focus"):
        np.testing.assert_array_equal(getattr(seen, name), getattr(pair, name))
    for name in ("clean", "noise_10"):
        np.testing.assert_array_equal(cast(pair, CONDITIONS[name]).image_b, pair.image_b)


def test_breathing_moves_the_corner_and_not_the_middle():
    columns = np.indices((101, 101))[1] / 100.0
    larger = magnified(columns, CONDITIONS["breathing"].magnification)
    assert abs(larger[50, 50] - columns[50, 50]) < 1e-6
    assert abs(100 * (columns[50, 90] - larger[50, 90]) - 40 * (1 - 1 / 1.01)) < 1e-3


# -- measures


def test_quality_by_hand():
    truth = np.full((40, 60), 100 / 255)
    fused = truth.copy()
    fused[:, :5] += 10 / 255  # 200 of 2400 values off by 10, all far from the boundary at column 30
    decision = left(40, 60)
    decision[:, 28:30] = 0  # 80 wrong of 2400, all near
    found = quality(Fusion(fused, decision), FocusPair(truth, truth, truth, left(40, 60)), np.full((40, 60), True))
    assert abs(found["psnr"] - 10 * np.log10(255**2 / (100 * 200 / 2400))) < 1e-9
    assert abs(found["wrong"] - 100 * 80 / 2400) < 1e-9
    assert abs(found["wrong_near"] - 100 * 80 / (40 * 32)) < 1e-9
    assert (found["wrong_far"], found["loss_near"]) == (0, 0)


def test_where_the_photographs_are_equal_no_decision_is_wrong():
    truth, differ = np.full((40, 60), 0.5), np.full((40, 60), True)
    differ[:20] = False
    decision = left(40, 60)
    decision[:30, 28:30] = 0  # 60 wrong near the boundary, 40 of them where A and B are equal
    decision[:10, 50:] = 1  # 100 wrong far from it, all of them there
    found = quality(Fusion(truth, decision), FocusPair(truth, truth, truth, left(40, 60)), differ)
    assert abs(found["wrong"] - 100 * 20 / 1200) < 1e-9
    assert abs(found["wrong_near"] - 100 * 20 / (20 * 32)) < 1e-9
    assert found["wrong_far"] == 0


def test_a_map_that_decides_nothing_has_no_wrong_decisions():
    flat = np.full((20, 20), 0.5)
    found = quality(Fusion(flat, flat), FocusPair(flat, flat, flat, left(20, 20)), np.full((20, 20), True))
    assert not {"wrong", "wrong_near", "wrong_far"} & set(found)
    assert found["loss_near"] == 0


def test_near_the_boundary_is_within_a_patch_on_both_sides():
    near = near_boundary(left(5, 80))
    assert near[2].tolist() == [abs(column - 39.5) < 16 for column in range(80)]
    assert not near_boundary(np.ones((4, 4))).any()


# -- blending


@given(
    st.builds(
        FusionParameters, small_region_ratio=st.sampled_from([0.0, 0.01, 0.2]), guide_radius=st.integers(0, 6),
        guide_eps=st.sampled_from([0.01, 0.3]),
    ),
    st.integers(0, 9),
)  # fmt: skip
def test_both_parts_together_are_the_pipeline(parameters, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.random((2, 24, 31, 3))
    whole = fuse(a, b, Left(), parameters)
    parts = fuse_by_segmentation(a, b, segmented(a, b, Left()), parameters)
    np.testing.assert_array_equal(parts.image, whole.image)
    np.testing.assert_array_equal(parts.decision_map, whole.decision_map)
    if parameters.guide_radius == 0:  # a window of one pixel changes nothing
        np.testing.assert_allclose(parts.decision_map, parts.steps["consistency"], atol=1e-11)


# -- choosing


@pytest.mark.slow
def test_the_blend_of_the_highest_mean_is_chosen(monkeypatch, tmp_path):
    def psnr_of(kind, network, data):
        return lambda scene, p: -abs(p["blend"][0] - 3) - abs(p["blend"][1] - 0.01) - abs(p["share"] - 0.001)

    monkeypatch.setattr(choosing, "_psnr_of", psnr_of)
    cache, two = ResultCache(tmp_path / "k"), scenes("choose")[:2]
    found = choosing.choose("enhanced", Left(), cache, None, two)
    assert found["filters"]["parameters"] == {"blend": (3, 0.01), "share": 0.01}
    choice = found["all"]
    assert choice["parameters"] == {"blend": (3, 0.01), "share": 0.001}
    assert choice["psnr"] == 0
    assert abs(choice["published"] + 5.099) < 1e-12


@pytest.mark.slow
def test_filters_of_gfdf_and_gff_are_moved_until_none_moves(monkeypatch, tmp_path):
    """The best of one filter depends on the other: one pass over both would miss it."""

    def psnr_of(kind, network, data):
        return lambda scene, p: -0.4 * abs(p["blend"][0] - p["focus"][0] + 2) - abs(p["focus"][0] - 7)

    monkeypatch.setattr(choosing, "_psnr_of", psnr_of)
    choice = choosing.choose("gfdf", None, ResultCache(tmp_path / "k"), None, scenes("choose")[:1])["filters"]
    assert (choice["parameters"]["blend"][0], choice["parameters"]["focus"][0]) == (5, 7)


def test_choosing_measures_the_fused_images(monkeypatch, tmp_path, image):
    """On a cut at the middle with the true map, the sharper the blend the better."""
    pair = cut(image(48, 64, 3), left(48, 64), 3.0)
    monkeypatch.setattr(choosing, "make_pair", lambda scene, data: pair)
    of = choosing._psnr_of("network", Left(), None)
    soft, sharp = (of(SCENE, {"share": 0.0, "blend": blend}) for blend in ((8, 0.3), (1, 0.001)))
    assert sharp > soft + 0.5
    for kind in ("gff", "gfdf"):
        assert choosing._psnr_of(kind, None, None)(SCENE, choosing.PUBLISHED[kind]) > 20


# -- what is kept


def test_values_are_computed_once_and_found_again(tmp_path):
    calls = []
    for _ in range(2):
        result_cache = ResultCache(tmp_path / "kept.jsonl")
        assert result_cache(["a", 1], lambda: calls.append(1) or {"x": [1.5, None]}) == {"x": [1.5, None]}
    assert len(calls) == 1
    with open(tmp_path / "kept.jsonl", "a") as file:
        file.write('{"code": "half a li')
    assert ResultCache(tmp_path / "kept.jsonl")(["a", 1], lambda: 1 / 0) == {"x": [1.5, None]}


def test_after_half_a_line_values_are_still_kept(tmp_path):
    path = tmp_path / "kept.jsonl"
    path.write_text('{"code": "half a li')
    ResultCache(path)(["a"], lambda: 1)
    assert ResultCache(path)(["a"], lambda: 2) == 1


def test_values_of_other_code_are_not_taken(tmp_path, monkeypatch):
    ResultCache(tmp_path / "kept.jsonl")(["a"], lambda: 1)
    monkeypatch.setattr("reference.experiments.cache.computing_digest", lambda: "another")
    assert ResultCache(tmp_path / "kept.jsonl")(["a"], lambda: 2) == 2


def test_scores_are_remembered_by_what_they_depend_on(tmp_path, image, monkeypatch):
    file, calls = load_network("small").file, []

    def score(self, *pyramids):
        calls.append(self)
        return np.full((3, 4), float(len(calls)))

    monkeypatch.setattr(ScoringNetwork, "__call__", score)
    pyramids = [(image(32, 48),) for _ in range(2)]
    first = ScoringNetwork(file)
    assert CachedNetwork.of(first, tmp_path).module is first.module
    for _ in range(2):
        assert np.all(CachedNetwork.of(first, tmp_path)(*pyramids) == 1)
    assert np.all(CachedNetwork.of(first, tmp_path)(*pyramids[::-1]) == 2)
    others = [ScoringNetwork(file, deterministic=True), ScoringNetwork(replace(file, sha256="0"))]
    elsewhere = CachedNetwork.of(first, tmp_path)
    object.__setattr__(elsewhere, "device", "cuda")
    for expected, other in enumerate([*(CachedNetwork.of(one, tmp_path) for one in others), elsewhere], start=3):
        for _ in range(2):
            assert np.all(other(*pyramids) == expected)


def test_scores_that_were_cut_off_are_computed_again(tmp_path):
    network, images = load_network("small"), np.random.default_rng(0).random((2, 40, 40))
    pyramids = [pyramid(image, 3) for image in images]
    scores = CachedNetwork.of(network, tmp_path)(*pyramids)
    (file,) = tmp_path.glob("*.npy")
    for length in (0, 5, 100, file.stat().st_size - 1):
        file.write_bytes(file.read_bytes()[:length])
        assert np.array_equal(CachedNetwork.of(network, tmp_path)(*pyramids), scores)


def test_the_last_scores_stay_in_memory(image, monkeypatch):
    calls = []
    monkeypatch.setattr(ScoringNetwork, "__call__", lambda *arguments: calls.append(1) or np.zeros((3, 4)))
    network = CachedNetwork.of(load_network("small"))
    one, two = ((image(32, 48),) for _ in range(2))
    for pair in ((one, two), (one, two), (two, one), (one, two)):
        network.with_progress(print)(*pair)
    assert len(calls) == 3


def test_validation_is_that_of_the_log(shared_data, tmp_path):
    """The log was written while the weights were trained, by another process."""
    *_, last = read_log(data_root() / "weights" / "small.log.jsonl")
    found = validation("small", CachedNetwork.of(load_network("small"), tmp_path), shared_data)
    assert found == pytest.approx({name: last[name] for name in found}, abs=0.002)
    assert set(found) == {"validation_loss", "validation_accuracy"}


# -- candidates and results


@pytest.fixture
def a_small_world(monkeypatch, tmp_path, image):
    """Two scenes of 48 x 64 pixels and a rule in place of every network."""
    made = {}

    def make(scene, data):
        return made.setdefault(scene.name, cut(image(48, 64, 3), left(48, 64), 3.0))

    monkeypatch.setattr(trial, "make_pair", make)
    monkeypatch.setattr(choosing, "make_pair", make)
    monkeypatch.setattr(evaluating, "scenes", lambda role: scenes(role)[:4:3])
    monkeypatch.setattr(evaluating, "physical_scenes", lambda role: one_of_each(physical_scenes(role)))
    return tmp_path


def one_of_each(physical):
    return list({scene.capture.kind: scene for scene in physical}.values())


PARAMETERS = {name: choosing.PUBLISHED[name] for name in ("gff", "gfdf")} | {
    "enhanced": {"blend": (1, 0.01), "share": 0.0}
}
CHOSEN = {name: {kind: {"parameters": one} for kind in ("filters", "all")} for name, one in PARAMETERS.items()}


@pytest.mark.slow
def test_every_candidate_is_measured_under_every_condition(a_small_world):
    tmp_path = a_small_world
    those = candidates({"enhanced": Left()}, CHOSEN)
    scores = against_truth(those, ResultCache(tmp_path / "k"), None, scenes("test")[:4:3])
    names = [pair_name(scene, "clean") for scene in scenes("test")[:4:3]]
    assert list(scores["method"].unique()) == [one.name for one in those]
    values = dict(by_pair(scores, "psnr", names).mean(axis=1))
    assert values["true map"] == np.inf
    assert values["nearer pixels"] == np.inf
    assert values["enhanced:all"] > values["enhanced"] > values["better source"] > 10
    assert (scores.groupby("method")["pair"].nunique() == 2 * len(CONDITIONS)).all()
    noisy = [pair_name(scene, "noise_10") for scene in scenes("test")[:4:3]]
    assert 25 < by_pair(scores, "psnr", noisy).loc["true map"].mean() < 30


@pytest.mark.slow
def test_parts_of_an_evaluation_and_their_tables(a_small_world, monkeypatch):
    """A rule in place of the network, two scenes, one embedded pair in place of Children and of the 20 of Lytro."""
    tmp_path = a_small_world
    (pair,) = [pair for pair in embedded_pairs() if pair.name == "cat_coffee"]
    published = tidy(("x (published values)", pair.name, metric, 0.5) for metric in SURVEY)
    monkeypatch.setattr("reference.experiments.lytro.find_pairs", lambda name, data: [pair])
    monkeypatch.setattr("reference.experiments.lytro.read_values", lambda *arguments: published)
    monkeypatch.setattr("reference.experiments.lytro.BLENDS", [PAPER, replace(PAPER, guide_radius=0)])
    monkeypatch.setattr(evaluating, "embedded_pairs", lambda: [pair])
    kinds = sorted({scene.boundary for scene in scenes("test")[:4:3]})
    monkeypatch.setattr(evaluating, "BOUNDARIES", kinds)
    evaluation = evaluating.Evaluation(("enhanced",), tmp_path)
    vars(evaluation).update(networks={"enhanced": Left()}, chosen=CHOSEN)
    a, b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
    vars(evaluation)["_children"] = lambda: (a, b)
    measured = {part: getattr(evaluation, part)() for part in ("truth", "physical", "embedded", "lytro", "children")}

    compared = [("", ""), (":filters", ":filters"), (":all", ":all"), (":all", ":filters")]
    expected = [f"enhanced{mine} less {other}{its}" for mine, its in compared for other in ("gff", "gfdf")]
    for found in measured["truth"]["differences"].values():
        assert list(found) == expected
    assert list(measured["truth"]["boundaries"]) == kinds
    physical = measured["physical"]
    assert list(physical["kinds"]) == ["all", "plane", "layers", "thin"]
    assert list(physical["differences"]["all"]) == expected
    of_all = [physical["kinds"][kind]["enhanced"]["psnr"] for kind in physical["kinds"]]
    assert of_all[0] == pytest.approx(np.mean(of_all[1:]))
    of_pair = measured["embedded"]["cat_coffee"]
    assert of_pair["a"] == pytest.approx(psnr(im2uint8(a), im2uint8(truth)))
    assert of_pair["average"] > of_pair["a"]
    children = measured["children"]["enhanced"]
    a_wins, b_wins = (children[f"D5: window 33, p 1, side {side}"]["psnr"] for side in "ab")
    assert b_wins > children["paper"]["psnr"] > a_wins
    assert list(measured["lytro"]["ours"]["gfdf"]) == [blend_name(PAPER), "area 0.01, no filter"]
    assert 1 <= measured["lytro"]["ours"]["enhanced"][blend_name(PAPER)]["rank"] <= 2
    assert measured["lytro"]["published"] == {"x (published values)": 1}
    titles = {table.title for table in evaluation_tables(json.loads(json.dumps(measured)))}
    assert {"Physical pairs", "Differences on physical pairs", "Parameters chosen for physical pairs"} < titles
    assert titles >= {"Ground truth, without noise", "Differences", "By kind of boundary", "Embedded pairs", "Lytro"}
    assert differs(json.loads(json.dumps(measured)), measured) == []


def test_a_part_that_is_not_recorded_is_measured_by_its_name_only(monkeypatch, capsys):
    recorded = {"weights": {}, "embedded": {}}
    monkeypatch.setattr("reference.experiments.baseline.recorded_evaluation", lambda: recorded)
    monkeypatch.setattr("reference.datasets.registry.find_group", lambda *_: {"a": "b"})
    assert evaluate_command._possible(None) == ["weights", "embedded"]
    assert "physical is left out, as it is not recorded yet: --parts physical measures it" in capsys.readouterr().err
    recorded.clear()
    assert "physical" in evaluate_command._possible(None)


def test_an_interrupted_trial_goes_on(a_small_world):
    tmp_path = a_small_world
    calls = []

    def counted(a, b, pair):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return Fusion(a, np.ones(a.shape[:2]))

    those = [Method("a", None, counted)]
    with pytest.raises(KeyboardInterrupt):
        against_truth(those, ResultCache(tmp_path / "k"), None, scenes("test")[:4:3])
    against_truth(those, ResultCache(tmp_path / "k"), None, scenes("test")[:4:3])
    assert len(calls) <= 9  # eight results, and the one that was interrupted
    against_truth(those, ResultCache(tmp_path / "k"), None, scenes("test")[:4:3])
    assert len(calls) <= 9


def test_differences_count_a_photograph_once():
    scores = tidy(
        (method, pair_name(scene, "clean"), "psnr", value)
        for number, scene in enumerate(scenes("test"))
        for method, value in (("enhanced", 41.0 + (number % 2)), ("gfdf", 40.0))
    )
    found = difference(scores, "enhanced", "gfdf", scenes("test"), "clean")
    assert found == [1.5, 1.5, 1.5]  # over pairs the interval would not be 0


def test_differences_by_students_t():
    """Two photographs that differ by 1 and by 2: 1.5 +- 12.7062 * sqrt(1/2) / sqrt(2)."""
    places = scenes("test")[::2][:2]
    scores = tidy(
        (method, pair_name(scene, "clean"), "psnr", value)
        for number, scene in enumerate(places)
        for method, value in (("x", 41.0 + number), ("y", 40.0))
    )
    assert len({scene.photograph for scene in places}) == 2
    assert difference(scores, "x", "y", places, "clean") == pytest.approx([1.5, 1.5 - 6.3531, 1.5 + 6.3531], abs=1e-4)


def test_no_hard_map_does_better_than_nearer_pixels(image):
    """What the lens did to B included: pixel by pixel no source has a smaller error."""
    pair = cast(cut(image(24, 24, 3), left(24, 24), 3.0), Condition(magnification=1.2))
    (oracle,) = (one for one in candidates({}, CHOSEN) if one.name == "nearer pixels")
    fused = oracle.fuse(pair.image_a, pair.image_b, pair).image
    error, *of_sources = (((x - pair.truth) ** 2).sum(axis=-1) for x in (fused, pair.image_a, pair.image_b))
    assert (error <= np.minimum(*of_sources)).all()
    assert error.sum() < 0.9 * ((np.where(pair.focus[..., None] > 0.5, *pair[:2]) - pair.truth) ** 2).sum()


def test_rank_among_the_published():
    published = tidy((method, "p", metric, value) for metric in SURVEY for method, value in (("x", 0.5), ("y", 0.7)))
    ours = tidy(("ours", "p", metric, 0.6) for metric in SURVEY)
    assert ranks_among(published, ours, ["p"]) == {"rank": 2, "best_published": (7 * 1 + 3) / 8}
    ours.loc[ours["metric"] == "q_cv", "value"] = 0.4  # lower is better: first there, still second in the other seven
    assert ranks_among(published, ours, ["p"])["rank"] == (7 * 2 + 1) / 8


def test_what_differs_from_the_record_is_named():
    record = {"truth": {"clean": {"gfdf": {"psnr": 45.0}}}, "weights": {"small": {"sha256": "ab"}}}
    assert differs(record, record) == []
    moved = {"truth": {"clean": {"gfdf": {"psnr": 45.05}}}, "weights": {"small": {"sha256": "cd"}}}
    assert differs(moved, record) == [
        "truth clean gfdf psnr: 45.05, but recorded is 45.0", "weights small sha256: cd, but recorded is ab",
    ]  # fmt: skip
    assert differs({"truth": {"clean": {"new": 1.0}}}, record) == ["truth clean new: 1.0, but recorded is nothing"]
    assert differs({"x": float("inf")}, {"x": float("inf")}) == []


@pytest.mark.parametrize(
    ("place", "value", "moved"),
    [
        (("choice", "enhanced", "all", "parameters", "share"), 0.001, 0.0),
        (("choice", "gff", "all", "parameters", "detail"), [7, 1e-6], [7, 1e-4]),
        (("truth", "conditions", "clean", "enhanced", "ssim"), 0.99, 0.9905),
        (("truth", "differences", "clean", "gfdf"), [1.0, 0.5, 1.5], [1.0, 0.4, 1.5]),
        (("lytro", "ours", "gfdf", "no filter", "q_g"), 0.7617, 0.7620),
        (("lytro", "ours", "gfdf", "no filter", "rank"), 7.125, 7.375),
        (("ablation", "PAPER", "wrong"), 1.21, 1.25),
        (("validation", "small", "validation_loss"), 0.206, 0.21),
    ],
)
def test_a_value_that_tells_methods_apart_may_not_move(place, value, moved):
    def nested(leaf):
        for word in reversed(place):
            leaf = {word: leaf}
        return leaf

    assert differs(nested(value), nested(value)) == []
    (line,) = differs(nested(moved), nested(value))
    assert line.startswith(" ".join(place))


@pytest.fixture
def at_no_cost(monkeypatch):
    """What a network costs is counted once, where its number is looked at."""
    monkeypatch.setattr(evaluating, "cost", lambda module: (532_996, 63.0))


def test_what_was_not_measured_is_said(tmp_path, capsys, monkeypatch, at_no_cost):
    record = {"weights": {"small": {}, "enhanced": {}}, "lytro": {}}
    monkeypatch.setattr("reference.experiments.baseline.recorded_evaluation", lambda: record)
    main(["evaluate", "--parts", "weights", "--networks", "small", "--out", str(tmp_path)])
    err = capsys.readouterr().err
    assert "recorded, but not measured here: weights enhanced\n" in err
    assert "recorded, but not measured here: lytro\n" in err
    assert "measured here: weights small" not in err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--parts", "truth,ropes"], "no part ropes: choose weights"),
        (["--networks", ","], "choose enhanced, half, small"),
    ],
)
def test_unknown_parts_and_networks_are_named(options, sentence, tmp_path, capsys):
    assert main(["evaluate", "--out", str(tmp_path), *options]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_writes_tables_and_says_what_moved(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        "reference.experiments.baseline.recorded_evaluation", lambda: {"weights": {"small": {"parameters": 7}}}
    )
    assert main(["evaluate", "--parts", "weights", "--networks", "small", "--out", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert re.search(
        r"\| small \| \w{12} \| convolutions 8-16-32-64-128, fully connected 256-128-64 \| 532,996 \| 63 \|", out
    )
    assert "weights small parameters: 532996, but recorded is 7" in err
    measured = json.loads((tmp_path / "evaluation.json").read_text())
    assert measured["weights"]["small"]["sha256"] == load_network("small").file.sha256
    assert (tmp_path / "evaluation.md").read_text() in out


def test_tables_show_every_part():
    of_name = {"psnr": 40.0, "ssim": 0.99, "loss_near": 80.0, "wrong": 1.0, "wrong_near": 5.0, "wrong_far": 0.1}
    by_name = {"enhanced": of_name, "true map": of_name | {"psnr": 50.0}, "nearer pixels": of_name | {"psnr": 52.0}}
    row = {"rank": 7.5, "best_published": 4.0, **dict.fromkeys(SURVEY, 0.5)}
    columns = {"piqe": 36.0, "psnr": 29.6, "ssim": 0.67, "entropy": 7.5}
    choice = {"parameters": {"blend": [5, 0.3], "share": 0.01}, "psnr": 45.0, "published": 44.0}
    measured = {
        "choice": {"gfdf": {"all": choice}},
        "truth": {"conditions": {"clean": by_name}, "boundaries": {"cut": by_name},
                  "differences": {"clean": {"gfdf": [1.0, 0.5, 1.5]}}},
        "lytro": {"published": {"cnn (published values)": 7.5}, "ours": {"gfdf": {blend_name(PAPER): row}}},
        "children": {"small": {"paper": columns}},
        "ablation": {"D2: 1 level": {"psnr": 43.0, "wrong": 1.2, "difference": [-0.4, -0.6, -0.2], "table_1": columns}},
        "validation": {"small": {"validation_loss": 0.2, "validation_accuracy": 0.95}},
        "embedded": {"cat": {"a": 30.0, "small": 40.0}},
    }  # fmt: skip
    cells = [cell for table in evaluation_tables(measured) for row in table.rows for cell in row]
    for cell in ("blend r 5, eps 0.3; share 0.01", "-10.00", "-12.00", "+1.00 [+0.50, +1.50]", "7.50", "36.00", "40.00",
                 "-0.40 [-0.60, -0.20]", "95.0 %"):  # fmt: skip
        assert cell in cells


def test_every_change_is_a_row(a_small_world, monkeypatch, image):
    tmp_path = a_small_world
    monkeypatch.setattr("reference.experiments.ablation.scenes", lambda role: scenes(role)[:4:3])
    monkeypatch.setattr("reference.experiments.ablation._network_variants", lambda folder: [])
    pair = cut(image(48, 64, 3), left(48, 64), 3.0)
    by_change = ablation(Left(tmp_path), (pair.image_a, pair.image_b), ResultCache(tmp_path / "k"), None)
    assert len(by_change) == 16
    paper, hard = by_change["PAPER"], by_change["no guided filter"]
    assert abs(hard["psnr"] - paper["psnr"]) > 0.1
    assert by_change["D5: maximum of FM over 17 pixels"]["wrong"] > paper["wrong"] + 5
    assert by_change["D5: maximum of 1 - FM over 17 pixels"]["wrong"] > paper["wrong"] + 5
    b_wins, a_wins = (by_change[f"D5: maximum of {side} over 33 pixels"]["table_1"] for side in ("1 - FM", "FM"))
    assert b_wins["psnr"] > paper["table_1"]["psnr"] > a_wins["psnr"]
    other = by_change["D9: MATLAB's imguidedfilter"]
    assert 0 < abs(other["psnr"] - paper["psnr"]) < 1
    assert paper["difference"][0] == 0
    assert other["difference"][0] == pytest.approx(other["psnr"] - paper["psnr"])


def test_the_pages_take_their_tables_from_the_evaluation():
    measured = {"weights": {}, "embedded": {"cat": {"a": 30.0, "small": 40.0}}}
    page = "before\n<!-- table: Embedded pairs -->\nold\n<!-- end -->\nafter\n"
    new = fill_tables(page, measured)
    assert "| cat | 30.00 | 40.00 |" in new
    assert "old" not in new
    assert new.startswith("before\n")
    assert new.endswith("\nafter\n")
    assert fill_tables(new, measured) == new
    with pytest.raises(KeyError):
        fill_tables("<!-- table: Ropes -->\n<!-- end -->", measured)


def test_without_a_record_every_value_differs_and_the_evaluation_is_written(tmp_path, capsys, monkeypatch, at_no_cost):
    monkeypatch.setattr("reference.experiments.baseline.data_root", lambda: tmp_path)
    assert main(["evaluate", "--parts", "weights", "--networks", "small", "--out", str(tmp_path)]) == 1
    assert "4 values are not as recorded" in capsys.readouterr().err
    assert (tmp_path / "evaluation.json").exists()
