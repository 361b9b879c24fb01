"""matlab_compat beyond the goldens: exact rounding, classes, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import matlab_compat
from matlab_compat import (
    boxfilter,
    bwareaopen,
    conv2,
    corr2,
    filter2,
    im2double,
    im2uint8,
    im2uint16,
    imabsdiff,
    imfilter,
    immse,
    impyramid,
    imresize,
    mean2,
    psnr,
    rgb2gray,
    round_half_away,
    saturate,
    std2,
)  # fmt: skip
from matlab_compat.resampling import Sampling, contributions
from tests.support import oracles
from tests.support.strategies import fields, shapes


@given(st.floats(-1e15, 1e15) | st.integers(-2000, 2000).map(lambda n: n / 2))
@example(0.49999999999999994)
@example(4503599627370497.5)
def test_rounding_is_exact(value):
    assert round_half_away(np.array([value]))[0] == oracles.round_half_away(value)


def test_rounding_keeps_the_class_and_what_is_no_number():
    assert round_half_away(np.array([2.5], np.float32)).dtype == np.float32
    result = round_half_away(np.array([np.nan, np.inf, -np.inf]))
    assert np.isnan(result[0])
    assert result[1:].tolist() == [np.inf, -np.inf]


def test_saturate_refuses_what_doubles_cannot_hold():
    with pytest.raises(TypeError, match="up to 32 bits, not to int64"):
        saturate(np.array([1e20]), np.int64)
    assert round_half_away(np.array([1, 2], np.uint8)).tolist() == [1, 2]


def test_saturate_narrows_integers_without_wrapping():
    assert saturate(np.array([-5, 300], np.int32), np.uint8).tolist() == [0, 255]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16])
def test_doubles_carry_every_integer_level(dtype):
    limits = np.iinfo(dtype)
    levels = np.arange(limits.min, limits.max + 1).astype(dtype)
    doubles = im2double(levels)
    assert (doubles.min(), doubles.max()) == (0, 1)
    if dtype != np.int16:
        back = {np.uint8: im2uint8, np.uint16: im2uint16}[dtype](doubles)
        np.testing.assert_array_equal(back, levels)


def test_classes_convert_by_the_documented_rules():
    sixteen = np.arange(65536, dtype=np.uint16)
    expected = [oracles.round_half_away(value / 257) for value in range(0, 65536, 97)]
    assert im2uint8(sixteen)[::97].tolist() == expected
    assert im2uint16(np.array([0, 1, 255], np.uint8)).tolist() == [0, 257, 65535]
    assert im2uint8(np.array([-32768, 0, 32767], np.int16)).tolist() == [0, 128, 255]
    assert im2uint16(np.array([-32768, 0, 32767], np.int16)).tolist() == [0, 32768, 65535]
    for convert, top in ((im2uint8, 255), (im2uint16, 65535), (im2double, 1)):
        assert convert(np.array([False, True])).tolist() == [0, top]
    assert im2uint8(np.array([0.5], np.float32)).tolist() == [128]
    for convert, dtype in ((im2uint8, np.uint8), (im2uint16, np.uint16)):
        own = np.arange(5, dtype=dtype)
        assert convert(own) is not own
        np.testing.assert_array_equal(convert(own), own)
    assert im2double(np.array([0.25], np.float32)).dtype == np.float64


def test_gray_of_each_class():
    image = np.random.default_rng(0).integers(0, 65536, (4, 5, 3), dtype=np.uint16)
    gray = rgb2gray(image)
    assert gray.dtype == np.uint16
    np.testing.assert_allclose(gray, rgb2gray(image / 65535.0) * 65535, atol=0.5 + 1e-9)
    assert rgb2gray(np.ones((1, 1, 3), np.float32)).dtype == np.float32
    assert rgb2gray(np.full((1, 1, 3), 1.5))[0, 0] == 1  # doubles are clipped to [0, 1]


METHODS = st.sampled_from(["nearest", "bilinear", "bicubic", "lanczos2", "lanczos3"])


@given(shapes(), st.sampled_from([0.3, 0.5, 1.0, 1.7, 2.0]), METHODS)
def test_imresize_keeps_constants_and_rounds_sizes_up(shape, scale, method):
    resized = imresize(np.full(shape, 0.6), scale, method)
    assert resized.shape == tuple(int(np.ceil(scale * side)) for side in shape)
    np.testing.assert_allclose(resized, 0.6, atol=1e-14)


@given(fields(), METHODS)
def test_imresize_to_the_own_size_changes_nothing(image, method):
    np.testing.assert_allclose(imresize(image, list(image.shape), method), image, atol=1e-15)


@given(fields(), st.sampled_from([0.4, 0.5, 1.5, 2.0]))
def test_imresize_of_integers_rounds_once_per_pass(image, scale):
    """Rows first when both shrink alike: resizing by hand, one dimension at a time."""
    stored = im2uint8(image)
    rows, columns = (int(np.ceil(scale * side)) for side in stored.shape)
    first = saturate(imresize(stored.astype(float), [rows, stored.shape[1]]), np.uint8)
    # By size and by scale are the same only where the scaled sides are whole: others are left out.
    assume((rows / stored.shape[0], columns / stored.shape[1]) == (scale, scale))
    expected = saturate(imresize(first.astype(float), [rows, columns]), np.uint8)
    np.testing.assert_array_equal(imresize(stored, scale), expected)


def test_imresize_takes_the_dimension_that_shrinks_most_first():
    image = np.random.default_rng(1).integers(0, 256, (40, 40), dtype=np.uint8)
    columns_first = saturate(imresize(image.astype(float), [40, 7]), np.uint8)
    expected = saturate(imresize(columns_first.astype(float), [30, 7]), np.uint8)
    np.testing.assert_array_equal(imresize(image, [30, 7]), expected)


def test_half_of_a_logical_image_is_false():
    """0 and 255 make 127.5, which rounds to 128, which is not more than 128; impyramid's golden says so."""
    assert imresize(np.array([[True, False]]), [1, 1], "box").tolist() == [[False]]
    assert imresize(np.array([[True, True, True, False]]), [1, 1], "box").tolist() == [[True]]


