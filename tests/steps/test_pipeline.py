"""The whole: what fuse promises for any network, and how its steps and the table of steps agree."""

from __future__ import annotations

import inspect
import pickle
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matlab_compat import im2uint8
from reference.jobs.sources import same_size
from reference.jobs.step_files import step_number, write_steps
from reference.parameters import PAPER, PRESETS, TUNED, FusionParameters
from reference.pipeline import fuse, fuse_by_segmentation, segment
from reference.steps import consistency, gray, pyramid, score_map
from reference.steps.arrays import score_shape
from reference.steps.table import STEPS
from tests.support.rules import Fixed, Inverted, LocalEnergy, OnlyA
from tests.support.strategies import colour_images, fields, score_grids, shapes


def traced(a, b, parameters=PAPER, network=None):
    fused = fuse(a, b, network, parameters)
    return fused, fused.steps


def names_of(levels):
    pyramids = [f"pyramid_{side}_{level}" for side in "ab" for level in range(levels)]
    names = ["gray_a", "gray_b", *pyramids]
    return names + [step.name for step in STEPS if not step.each]


def test_steps_are_every_step_in_the_order_of_the_table_and_read_only():
    image = np.random.default_rng(0).random((20, 22, 3))
    steps = fuse(image, image, LocalEnergy()).steps
    assert list(steps) == names_of(levels=2)
    with pytest.raises(TypeError):
        steps["gray_a"] = image


def test_the_parts_of_the_box_give_the_whole():
    """Tiles and searches for parameters call `segment` and the common end: equal to the box, bit for bit."""
    a, b = np.random.default_rng(3).random((2, 40, 44, 3))
    parameters = FusionParameters(pool_window=3, small_region_area=5, guide_radius=3, guide_eps=0.01)
    whole = fuse(a, b, LocalEnergy(), parameters)
    segmented = segment(gray(a), gray(b), LocalEnergy(), parameters)
    end = fuse_by_segmentation(a, b, segmented, parameters)
    for name, value in end.steps.items():
        np.testing.assert_array_equal(value, whole.steps[name])
    np.testing.assert_array_equal(end.image, whole.image)
    np.testing.assert_array_equal(end.decision_map, whole.decision_map)


def test_table_names_functions_classes_and_ranges_as_they_are():
    image_a, image_b = np.random.default_rng(1).random((2, 24, 30, 3))
    _, values = traced(image_a, image_b, network=LocalEnergy())
    for step in STEPS:
        assert step.function.__name__ == step.name
        assert re.fullmatch(rf"reference\.steps\.step_{step.number}_\w+", step.function.__module__)
        for name, value in values.items():
            if name == step.name or (step.each and name.startswith(f"{step.name}_")):
                assert value.dtype == np.dtype(step.dtype), name
                assert step_number(name) == step.number
                low, high = (-0.2, 1.2) if "beyond" in step.range else (0, 1)
                assert low <= value.min() <= value.max() <= high, name
    assert [step.number for step in STEPS] == [1, 2, 3, 4, 5, 6, 7, 8, 8, 9]


def test_every_step_gets_what_the_table_says():
    """Each value again, by the function and the inputs named in the table, from a rule that tells A from B."""
    a, b = np.random.default_rng(9).random((2, 30, 34, 3))
    rule = OnlyA()
    _, values = traced(a, b, FusionParameters(pool_window=3, small_region_area=5), rule)
    values = values | {
        "image_a": a,
        "image_b": b,
        "pyramid_a": pyramid(values["gray_a"], 2),
        "pyramid_b": pyramid(values["gray_b"], 2),
    }
    extra = {
        "score_map": (rule,), "focus_map": ((30, 34),), "mixed_pooling": (3, 0.5, "a"), "segmentation": (0.5,),
        "consistency": (5,), "guided_filter": (8, 0.1),
    }  # fmt: skip
    for side in "ab":
        np.testing.assert_array_equal(values[f"gray_{side}"], gray(values[f"image_{side}"]))
        for level in range(2):
            np.testing.assert_array_equal(values[f"pyramid_{side}_{level}"], values[f"pyramid_{side}"][level])
    for step in STEPS:
        if not step.each:
            inputs = [values[name] for name in step.inputs]
            np.testing.assert_array_equal(step.function(*inputs, *extra.get(step.name, ())), values[step.name])


