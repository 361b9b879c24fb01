"""Each step against its definition: properties, plain loops, and the cases where a wrong version shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matlab_compat import bwareaopen, guidedfilter, im2uint8, uint8
from reference.parameters import PAPER, FusionParameters
from reference.steps import (
    consistency,
    focus_map,
    fusion,
    gray,
    guide,
    guided_filter,
    mixed_pooling,
    pyramid,
    segmentation,
)
from tests.support import oracles
from tests.support.strategies import UNIT, binary_maps, colour_images, fields, score_grids, shapes

# -- 1 gray


@given(UNIT)
@example(1.0)
def test_gray_of_equal_channels_is_their_value(v):
    assert abs(gray(np.full((1, 1, 3), v))[0, 0] - v) <= 3e-16


@given(colour_images())
def test_gray_lies_between_the_channels(image):
    result = gray(image)
    assert np.all(result >= image.min(axis=2) - 3e-16)
    assert np.all(result <= image.max(axis=2) + 3e-16)


@given(colour_images(), st.integers(0, 2), UNIT)
def test_gray_is_monotone(image, channel, amount):
    brighter = image.copy()
    brighter[..., channel] += amount * (1 - brighter[..., channel])
    assert np.all(gray(brighter) >= gray(image) - 3e-16)


@given(colour_images())
def test_gray_of_doubles_and_of_bytes_agree_after_rounding(image):
    from matlab_compat import rgb2gray

    stored = im2uint8(image)
    through_doubles = gray(stored / 255.0) * 255
    # A grey level exactly between two integers may go either way: the double route divides by 255 first.
    unclear = np.abs(through_doubles % 1 - 0.5) < 1e-9
    same = uint8(through_doubles) == rgb2gray(stored)
    assert np.all(same | unclear)


def test_gray_of_a_gray_image_is_the_image():
    image = np.linspace(0, 1, 12).reshape(3, 4)
    assert gray(image) is image


# -- 2 pyramid


@given(fields(), st.integers(1, 4))
def test_pyramid_sizes_halve_upwards(image, levels):
    for level, reduced in enumerate(pyramid(image, levels)):
        assert reduced.shape == tuple(-(-side // 2**level) for side in image.shape)


@given(fields())
def test_pyramid_equals_the_two_dimensional_sum(image):
    np.testing.assert_allclose(pyramid(image, 2)[1], oracles.pyramid_reduce(image), atol=1e-15)


@given(shapes(), UNIT)
def test_pyramid_keeps_constants(shape, value):
    np.testing.assert_allclose(pyramid(np.full(shape, value), 3)[2], value, atol=1e-15)


@given(fields())
def test_pyramid_commutes_with_transposing(image):
    for level, turned in zip(pyramid(image, 3), pyramid(image.T, 3), strict=True):
        np.testing.assert_allclose(level, turned.T, atol=1e-15)


@given(shapes(), st.data())
def test_pyramid_is_linear(shape, data):
    x, y = (data.draw(fields(shape=shape)) for _ in range(2))
    mixed = pyramid(0.25 * x + 0.5 * y, 2)[1]
    np.testing.assert_allclose(mixed, 0.25 * pyramid(x, 2)[1] + 0.5 * pyramid(y, 2)[1], atol=1e-15)


# -- 4 focus map


@given(score_grids())
@example(((16, 16), np.array([[0.25]])))
def test_focus_map_equals_counting_overlaps(case):
    shape, scores = case
    np.testing.assert_allclose(focus_map(scores, shape), oracles.focus_map(scores, shape), atol=1e-14)


@pytest.mark.parametrize("rows", range(16, 34))
def test_focus_map_at_every_border_residue(rows):
    shape = (rows, 35 - rows // 2)
    scores = np.random.default_rng(rows).random(((rows + 1) // 2 - 7, (shape[1] + 1) // 2 - 7))
    np.testing.assert_allclose(focus_map(scores, shape), oracles.focus_map(scores, shape), atol=1e-14)


@given(score_grids())
def test_focus_map_adds_patches_in_row_order(case):
    """To the last bit: the order of the sums is part of the definition."""
    shape, scores = case
    rows, columns = scores.shape
    total, count = np.zeros((2, 2 * rows + 14, 2 * columns + 14))
    for j, i in np.ndindex(rows, columns):
        total[2 * j : 2 * j + 16, 2 * i : 2 * i + 16] += scores[j, i]
        count[2 * j : 2 * j + 16, 2 * i : 2 * i + 16] += 1
    height, width = shape
    np.testing.assert_array_equal(focus_map(scores, shape), (total / count)[:height, :width])


@given(score_grids())
def test_focus_map_stays_within_the_scores_and_turns_with_them(case):
    shape, scores = case
    result = focus_map(scores, shape)
    assert result.min() >= scores.min() - 1e-15
    assert result.max() <= scores.max() + 1e-15
    np.testing.assert_allclose(focus_map(1 - scores, shape), 1 - result, atol=1e-14)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_focus_map_keeps_undecided_scores_exactly(value):
    """A plain region is 0.5 exactly, so that the strict threshold sees the tie."""
    assert np.all(focus_map(np.full((9, 13), value), (31, 40)) == value)


# -- 5 mixed pooling


@given(fields(), st.sampled_from([1, 3, 5, 9, 33]), UNIT)
def test_mixed_pooling_equals_plain_loops(image, window, p):
    np.testing.assert_allclose(
        mixed_pooling(image, window, p), oracles.mixed_pooling(image, window, p), rtol=0, atol=1e-12
    )


@given(fields(), st.sampled_from([3, 7]), UNIT)
def test_mixed_pooling_of_side_b_is_that_of_the_complement(image, window, p):
    pooled = mixed_pooling(image, window, p, "b")
    np.testing.assert_allclose(pooled, 1 - oracles.mixed_pooling(1 - image, window, p), atol=1e-12)
    assert np.all(mixed_pooling(image, window, 1.0, "a") >= image)
    assert np.all(mixed_pooling(image, window, 1.0, "b") <= image + 1e-15)


def test_mixed_pooling_with_window_1_has_no_effect():
    image = np.random.default_rng(1).random((5, 6))
    assert mixed_pooling(image, 1, 0.5) is image


# -- 6 segmentation


@given(fields(), st.data())
def test_segmentation_is_monotone_and_gives_halves_to_b(image, data):
    more = np.maximum(image, data.draw(fields(shape=image.shape)))
    assert np.all(segmentation(more) >= segmentation(image))
    assert not segmentation(image)[image == 0.5].any()
    assert segmentation(image).dtype == np.bool_


def test_segmentation_at_the_neighbours_of_one_half():
    values = np.array([[np.nextafter(0.5, 0), 0.5, np.nextafter(0.5, 1)]])
    assert segmentation(values).tolist() == [[False, False, True]]


# -- 7 consistency


@given(binary_maps(most=12), st.integers(0, 20))
@example(np.eye(5, dtype=bool), 5)  # four neighbours would take the diagonal apart
def test_consistency_equals_flood_fill(image, area):
    expected = ~oracles.area_open(~oracles.area_open(image, area), area)
    np.testing.assert_array_equal(consistency(image, area), expected)


@given(binary_maps(most=12), st.integers(0, 20))
def test_consistency_twice_is_once(image, area):
    once = consistency(image, area)
    np.testing.assert_array_equal(consistency(once, area), once)


@given(binary_maps(), st.integers(0, 1))
def test_consistency_with_area_0_or_1_changes_nothing(image, area):
    np.testing.assert_array_equal(consistency(image, area), image)


@given(binary_maps(), st.integers(0, 30))
def test_consistency_commutes_with_transposing(image, area):
    np.testing.assert_array_equal(consistency(image.T, area), consistency(image, area).T)


def test_consistency_keeps_a_region_of_exactly_the_area():
    image = np.zeros((10, 10), dtype=bool)
    image[2:4, 2:5] = True  # six pixels
    assert consistency(image, 6).sum() == 6
    assert consistency(image, 7).sum() == 0


def test_consistency_fills_small_holes():
    image = np.ones((10, 10), dtype=bool)
    image[4:6, 4:6] = False
    assert consistency(image, 5).all()
    assert not consistency(image, 4)[4, 4]


def test_consistency_does_not_commute_with_swapping_the_sources():
    """Two halves, both too small: the map is opened first, so both it and its complement end as all B."""
    image = np.zeros((4, 4), dtype=bool)
    image[:, :2] = True
    assert not consistency(image, 9).any()
    assert not consistency(~image, 9).any()


@pytest.mark.parametrize(("shape", "area"), [((520, 520), 2704), ((259, 341), 884), ((16, 16), 3), ((10, 10), 1)])
def test_small_region_area_is_rounded_up(shape, area):
    assert PAPER.area(shape) == area
    assert FusionParameters(small_region_area=7).area(shape) == 7


def test_bwareaopen_takes_numbers_as_true():
    assert bwareaopen(np.array([[0.0, 0.2, -3.0]]), 2).tolist() == [[False, True, True]]


# -- 8 guide and guided filter


@given(binary_maps(), st.data())
def test_guide_picks_pixels_exactly(chosen, data):
    gray_a, gray_b = (data.draw(fields(shape=chosen.shape)) for _ in range(2))
    np.testing.assert_array_equal(guide(gray_a, gray_b, chosen), np.where(chosen, gray_a, gray_b))


@given(fields(most=9), st.integers(0, 5), st.sampled_from([1e-3, 0.1, 0.3]), st.data())
def test_guided_filter_equals_direct_windows(image, radius, eps, data):
    target = data.draw(fields(shape=image.shape)) > 0.5
    expected = oracles.guided_filter(image, target.astype(float), radius, eps)
    np.testing.assert_allclose(guided_filter(image, target, radius, eps), expected, atol=1e-11)


@given(fields(), st.integers(0, 30), st.booleans())
def test_guided_filter_returns_a_constant_target(image, radius, value):
    """Windows larger than the image included."""
    target = np.full(image.shape, value)
    np.testing.assert_allclose(guided_filter(image, target, radius, 0.1), float(value), atol=1e-11)


@given(fields(), st.integers(0, 8), st.data())
def test_guided_filter_is_affine_in_its_target(image, radius, data):
    target = data.draw(fields(shape=image.shape))
    changed = guidedfilter(image, 0.5 * target + 0.25, radius, 0.1)
    np.testing.assert_allclose(changed, 0.5 * guidedfilter(image, target, radius, 0.1) + 0.25, atol=1e-11)


@given(fields(), st.integers(0, 8), st.data())
def test_guided_filter_commutes_with_transposing(image, radius, data):
    target = data.draw(fields(shape=image.shape)) > 0.5
    turned = guided_filter(image.T, target.T, radius, 0.1).T
    np.testing.assert_allclose(turned, guided_filter(image, target, radius, 0.1), atol=1e-11)


# -- 9 fusion and the cast


@given(binary_maps(), st.data())
def test_fusion_by_zeros_and_ones_copies_exactly(chosen, data):
    a, b = (data.draw(colour_images(shape=chosen.shape)) for _ in range(2))
    np.testing.assert_array_equal(fusion(a, b, chosen.astype(float)), np.where(chosen[..., None], a, b))


@given(fields(), st.data())
def test_fused_pixels_lie_between_the_sources_for_a_map_within_0_1(decision_map, data):
    a, b = (data.draw(colour_images(shape=decision_map.shape)) for _ in range(2))
    fused = fusion(a, b, decision_map)
    assert np.all(fused >= np.minimum(a, b) - 2e-16)
    assert np.all(fused <= np.maximum(a, b) + 2e-16)


@given(fields(levels=256), st.data())
def test_fusing_an_image_with_itself_gives_it_back(image, data):
    """For all 256 grey levels and any weight in [0, 1], after the cast."""
    weight = data.draw(fields(shape=image.shape))
    np.testing.assert_array_equal(im2uint8(fusion(image, image, weight)), uint8(image * 255))


@given(UNIT, UNIT, UNIT)
@example(0.1, 0.7, 0.3)
def test_fusion_keeps_the_order_of_arithmetic(a, b, weight):
    """A D + B (1 - D), not B + D (A - B): the last digit is part of the definition."""
    fused = fusion(*(np.array([[value]]) for value in (a, b, weight)))[0, 0]
    assert fused == a * weight + b * (1.0 - weight)


def test_all_256_levels_survive_fusion_with_themselves():
    levels = (np.arange(256) / 255.0).reshape(16, 16)
    for weight in (0.0, 0.1, 1 / 3, 0.5, 0.999, 1.0):
        fused = im2uint8(fusion(levels, levels, np.full((16, 16), weight)))
        np.testing.assert_array_equal(fused.ravel(), np.arange(256))


@given(fields(), st.data())
def test_swapping_sources_and_map_changes_only_the_last_digit(decision_map, data):
    """1 - (1 - D) is not always D in double arithmetic."""
    a, b = (data.draw(fields(shape=decision_map.shape)) for _ in range(2))
    np.testing.assert_allclose(fusion(b, a, 1 - decision_map), fusion(a, b, decision_map), atol=3e-16)


@given(st.floats(-1e3, 1e3) | st.integers(-600, 600).map(lambda n: n / 2))
@example(0.49999999999999994)
@example(2.5)
def test_uint8_equals_exact_rounding(value):
    assert uint8(np.array([value]))[0] == min(max(oracles.round_half_away(value), 0), 255)


def test_uint8_of_what_is_no_number():
    assert uint8(np.array([np.nan, np.inf, -np.inf])).tolist() == [0, 255, 0]


def test_every_grey_level_survives_the_way_to_double_and_back():
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(im2uint8(levels / 255), levels)


# -- what steps refuse, in one sentence with the values


GOOD = np.full((20, 21), 0.5)
BINARY = np.zeros((20, 21), dtype=bool)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: gray(np.zeros((4, 4, 4))), r"image has shape \(4, 4, 4\), but an image is"),
        (lambda: gray(np.full((4, 4), 1.5)), r"image has values from 1.5 to 1.5, but they must lie in \[0, 1\]"),
        (lambda: gray(np.full((4, 4), np.nan)), "values from nan to nan"),
        (lambda: pyramid(GOOD, 0), "levels is 0, but a pyramid has at least 1"),
        (lambda: pyramid(np.zeros((0, 4)), 1), r"gray has shape \(0, 4\): there is nothing in it"),
        (lambda: focus_map(np.zeros((3, 3)), (20, 21)), r"are \(3, 3\), but an image of \(20, 21\) has \(3, 4\)"),
        (lambda: focus_map(np.zeros((3, 3)), (15, 20)), r"the image is \(15, 20\), but a patch is 16 x 16 pixels"),
        (lambda: mixed_pooling(GOOD, 4, 0.5), "window is 4, but a window around a pixel is odd"),
        (lambda: mixed_pooling(GOOD, 3, 1.5), r"p is 1.5, but a probability lies in \[0, 1\]"),
        (lambda: mixed_pooling(GOOD, 3, 0.5, "c"), "side is 'c'"),
        (lambda: segmentation(GOOD * 3), "focus_map has values from 1.5 to 1.5"),
        (lambda: consistency(BINARY, -1), "area is -1, but bwareaopen takes a whole number of pixels, 0 or more"),
        (lambda: consistency(np.zeros((2, 2, 2), bool), 1), r"not \(2, 2, 2\)"),
        (lambda: guide(GOOD, GOOD[:5], BINARY), r"gray_b is \(5, 21\) but gray_a is \(20, 21\)"),
        (lambda: guided_filter(GOOD[:, :20], BINARY, 8, 0.1), r"consistent_map is \(20, 21\) but guide is \(20, 20\)"),
        (lambda: guided_filter(GOOD, BINARY, -1, 0.1), "radius is -1"),
        (lambda: guided_filter(GOOD, BINARY, 8, 0.0), "eps is 0.0, but flat parts of the guide need it above 0"),
        (lambda: guidedfilter(GOOD, GOOD[:5], 8, 0.1), r"target is \(5, 21\) but guide is \(20, 21\)"),
        (lambda: guidedfilter(GOOD, GOOD, 8, -0.1), "eps is -0.1"),
        (lambda: fusion(GOOD, GOOD[:5], GOOD), r"image_b is \(5, 21\) but image_a is \(20, 21\)"),
        (lambda: fusion(GOOD, GOOD, GOOD[:5]), r"decision_map is \(5, 21\) but image_a is \(20, 21\)"),
    ],
)  # fmt: skip
def test_wrong_input_gets_one_sentence_with_the_values(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def test_bytes_are_not_taken_for_fractions():
    with pytest.raises(TypeError, match="image is uint8, but the steps compute in float64"):
        gray(np.zeros((4, 4), dtype=np.uint8))