def test_imresize_keeps_the_aspect_for_nan():
    image = np.zeros((30, 45, 3), np.uint8)
    assert imresize(image, [10, np.nan]).shape == (10, 15, 3)
    assert imresize(image, [np.nan, 10]).shape == (7, 10, 3)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32, np.float64, np.bool_])
def test_resizing_keeps_the_class(dtype):
    image = (np.arange(64).reshape(8, 8) % 2).astype(dtype)
    for resized in (imresize(image, 2), imresize(image, 0.5), impyramid(image, "reduce"), impyramid(image, "expand")):
        assert resized.dtype == dtype


@given(fields())
def test_impyramid_expand_interpolates_between_the_samples(image):
    expanded = impyramid(image, "expand")
    assert expanded.shape == tuple(2 * side - 1 for side in image.shape)
    one = impyramid(image[:1], "expand")  # a single row: [1 6 1] / 8 on samples, [4 4] / 8 between
    np.testing.assert_allclose(one[0, 1::2], (image[0, 1:] + image[0, :-1]) / 2, atol=1e-15)


def test_resampling_borders():
    _, mirrored = contributions(3, Sampling(3, 1.0, lambda d: (np.abs(d) <= 2).astype(float), 4.0))
    _, clamped = contributions(3, Sampling(3, 1.0, lambda d: (np.abs(d) <= 2).astype(float), 4.0, "clamp"))
    assert mirrored.tolist() == [[1, 0, 0, 1, 2], [0, 0, 1, 2, 2], [0, 1, 2, 2, 1]]
    assert clamped.tolist() == [[0, 0, 0, 1, 2], [0, 0, 1, 2, 2], [0, 1, 2, 2, 2]]


@given(fields(most=9), st.integers(0, 12))
def test_boxfilter_sums_windows_cut_off_at_the_border(image, radius):
    sums = boxfilter(image, radius)
    for place, pixels in oracles.windows(image, radius):
        assert abs(sums[place] - pixels.sum()) < 1e-11


@given(fields(), st.data())
def test_psnr_is_symmetric_and_follows_immse(image, data):
    other = data.draw(fields(shape=image.shape))
    assert psnr(image, other) == psnr(other, image)
    assert immse(image, other) == pytest.approx(np.mean((image - other) ** 2))
    assert psnr(image, image) == np.inf