@given(score_grids(most=30), st.data())
def test_swapping_the_sources_with_an_inverted_network_swaps_the_maps(case, data):
    shape, scores = case
    a, b = (data.draw(fields(shape=shape)) for _ in range(2))
    _, straight = traced(a, b, network=Fixed(scores))
    _, swapped = traced(b, a, network=Inverted(Fixed(scores)))
    np.testing.assert_allclose(swapped["focus_map"], 1 - straight["focus_map"], atol=1e-14)
    decided = np.abs(straight["focus_map"] - 0.5) > 1e-13
    assert np.all((swapped["segmentation"] == ~straight["segmentation"])[decided])


def test_where_the_focus_map_is_one_half_b_wins_from_both_sides():
    a, b = np.random.default_rng(2).random((2, 20, 20))
    undecided = Fixed(np.full(score_shape((20, 20)), 0.5))
    for sources in ((a, b), (b, a)):
        fused, _ = traced(*sources, network=undecided)
        np.testing.assert_allclose(fused.image, sources[1], atol=1e-12)


@given(shapes(16, 24), st.data())
def test_gray_input_equals_colour_input_with_equal_channels(shape, data):
    a, b = (data.draw(fields(shape=shape)) for _ in range(2))
    colour_a, colour_b = (np.stack([x] * 3, axis=-1) for x in (a, b))
    _, one = traced(a, b, network=LocalEnergy())
    _, three = traced(colour_a, colour_b, network=LocalEnergy())
    for name in ("gray_a", "gray_b"):
        np.testing.assert_allclose(three[name], one[name], rtol=0, atol=3e-16)
    for name in ("pyramid_a_1", "score_map", "focus_map"):
        np.testing.assert_allclose(three[name], one[name], rtol=0, atol=2e-15)  # the same, summed up to 65 times


@given(colour_images(shape=(18, 21)), colour_images(shape=(18, 21)))
def test_two_calls_give_identical_values_and_leave_the_sources_alone(a, b):
    before = a.copy(), b.copy()
    first, second = (fuse(a, b, LocalEnergy()) for _ in range(2))
    np.testing.assert_array_equal(first.image, second.image)
    np.testing.assert_array_equal(first.decision_map, second.decision_map)
    np.testing.assert_array_equal(a, before[0])
    np.testing.assert_array_equal(b, before[1])


@given(score_grids(most=28), st.data())
def test_everything_after_the_network_commutes_with_transposing(case, data):
    shape, scores = case
    a, b = (data.draw(fields(shape=shape)) for _ in range(2))
    straight = fuse(a, b, Fixed(scores))
    turned = fuse(a.T, b.T, Fixed(scores.T))
    # The focus map's sums run in another order: a pixel on the threshold may fall to the other side, and with it
    # a region. Such maps are left out; scores of few levels make them half of all.
    _, values = traced(a, b, network=Fixed(scores))
    assume(np.abs(values["focus_map"] - 0.5).min() > 1e-12)
    np.testing.assert_allclose(turned.image.T, straight.image, atol=1e-10)


@given(fields(least=16, levels=256), st.data())
def test_identical_sources_give_the_source(image, data):
    scores = data.draw(fields(shape=score_shape(image.shape)))
    fused = fuse(image, image, Fixed(scores))
    np.testing.assert_array_equal(im2uint8(fused.image), im2uint8(image))


def test_the_guided_filter_may_overshoot_and_is_not_clipped():
    """A bright line in the guide inside a window that A wins: the local line is extrapolated beyond 1."""
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 64, 64)) ** 4
    scores = np.zeros(score_shape((64, 64)))
    scores[:, 12:] = 1
    fused, values = traced(a, b, network=Fixed(scores), parameters=FusionParameters(guide_eps=0.001))
    outside = max(-values["guided_filter"].min(), values["guided_filter"].max() - 1)
    assert 0 < outside < 0.2
    np.testing.assert_array_equal(fused.decision_map, values["guided_filter"])


def test_parameters_reach_their_steps():
    a, b = np.random.default_rng(4).random((2, 40, 40))
    scores = np.random.default_rng(5).random(score_shape((40, 40)))
    _, plain = traced(a, b, network=Fixed(scores))
    changed = {
        "mixed_pooling": FusionParameters(pool_window=5, pool_p=1.0),
        "segmentation": FusionParameters(focus_threshold=0.45),
        "consistency": FusionParameters(small_region_area=0),
        "guided_filter": FusionParameters(guide_radius=3),
        "fusion": FusionParameters(guide_eps=0.5),
    }
    for name, parameters in changed.items():
        _, values = traced(a, b, parameters, Fixed(scores))
        assert not np.array_equal(values[name], plain[name]), name
    _, values = traced(a, b, FusionParameters(small_region_area=0), Fixed(scores))
    np.testing.assert_array_equal(values["consistency"], values["segmentation"])
    side_b = FusionParameters(pool_window=5, pool_p=1.0, pool_side="b")
    assert traced(a, b, side_b, Fixed(scores))[1]["segmentation"].sum() < plain["segmentation"].sum()


