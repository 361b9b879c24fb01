"""medfilt2, ordfilt2, im2col, col2im, bwdist, rgb2hsv and hsv2rgb against their definitions."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_compat import bwdist, col2im, hsv2rgb, im2col, medfilt2, ordfilt2, rgb2hsv
from tests.support.strategies import fields

sides = st.tuples(st.integers(1, 4), st.integers(1, 4))


def neighbours(image, within, padding):
    """The values over the domain of every pixel, column by column of the image, from a wide border."""
    far = max(within.shape)
    mode = {"mode": "constant"} if padding == "zeros" else {"mode": "symmetric"}
    wide = np.pad(image, far, **mode)
    places = np.argwhere(within) - [(side - 1) // 2 for side in within.shape]
    for y, x in np.ndindex(image.shape):
        yield (y, x), sorted(wide[y + far + j, x + far + i] for j, i in places)


@given(fields(most=6), sides, st.sampled_from(["zeros", "symmetric"]), st.integers(0, 99))
def test_order_statistics_equal_their_definition(image, size, padding, seed):
    within = np.random.default_rng(seed).random(size) > 0.4
    within[0, 0] = True
    order = 1 + seed % int(within.sum())
    found = ordfilt2(image, order, within, padding)
    for place, values in neighbours(image, within, padding):
        assert found[place] == values[order - 1]


@given(
    fields(most=6), st.one_of(sides, st.sampled_from([(3, 3), (5, 5), (7, 7)])),
    st.sampled_from(["zeros", "symmetric"]),
    st.sampled_from(["uint8", "int16", "uint16", "float32", "float64", "bool"]),
)  # fmt: skip
def test_medians_equal_their_definition(image, size, padding, kind):
    """OpenCV computes the odd squares of some classes: the same."""
    values = image > 0.5 if kind == "bool" else (image * 200).astype(kind)
    found = medfilt2(values, size, padding)
    assert found.dtype == values.dtype
    for place, sorted_values in neighbours(values, np.ones(size, bool), padding):
        middle = np.asarray(sorted_values[(len(sorted_values) - 1) // 2 : len(sorted_values) // 2 + 1], float).mean()
        assert found[place] == (values.dtype.type(middle) if kind.startswith("float") else int(middle))


def test_the_example_of_the_documentation_loses_its_fraction():
    assert medfilt2(np.array([[1, 5], [4, 8]], dtype=np.uint8), [2, 2])[0, 0] == 4  # true median 4.5


@given(fields(most=9), sides)
def test_columns_hold_the_blocks(image, size):
    rows, columns = size
    sliding = im2col(image, size)
    number = 0
    for x in range(image.shape[1] - columns + 1):
        for y in range(image.shape[0] - rows + 1):
            block = image[y : y + rows, x : x + columns]
            np.testing.assert_array_equal(sliding[:, number], block.ravel(order="F"))
            number += 1
    assert sliding.shape == (rows * columns, number)


@given(fields(most=9), sides)
def test_distinct_blocks_come_back(image, size):
    columns = im2col(image, size, "distinct")
    np.testing.assert_array_equal(col2im(columns, size, image.shape, "distinct"), image)
    if image.shape[0] >= size[0] and image.shape[1] >= size[1]:
        means = im2col(image, size).mean(axis=0)
        found = col2im(means, size, image.shape)
        assert found.shape == (image.shape[0] - size[0] + 1, image.shape[1] - size[1] + 1)
        np.testing.assert_array_equal(found[:, 0], means[: found.shape[0]])


@given(fields(most=8, levels=4), st.sampled_from(["euclidean", "cityblock", "chessboard"]))
def test_distances_are_the_least_of_all(image, method):
    mask = image > 0.7
    norms = {
        "euclidean": np.hypot,
        "cityblock": lambda y, x: abs(y) + abs(x),
        "chessboard": lambda y, x: max(abs(y), abs(x)),
    }
    found = bwdist(mask, method)
    assert found.dtype == np.float32
    for y, x in np.ndindex(mask.shape):
        least = min((norms[method](int(y - j), int(x - i)) for j, i in np.argwhere(mask)), default=np.inf)
        assert found[y, x] == np.float32(least)


@given(st.integers(0, 2**32 - 1))
def test_hues_equal_the_standard_library_and_come_back(seed):
    colours = np.random.default_rng(seed).integers(0, 5, (6, 5, 3)) / 4
    found = rgb2hsv(colours)
    for place in np.ndindex(colours.shape[:2]):
        np.testing.assert_allclose(found[place], colorsys.rgb_to_hsv(*colours[place]), atol=1e-15)
    np.testing.assert_allclose(hsv2rgb(found), colours, atol=1e-15)
    np.testing.assert_allclose(hsv2rgb(found.reshape(-1, 3)), colours.reshape(-1, 3), atol=1e-15)


def test_classes_of_hues():
    assert rgb2hsv(np.ones((2, 2, 3), np.float32)).dtype == np.float32
    assert rgb2hsv(np.full((2, 2, 3), 65535, np.uint16)).tolist() == [[[0, 0, 1]] * 2] * 2
    assert hsv2rgb(np.array([[1.0, 1, 1]])).tolist() == [[1, 0, 0]]  # a hue of 1 is red again


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: ordfilt2(np.ones((3, 3)), 10, np.ones((3, 3))), "order is 10, but ordfilt2 takes .* 1 to 9"),
        (lambda: ordfilt2(np.ones((3, 3)), 1, np.zeros((3, 3))), "takes a matrix with a pixel in it"),
        (lambda: ordfilt2(np.ones((3, 3)), 1, np.ones((3, 3)), "edge"), "padding is 'edge'"),
        (lambda: medfilt2(np.ones((3, 3), np.uint8), [3, 3], "edge"), "padding is 'edge'"),
        (lambda: medfilt2(np.ones((3, 3)), [3]), "size is .3., but medfilt2 takes two whole numbers"),
        (lambda: medfilt2(np.full((3, 3), np.nan, np.float32)), "without NaN"),
        (lambda: im2col(np.ones((3, 3)), [2, 0]), "but im2col takes two whole numbers"),
        (lambda: im2col(np.ones((3, 3)), [2, 2], "all"), "kind is 'all'"),
        (lambda: col2im(np.ones((4, 3)), [2, 2], [4, 4], "distinct"), r"takes \(4, 4\)"),
        (lambda: col2im(np.ones(5), [2, 2], [3, 3]), "columns hold 5 values"),
        (lambda: col2im(np.ones(4), [2, 2], [3, 3], "all"), "kind is 'all'"),
        (lambda: bwdist(np.ones((3, 3)), "quasi-euclidean"), "method is 'quasi-euclidean'"),
        (lambda: hsv2rgb(np.full((1, 1, 3), 1.5)), "values from 0 to 1, not from 1.5 to 1.5"),
        (lambda: rgb2hsv(np.ones((3, 4))), "rgb2hsv takes .H, W, 3. or a colour map"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