def test_psnr_peak_follows_the_class():
    zero, one = np.zeros((2, 2)), np.ones((2, 2))
    assert psnr(zero, one) == 0
    assert psnr(zero.astype(np.uint8), (255 * one).astype(np.uint8)) == 0
    assert psnr(zero.astype(np.uint16), (65535 * one).astype(np.uint16)) == 0
    assert psnr(zero.astype(np.int16), one.astype(np.int16)) == pytest.approx(20 * np.log10(65535))
    assert psnr(zero, one, peak=10) == 20


CALLS = {
    "bwareafilt": (2,), "bwareaopen": (2,), "boxfilter": (2,), "conv2": (np.ones((2, 3)),),
    "imfilter": (np.ones((2, 3)),),
    "imresize": (0.7,), "impyramid": ("reduce",), "padarray": ([2, 3], "symmetric"),
    "bwmorph": ("thin",), "imhistmatch": (0,), "multissim": (0,),
    "immse": (0,), "psnr": (0,), "ssim": (0,), "corr2": (0,), "filter2": (np.ones((2, 3)),), "imabsdiff": (0,),
    **dict.fromkeys(("imdilate", "imerode", "imopen", "imclose", "imtophat", "imbothat"), (np.ones((3, 3)),)),
    "ordfilt2": (3, np.ones((3, 3))), "im2col": ([2, 3],), "col2im": ([2, 3], [34, 22]), "imnoise": ("poisson",),
    "guidedfilter": (0, 2, 0.1), "fast_guidedfilter": (0, 2, 0.1), "saturate": (np.uint8,),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(matlab_compat.__all__) - {"fspecial", "strel"}))
@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_memory_layout_is_of_no_account_and_input_stays(name, dtype):
    """Column order, strides, read-only: as arrays of other programs come."""
    if name == "fast_guidedfilter":
        pytest.importorskip("cv2", exc_type=ImportError)
    rng = np.random.default_rng(0)
    shape = (33, 20, 3) if name in ("rgb2gray", "rgb2ycbcr", "ycbcr2rgb", "rgb2hsv", "hsv2rgb") else (33, 20)
    plain = (rng.random(shape) * (255 if dtype == np.uint8 else 1)).astype(dtype)
    if name == "regionprops":
        plain = np.round(plain)  # labels
    if dtype == np.uint8 and name in ("guidedfilter", "fast_guidedfilter", "hsv2rgb"):
        plain = plain / 255
    strided = np.repeat(plain, 2, axis=1)[:, ::2]
    results = []
    for image in (plain, np.asfortranarray(plain), strided):
        image.flags.writeable = False
        # 0 stands for a second image; multissim takes no power of a negative similarity
        second = (image / 2).astype(dtype) if name == "multissim" else np.ascontiguousarray(image[::-1])
        rest = [second if isinstance(v, int) and v == 0 else v for v in CALLS.get(name, ())]
        seeded = {"rng": np.random.default_rng(0)} if name == "imnoise" else {}
        made = getattr(matlab_compat, name)(image, *rest, **seeded)
        results.append([np.asarray(v) for v in made if not isinstance(v, list)] if isinstance(made, tuple) else [made])
        assert not any(np.shares_memory(image, v) for v in results[-1] if isinstance(v, np.ndarray))
    for other in results[1:]:
        for ours, expected in zip(other, results[0], strict=True):
            np.testing.assert_allclose(np.asarray(ours, float), np.asarray(expected, float), rtol=1e-12, atol=1e-13)


