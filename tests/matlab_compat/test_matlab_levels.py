"""stretchlim, imadjust, histeq, imhistmatch and multissim against their definitions, and what they refuse."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_compat import histeq, imadjust, imhist, imhistmatch, multissim, ssim, stretchlim
from tests.support.strategies import fields


@given(fields(most=7), st.integers(0, 49), st.integers(51, 100))
def test_limits_leave_the_shares_beyond(image, low, high):
    """Sorted: low is the least level with more than its share at or below it."""
    levels = (image * 255).astype(np.uint8)
    found = np.rint(stretchlim(levels, [low / 100, high / 100]) * 255).astype(int).tolist()
    inside = sorted(levels.ravel().tolist())

    def first(enough):
        return next(level for level in range(256) if enough(Fraction(sum(one <= level for one in inside), len(inside))))

    first_low, first_high = first(lambda part: part > low / 100), first(lambda part: part >= high / 100)
    assert found == ([first_low, first_high] if first_low != first_high else [0, 255])


def test_a_share_that_is_met_exactly_is_enough_above_and_not_below():
    levels = np.array([[10, 20, 30, 40]], np.uint8)
    assert (255 * stretchlim(levels, [0.25, 0.75])).round().tolist() == [20, 30]


def test_limits_of_colours_and_of_no_tolerance():
    image = np.stack([np.full((3, 4), 0.5), np.linspace(0, 1, 12).reshape(3, 4), np.tile([0.25, 0.75], (3, 2))], axis=2)
    found = stretchlim(image)
    assert found.shape == (2, 3)
    assert found[:, 0].tolist() == [0, 1]  # nothing between the limits
    np.testing.assert_allclose(found[:, 2], [0.25, 0.75], atol=1 / 65535)
    assert stretchlim(image[..., 2], 0).tolist() == [0.25, 0.75]
    np.testing.assert_array_equal(stretchlim(image[..., 1], 0.2), stretchlim(image[..., 1], [0.2, 0.8]))


@given(fields(most=6), st.sampled_from(["uint8", "uint16"]), st.sampled_from([[0.2, 0.7], [0, 1], [0.1, 0.9]]),
       st.sampled_from([[0, 1], [0.8, 0.3]]))  # fmt: skip
def test_levels_lie_on_a_line(image, kind, in_range, out_range):
    """In exact numbers, halves away from 0, as far as no half is decided by rounding noise."""
    top = np.iinfo(kind).max
    values = (image * top).astype(kind)
    found = imadjust(values, in_range, out_range)
    low, high, first, last = (Fraction(str(one)) for one in (*in_range, *out_range))
    for place in np.ndindex(values.shape):
        share = (min(max(Fraction(int(values[place]), top), low), high) - low) / (high - low)
        exact = (share * (last - first) + first) * top
        assert abs(exact - int(found[place])) <= Fraction(1, 2) + Fraction(1, 10**6)
    assert found.dtype == values.dtype


def test_levels_are_bent_and_classes_stay():
    image = np.array([[0.0, 0.25, 0.5, 1.0, 1.5]])
    np.testing.assert_allclose(imadjust(image, [0, 0.5], [1, 0], 2), [[1, 0.75, 0, 0, 0]], atol=1e-15)
    assert imadjust(image.astype(np.float32), [0, 1]).dtype == np.float32
    colour = np.stack([image] * 3, axis=2)
    np.testing.assert_array_equal(imadjust(colour, [0.2, 0.6])[..., 1], imadjust(image, [0.2, 0.6]))
    np.testing.assert_array_equal(imadjust(image), imadjust(image, stretchlim(image).tolist()))


@given(fields(most=8), st.integers(2, 20), st.integers(0, 99))
def test_equalization_takes_the_first_level_that_is_enough(image, bins, seed):
    levels = (image * 255).astype(np.uint8)
    target = np.random.default_rng(seed).integers(0, 5, bins)
    target[-1] += 1
    found = histeq(levels, target)
    counts = [int(one) for one in imhist(levels).counts]
    for level in range(256):
        half = 0 if level in (0, 255) else Fraction(counts[level], 2)
        needed = sum(counts[: level + 1]) - half
        first = next(
            m for m in range(bins)
            if Fraction(int(target[: m + 1].sum()) * levels.size, int(target.sum())) >= needed
        )  # fmt: skip
        assert found.t[level] == first / (bins - 1)
    np.testing.assert_array_equal(found.j, np.floor(found.t[levels] * 255 + 0.5))


def test_equalization_is_not_moved_by_rounding_noise():
    """1 / 49 * 49 is less than 1 in doubles; the first of 49 bins is enough for two pixels, of which a half counts."""
    levels = np.repeat(np.arange(1, 26), 2)[:49].astype(np.uint8).reshape(7, 7)
    assert (histeq(levels, 49).t[1:25] * 48).round().tolist() == list(range(0, 48, 2))


def test_equalization_is_flat_by_default():
    image = np.repeat(np.arange(256, dtype=np.uint8), 4).reshape(32, 32)
    found = histeq(image)
    counts = imhist(found.j, 64).counts
    assert len(np.unique(found.j)) == 64
    assert counts.min() >= 8
    assert counts.max() <= 24
    np.testing.assert_array_equal(histeq(image, 64).j, found.j)
    doubles = histeq(image / 255)
    np.testing.assert_array_equal(doubles.t, found.t)
    np.testing.assert_array_equal(doubles.j, found.t[image])
    assert histeq(image.astype(np.float32) / 255).j.dtype == np.float32


def test_colours_are_matched_channel_by_channel(rng):
    image, reference = (rng.integers(0, 256, (9, 8, 3)).astype(np.uint8) for _ in range(2))
    found = imhistmatch(image, reference, 32)
    assert found.hgram.shape == (3, 32)
    for channel in range(3):
        one = imhistmatch(image[..., channel], reference[..., channel], 32)
        np.testing.assert_array_equal(found.b[..., channel], one.b)
        np.testing.assert_array_equal(one.b, histeq(image[..., channel], imhist(reference[..., channel], 32).counts).j)
    gray = imhistmatch(image, reference[..., 0])
    np.testing.assert_array_equal(gray.b[..., 1], imhistmatch(image[..., 1], reference[..., 0]).b)


def test_one_scale_is_ssim(rng):
    a, b = (rng.integers(0, 256, (20, 23)).astype(np.float64) / 255 for _ in range(2))
    assert multissim(a, b, num_scales=1).score == pytest.approx(float(ssim(a, b).ssimval), abs=1e-14)
    levels = (a * 255).round().astype(np.uint8)
    signed = ((a * 65535).round() - 32768).astype(np.int16)
    unsigned = (a * 65535).round().astype(np.uint16)
    assert multissim(signed, signed[::-1]).score == multissim(unsigned, unsigned[::-1]).score
    assert multissim(levels, levels).score == pytest.approx(1)


def test_scales_halve_odd_sides(rng):
    """Means of 2 x 2 from the first pixel on; what is missing beyond the border repeats the last."""
    a, b = (rng.random((13, 10)) / 4 + 0.5 for _ in range(2))

    def half(z):
        z = np.pad(z, [(0, z.shape[0] % 2), (0, z.shape[1] % 2)], mode="edge")
        return (z[::2, ::2] + z[1::2, ::2] + z[::2, 1::2] + z[1::2, 1::2]) / 4

    maps = multissim(a, b, num_scales=2).quality_maps
    np.testing.assert_allclose(maps[1], ssim(half(a), half(b)).ssimmap, atol=1e-12)


GRAY, COLOUR, EMPTY = np.full((6, 6), 0.5), np.full((6, 6, 3), 0.5), np.zeros((0, 6))
NAN, WIDE = np.full((6, 6), np.nan), np.full((6, 6, 2), 0.5)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: stretchlim(EMPTY), r"not \(0, 6\)"), (lambda: stretchlim(WIDE), r"stretchlim takes .*not \(6, 6, 2\)"),
        (lambda: stretchlim(NAN), "without NaN, but 36 of its 36"),
        (lambda: stretchlim(GRAY, 0.5), "tol is 0.5, but stretchlim takes .low, high."),
        (lambda: stretchlim(GRAY, [0.9, 0.1]), r"tol is \[0.9, 0.1\]"),
        (lambda: stretchlim(GRAY, [0.1, 0.5, 0.9]), "tol is"), (lambda: stretchlim(GRAY, np.nan), "tol is nan"),
        (lambda: imadjust(COLOUR), r"imadjust takes .* with in_range, not \(6, 6, 3\)"),
        (lambda: imadjust(WIDE, [0, 1]), r"not \(6, 6, 2\)"),
        (lambda: imadjust(GRAY, [0.5, 0.5]), r"in_range is \[0.5, 0.5\], but imadjust takes a low end"),
        (lambda: imadjust(GRAY, [0, 1.5]), r"in_range is \[0, 1.5\], but imadjust takes two numbers from 0 to 1"),
        (lambda: imadjust(GRAY, [0, 1], [0, np.nan]), "out_range is"),
        (lambda: imadjust(GRAY, [0, 1], [0, 1], -1), "gamma is -1, but imadjust takes a number of 0 or more"),
        (lambda: imadjust(NAN), "without NaN"), (lambda: imadjust(EMPTY), r"not \(0, 6\)"),
        (lambda: histeq(COLOUR), r"not \(6, 6, 3\)"), (lambda: histeq(NAN), "histeq takes an image without NaN"),
        (lambda: histeq(GRAY, 1), "target is 1, but histeq takes 2 bins or more"),
        (lambda: histeq(GRAY, 2.5), "target is 2.5"), (lambda: histeq(GRAY, [0, 0]), "2 or more counts, not all 0"),
        (lambda: histeq(GRAY, [1, -1]), "histeq takes 2 or more"), (lambda: histeq(GRAY, [3]), "takes 2 or more"),
        (lambda: imhistmatch(GRAY, COLOUR), r"image is \(6, 6\) but reference is \(6, 6, 3\)"),
        (lambda: imhistmatch(WIDE, GRAY), r"image is \(6, 6, 2\)"), (lambda: imhistmatch(GRAY, NAN), "without NaN"),
        (lambda: imhistmatch(GRAY, GRAY, 1), "nbins is 1, but imhistmatch takes"),
        (lambda: imhistmatch(GRAY, EMPTY), r"imhistmatch takes .* not \(0, 6\)"),
        (lambda: multissim(GRAY, GRAY[:5]), r"image is \(6, 6\) float64 but reference is \(5, 6\)"),
        (lambda: multissim(COLOUR, COLOUR), r"not \(6, 6, 3\)"),
        (lambda: multissim(GRAY, GRAY), "num_scales is 5, but multissim takes 1 to 3 scales here"),
        (lambda: multissim(GRAY, GRAY, num_scales=0), "num_scales is 0"),
        (lambda: multissim(GRAY, GRAY, num_scales=2, scale_weights=[1]), r"scale_weights are \[1\], but .* takes 2"),
        (lambda: multissim(GRAY, GRAY, num_scales=2, scale_weights=[1, -1]), "scale_weights are"),
        (lambda: multissim(GRAY, GRAY, num_scales=2, sigma=0), "sigma is 0, but multissim takes a number above 0"),
        (lambda: multissim(GRAY, GRAY, num_scales=2, dynamic_range=0), "dynamic_range is 0"),
        (lambda: multissim(np.eye(8), 1 - np.eye(8), num_scales=2, sigma=0.3), "mean similarity of -"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: stretchlim(GRAY > 0), lambda: imadjust(GRAY.astype(np.int16)), lambda: histeq(GRAY.astype(np.uint16)),
        lambda: imhistmatch(GRAY, GRAY.astype(int)), lambda: multissim(GRAY > 0, GRAY > 0),
        lambda: multissim(GRAY + 0j, GRAY + 0j),
    ],
)  # fmt: skip
def test_other_classes_are_refused(call):
    with pytest.raises(TypeError, match=r"takes uint8.*, not "):
        call()