def test_the_presets_are_the_papers_numbers_and_one_other():
    assert FusionParameters() == PAPER
    assert (PAPER.guide_radius, PAPER.guide_eps, PAPER.focus_threshold, PAPER.small_region_ratio) == (8, 0.1, 0.5, 0.01)
    assert (PAPER.pool_window, PAPER.pool_p, PAPER.pool_side) == (1, 0.5, "a")
    assert PRESETS == {"paper": PAPER, "tuned": TUNED, "best": TUNED}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("small_region_area", -1),
        ("small_region_ratio", 1.5),
        ("focus_threshold", -0.1),
        ("pool_window", 4),
        ("pool_p", 2.0),
        ("pool_side", "c"),
        ("guide_radius", -1),
        ("guide_eps", 0.0),
    ],
)
def test_parameters_out_of_range_are_refused(field, value):
    with pytest.raises(ValueError, match=f"{field} is {value!r}"):
        FusionParameters(**{field: value})


def test_parameters_name_their_place_in_the_paper():
    lines = inspect.getsource(FusionParameters).splitlines()
    fields_ = [line for line in lines if line.startswith("    ") and ": " in line and "=" in line and '"""' not in line]
    assert all("# sec. 3.1" in line for line in fields_[: len(FusionParameters.__dataclass_fields__)])


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        (np.zeros((2, 2)), r"scores of shape \(2, 2\), but \(3, 4\) were due"),
        (np.full((3, 4), 1.2), "the network's score map has values from 1.2 to 1.2"),
        (np.full((3, 4), np.nan), "values from nan to nan"),
    ],
)
def test_a_network_that_returns_nonsense_is_named(scores, sentence):
    image = (np.zeros((20, 21)),)
    with pytest.raises(ValueError, match=sentence):
        score_map(image, image, Fixed(scores))


def test_sources_under_one_patch_are_refused():
    with pytest.raises(ValueError, match=r"image_b is \(20, 20, 3\) but image_a is \(20, 20\)"):
        fuse(np.zeros((20, 20)), np.zeros((20, 20, 3)), LocalEnergy())
    with pytest.raises(ValueError, match=r"the image is \(15, 40\), but a patch is 16 x 16 pixels"):
        fuse(np.zeros((15, 40)), np.zeros((15, 40)), LocalEnergy())


@given(shapes(16, 40), shapes(16, 40), st.data())
def test_same_size_brings_b_onto_the_grid_of_a(shape_a, shape_b, data):
    b = data.draw(fields(shape=shape_b))
    resized = same_size(b, shape_a)
    assert resized.shape == shape_a
    assert 0 <= resized.min() <= resized.max() <= 1
    if shape_a == shape_b:
        assert resized is b


def test_step_files_are_the_values_and_their_pictures(tmp_path):
    from PIL import Image

    image = np.random.default_rng(6).random((20, 20, 3))
    values = fuse(image, image, LocalEnergy()).steps
    write_steps(tmp_path / "steps", values)
    assert len(list(tmp_path.glob("steps/*"))) == 2 * len(names_of(2))
    for name, value in values.items():
        stem = tmp_path / "steps" / f"{step_number(name):02d}_{name}"
        np.testing.assert_array_equal(np.load(f"{stem}.npy"), value)
        with Image.open(f"{stem}.png") as picture:
            np.testing.assert_array_equal(np.asarray(picture), im2uint8(value.astype(float)))


def test_segmentation_is_what_consistency_gets():
    a, b = np.random.default_rng(7).random((2, 40, 44))
    _, values = traced(a, b, network=Fixed(np.random.default_rng(8).random(score_shape((40, 44)))))
    np.testing.assert_array_equal(values["consistency"], consistency(values["segmentation"], 18))  # ceil(17.6)


def test_a_fusion_can_be_sent_to_another_process():
    a, b = np.random.default_rng(2).random((2, 24, 30))
    fused = fuse(a, b, LocalEnergy())
    again = pickle.loads(pickle.dumps(fused))
    np.testing.assert_array_equal(again.image, fused.image)
    assert list(again.steps) == list(fused.steps)
    with pytest.raises(TypeError):
        again.steps["fusion"] = a