COMPLEX = np.zeros((4, 4), complex)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: im2double(COMPLEX), TypeError, "im2double takes .* not complex128"),
        (lambda: im2uint8(COMPLEX), TypeError, "im2uint8 takes .* not complex128"),
        (lambda: im2uint16(COMPLEX), TypeError, "im2uint16 takes .* not complex128"),
        (lambda: rgb2gray(np.zeros((4, 4))), ValueError, r"not \(4, 4\)"),
        (lambda: rgb2gray(np.zeros((4, 4, 3), int)), TypeError, "not int64"),
        (lambda: imresize(np.zeros((4, 4)), 2, "spline"), ValueError, "method is 'spline', but imresize knows"),
        (lambda: imresize(np.zeros((4, 0)), 2), ValueError, r"not \(4, 0\)"),
        (lambda: imresize(np.zeros((4, 4), np.uint64), 2), TypeError, "not uint64"),
        (lambda: imresize(np.zeros((4, 4)), 0), ValueError, "size is 0"),
        (lambda: imresize(np.zeros((4, 4)), [np.nan, np.nan]), ValueError, "size is"),
        (lambda: imresize(np.zeros((4, 4)), [1, 2, 3]), ValueError, "size is"),
        (lambda: impyramid(np.zeros((4, 4)), "up"), ValueError, "direction is 'up'"),
        (lambda: impyramid(np.zeros(4), "reduce"), ValueError, r"not \(4,\)"),
        (lambda: bwareaopen(np.zeros((4, 4)), 1, 6), ValueError, "connectivity is 6"),
        (lambda: boxfilter(np.zeros(4), 1), ValueError, r"not \(4,\)"),
        (lambda: immse(np.zeros(4), np.zeros(5)), ValueError, r"image is \(4,\) float64 but reference is \(5,\)"),
        (lambda: immse(np.zeros(4), np.zeros(4, np.uint8)), ValueError, "float64 but reference is"),
    ],
)
def test_wrong_input_is_named(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


# -- means, correlation, differences


@given(fields(most=8), st.integers(0, 5))
def test_mean_deviation_and_correlation_equal_plain_sums(image, seed):
    other = np.random.default_rng(seed).random(image.shape)
    values, others = image.ravel().tolist(), other.ravel().tolist()
    mean, of_other = (math.fsum(numbers) / len(numbers) for numbers in (values, others))
    assert mean2(image) == pytest.approx(mean, abs=1e-15)
    squares = math.fsum((value - mean) ** 2 for value in values)
    deviation = math.sqrt(squares / (len(values) - 1)) if len(values) > 1 else 0.0
    assert std2(image) == pytest.approx(deviation, abs=1e-12)
    if image.size > 1 and np.ptp(image) > 1e-3:
        products = math.fsum((x - mean) * (y - of_other) for x, y in zip(values, others, strict=True))
        scale = math.sqrt(squares * math.fsum((y - of_other) ** 2 for y in others))
        assert corr2(image, other) == pytest.approx(products / scale, abs=1e-9)
        assert corr2(image, image) == pytest.approx(1)
        assert corr2(image, 1 - image) == pytest.approx(-1)


def test_a_constant_has_no_correlation():
    assert math.isnan(corr2(np.ones((3, 3)), np.eye(3)))
    assert std2(np.array([[7]], np.uint8)) == 0


@given(fields(most=7), fields(most=4))
def test_filter2_equals_correlation(image, kernel):
    np.testing.assert_allclose(filter2(kernel, image), imfilter(image, kernel, 0.0), atol=1e-13)
    np.testing.assert_allclose(filter2(kernel, image, "full"), conv2(image, kernel[::-1, ::-1]), atol=1e-13)


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.uint16, np.int32])
def test_differences_of_integers_are_exact_and_saturate(kind, rng):
    low, high = np.iinfo(kind).min, np.iinfo(kind).max
    x, y = rng.integers(low, high, (2, 20, 30), endpoint=True).astype(kind)
    expected = [
        [min(abs(int(p) - int(q)), high) for p, q in zip(*rows, strict=True)] for rows in zip(x, y, strict=True)
    ]
    found = imabsdiff(x, y)
    assert found.dtype == kind
    assert found.tolist() == expected


def test_what_is_unlike_is_refused():
    with pytest.raises(ValueError, match="imabsdiff takes two alike"):
        imabsdiff(np.zeros((2, 2)), np.zeros((2, 2), np.uint8))
    with pytest.raises(ValueError, match="corr2 takes two matrices of one size"):
        corr2(np.zeros((2, 2)), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="mean2 takes a non-empty array"):
        mean2(np.zeros((0, 2)))
    with pytest.raises(ValueError, match="filter2 takes a non-empty matrix"):
        filter2(np.zeros(3), np.zeros((2, 2)))
    with pytest.raises(TypeError, match="std2 takes"):
        std2(np.zeros((2, 2), complex))
