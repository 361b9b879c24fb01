"""strel, dilation, erosion, opening, closing and the two hats against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_compat import imbothat, imclose, imdilate, imerode, imopen, imtophat, strel
from tests.support.strategies import fields

neighbourhoods = st.integers(1, 4).flatmap(lambda rows: st.integers(1, 4).flatmap(lambda columns: st.lists(
    st.booleans(), min_size=rows * columns, max_size=rows * columns).map(lambda of: np.array(of).reshape(rows, columns))
)).filter(lambda within: within.any())  # fmt: skip


def by_definition(image, within, largest):
    """max A(y - j, x - i) or min A(y + j, x + i) over the pixels of the element, from its middle on, one by one."""
    middle = [(side - 1) // 2 for side in within.shape]
    sign, pick = (-1, max) if largest else (1, min)
    found = np.empty(image.shape)
    for y, x in np.ndindex(image.shape):
        places = ((y + sign * (j - middle[0]), x + sign * (i - middle[1])) for j, i in np.argwhere(within))
        values = [image[p, q] for p, q in places if 0 <= p < image.shape[0] and 0 <= q < image.shape[1]]
        found[y, x] = pick(values) if values else (-np.inf if largest else np.inf)
    return found


@given(fields(most=7), neighbourhoods)
def test_dilation_and_erosion_equal_their_definitions(image, within):
    np.testing.assert_array_equal(imdilate(image, within), by_definition(image, within, largest=True))
    np.testing.assert_array_equal(imerode(image, within), by_definition(image, within, largest=False))


@given(fields(most=7), neighbourhoods, st.sampled_from(["uint8", "int8", "uint16", "int16", "int32", "float32"]))
def test_classes_are_treated_alike(image, within, kind):
    """OpenCV computes some classes and scipy the others: where the element sees nothing, the class's limit stays."""
    values = (image * 100).astype(kind)
    for function in (imdilate, imerode):
        expected = by_definition(values, within, largest=function is imdilate)
        if kind != "float32":
            expected = np.clip(expected, np.iinfo(kind).min, np.iinfo(kind).max)
        np.testing.assert_array_equal(function(values, within), expected)


@given(fields(most=9), neighbourhoods)
def test_opening_and_closing_are_ordered_and_done_once(image, within):
    opened, closed = imopen(image, within), imclose(image, within)
    if np.isfinite(opened).all() and np.isfinite(closed).all():  # an element off its middle may see nothing
        np.testing.assert_array_equal(imtophat(image, within), image - opened)
        np.testing.assert_array_equal(imbothat(image, within), closed - image)
    centred = np.ones((3, 3), bool)
    opened, closed = imopen(image, centred), imclose(image, centred)
    assert (opened <= image).all()
    assert (closed >= image).all()
    np.testing.assert_array_equal(imopen(opened, centred), opened)
    np.testing.assert_array_equal(imclose(closed, centred), closed)


def test_classes_stay_and_masks_are_logical(rng):
    mask = rng.random((12, 15)) > 0.5
    cross = strel("diamond", 1)
    for function in (imdilate, imerode, imopen, imclose, imtophat, imbothat):
        assert function(mask, cross).dtype == bool
        for kind in (np.uint8, np.int16, np.float32):
            values = (rng.random((12, 15, 3)) * 100).astype(kind)
            found = function(values, cross)
            assert found.dtype == kind
            np.testing.assert_array_equal(found[..., 1], function(values[..., 1], cross))
    np.testing.assert_array_equal(imerode(mask, cross), ~imdilate(~mask, cross))


def test_differences_of_integers_saturate():
    image = np.array([[-32768, -32768, 32767, -32768, -32768]], dtype=np.int16)
    assert imtophat(image, np.ones((1, 3))).tolist() == [[0, 0, 32767, 0, 0]]
    assert imbothat(~image, np.ones((1, 3))).tolist() == [[0, 0, 32767, 0, 0]]


def test_shapes_of_elements():
    assert strel("square", 4).shape == (4, 4)
    assert strel("rectangle", [2, 5]).shape == (2, 5)
    assert strel("octagon", 3).astype(int).tolist()[0] == [0, 0, 1, 1, 1, 0, 0]
    assert strel("arbitrary", [[0, 2], [1, 0]]).tolist() == [[False, True], [True, False]]
    assert strel("disk", 5).shape == (9, 9)  # n is 4 if it is not given


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        (("ball", 3), "shape is 'ball', but strel knows disk"),
        (("disk", 2.5), "radius is 2.5, but strel takes a whole"),
        (("disk", 5, 3), "n is 3, but strel takes 0, 4, 6 or 8"), (("disk",), "disk takes 1 to 2 parameters, not 0"),
        (("octagon", 4), "an octagon takes a multiple of 3"), (("rectangle", 3), "strel takes .rows, columns."),
        (("arbitrary", "x"), "strel takes a matrix of numbers"), (("square", 0), "width is 0, but strel takes a whole"),
    ],
)  # fmt: skip
def test_what_is_no_element_is_refused(parameters, sentence):
    with pytest.raises(ValueError, match=sentence):
        strel(*parameters)
    with pytest.raises(ValueError, match="takes a matrix with a pixel in it"):
        imopen(np.zeros((3, 3)), np.zeros((3, 3)))
