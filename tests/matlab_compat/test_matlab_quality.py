"""immse, psnr, ssim, piqe and the colour conversions against loops and invariants."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matlab_compat import (
    im2double,
    im2gray,
    im2single,
    im2uint8,
    mat2gray,
    piqe,
    psnr,
    rgb2gray,
    rgb2ycbcr,
    ssim,
    ycbcr2rgb,
)  # fmt: skip
from tests.support import matlab_oracles as oracle
from tests.support.strategies import class_images, colour_images, fields

SEEDS = st.integers(0, 2**32 - 1)


@given(fields(most=9), SEEDS)
def test_ssim_map_is_wangs_formula(x, seed):
    y = np.random.default_rng(seed).random(x.shape)
    ssimval, ssimmap = ssim(x, y)
    np.testing.assert_allclose(ssimmap, oracle.ssim(x, y, 1.0), atol=1e-11)
    assert ssimval == pytest.approx(ssimmap.mean())
    assert ssim(x, x).ssimval == pytest.approx(1)
    assert ssim(y, x).ssimval == pytest.approx(ssimval)


@given(fields(most=9), SEEDS)
def test_ssim_of_integers_is_that_of_their_doubles(x, seed):
    a, b = (im2uint8(z) for z in (x, np.random.default_rng(seed).random(x.shape)))
    whole = ssim(a, b)
    assert whole.ssimval == pytest.approx(ssim(a.astype(float), b.astype(float), dynamic_range=255).ssimval)
    assert whole.ssimval == pytest.approx(ssim(a / 255, b / 255).ssimval)  # the constants scale with the range


def test_ssim_of_colour_is_a_volume_unless_told():
    rng = np.random.default_rng(0)
    a, b = rng.random((9, 8, 3)), rng.random((9, 8, 3))
    by_channel = ssim(a, b, data_format="SSC")
    np.testing.assert_allclose(by_channel.ssimval, [[[ssim(a[..., c], b[..., c]).ssimval for c in range(3)]]])
    assert by_channel.ssimmap.shape == a.shape
    assert abs(float(ssim(a, b).ssimval) - by_channel.ssimval.mean()) > 0.01
    # by hand: planes of 0, 1, 0 blurred across the channels, borders replicated, are planes of 0, 1, 0 no more
    flat = np.zeros((3, 3, 3))
    flat[..., 1] = 1
    w = oracle.gaussian(11, 1.5).sum(axis=0)
    mu = np.array([sum(w[k] * flat[0, 0, min(max(c + k - 5, 0), 2)] for k in range(11)) for c in range(3)])
    expected = np.mean(0.0001 / (mu**2 + 0.0001) * 0.0009 / (mu - mu**2 + 0.0009))
    assert ssim(flat, np.zeros_like(flat)).ssimval == pytest.approx(expected)


def test_ssim_options():
    rng = np.random.default_rng(1)
    a, b = rng.random((12, 12)), rng.random((12, 12))
    plain = ssim(a, b).ssimval
    constants = (0.0001, 0.0009, 0.00045)
    assert ssim(a, b, regularization_constants=constants).ssimval == pytest.approx(plain)
    # C3 other than C2 / 2 takes the three terms apart; nearly the same constants must give nearly the same value
    assert ssim(a, b, regularization_constants=(0.0001, 0.0009, 0.00045001)).ssimval == pytest.approx(plain, abs=1e-5)
    terms = [ssim(a, b, exponents=e).ssimmap for e in ((1, 0, 0), (0, 1, 0), (0, 0, 1))]
    np.testing.assert_allclose(terms[0] * terms[1] * terms[2], ssim(a, b).ssimmap, atol=1e-12)
    assert ssim(a, 1 - a, exponents=(0, 0, 0.5)).ssimmap.min() == 0  # clamped, not complex
    assert ssim(a, 1 - a, exponents=(0, 0, 1)).ssimmap.min() < 0
    assert ssim(a.astype(np.float32), b.astype(np.float32)).ssimmap.dtype == np.float32
    spike = np.zeros((1, 41))
    spike[0, 20] = 1
    seen = ssim(spike, spike * 0, radius=2).ssimmap[0] < 1 - 1e-12
    assert seen.sum() == 13  # 2 ceil(3 radius) + 1


@pytest.mark.slow
@settings(max_examples=12)
@given(st.tuples(st.integers(1, 40), st.integers(1, 40)), SEEDS, st.sampled_from([2, 9, 60, 256]))
def test_piqe_block_by_block(shape, seed, levels):
    rng = np.random.default_rng(seed)
    smooth = np.add.outer(np.arange(shape[0]), np.arange(shape[1])) % levels
    gray = (smooth * 255 // levels + rng.integers(0, 1 + int(rng.integers(0, 60)), shape)).clip(0, 255).astype(np.uint8)
    score, *masks = oracle.piqe(gray)
    ours = piqe(gray)
    assert ours.score == pytest.approx(score, abs=1e-9)
    for mask, expected in zip(ours[1:], masks, strict=True):
        np.testing.assert_array_equal(mask, expected)


@given(class_images(most=40, logical=False))
def test_piqe_masks_and_range(image):
    if image.dtype.name not in ("uint8", "uint16", "float32", "float64"):
        image = np.full(image.shape, 3, np.uint8)
    score, active, artifacts, noise = piqe(image)
    assert 0 <= score <= 100
    assert active.shape == artifacts.shape == noise.shape == image.shape
    assert not (artifacts & ~active).any()
    assert not (noise & ~active).any()


@given(st.tuples(st.integers(1, 40), st.integers(1, 40)), st.floats(0, 1))
def test_piqe_of_a_constant_is_100(shape, level):
    assert piqe(np.full(shape, level)).score == 100
    assert piqe(np.full((*shape, 3), im2uint8(np.array(level)), np.uint8)).score == 100


def test_piqe_rounds_halves_away_when_it_rescales():
    """255 x / 170 is 1.5 x: halves at every odd level; numpy's rounding to even would give another image."""
    gray = np.random.default_rng(3).integers(0, 171, (32, 32), dtype=np.uint8)
    gray[0, 0] = 170
    rescaled = np.array([oracle.cast(Fraction(3 * int(v), 2), 0, 255) for v in gray.flat], np.uint8).reshape(32, 32)
    assert piqe(gray).score == piqe(rescaled).score
    assert (rescaled != np.round(1.5 * gray)).any()


def test_piqe_rounds_gray_before_anything_else():
    image = np.random.default_rng(4).integers(0, 256, (32, 48, 3), dtype=np.uint8)
    assert piqe(image).score == piqe(rgb2gray(image)).score


@given(fields(), SEEDS)
def test_psnr_gives_snr_with_the_mean_power_as_peak(x, seed):
    reference = np.random.default_rng(seed).random(x.shape) + 0.1
    snr = 10 * np.log10(np.mean(reference**2) / np.mean((x - reference) ** 2))
    assert psnr(x, reference, np.sqrt(np.mean(reference**2))) == pytest.approx(snr)


def test_psnr_of_infinite_error_is_minus_infinity():
    assert psnr(np.array([[np.inf]]), np.array([[0.0]])) == -np.inf


def test_mat2gray_leaves_nan_aside():
    np.testing.assert_array_equal(mat2gray([[np.nan, 1, 3]]), [[np.nan, 0, 1]])


def test_a_metric_of_nan_is_nan():
    image = np.full((4, 4), np.nan)
    assert np.isnan(psnr(image, np.zeros((4, 4))))
    assert np.isnan(ssim(image, np.zeros((4, 4))).ssimval)


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=9))
def test_ycbcr_of_bytes_is_the_rational_matrix_rounded(colours):
    image = np.array([colours], np.uint8)
    matrix = ((65481, 128553, 24966), (-37797, -74203, 112000), (112000, -93786, -18214))
    for colour, ours in zip(colours, rgb2ycbcr(image)[0], strict=True):
        exact = [Fraction(sum(m * c for m, c in zip(row, colour, strict=True)), 255000) for row in matrix]
        assert ours.tolist() == [oracle.cast(v + o, 0, 255) for v, o in zip(exact, (16, 128, 128), strict=True)]


def test_ycbcr_half_is_exact_and_rounds_up():
    """One of the 206 colours on a half: 65.481 R + 128.553 G + 24.966 B = 255 k + 127.5."""
    matrix = np.array([65481, 128553, 24966])
    colours = np.random.default_rng(0).integers(0, 256, (2_000_000, 3))
    halves = colours[(colours @ matrix) % 255000 == 127500]
    assert len(halves)
    expected = (halves @ matrix) // 255000 + 16 + 1
    np.testing.assert_array_equal(rgb2ycbcr(halves[None].astype(np.uint8))[0, :, 0], expected)


@given(colour_images())
def test_ycbcr_there_and_back(image):
    ycbcr = rgb2ycbcr(image)
    np.testing.assert_allclose(ycbcr2rgb(ycbcr), image, atol=1e-14)
    assert ycbcr[..., 0].min() >= 16 / 255 - 1e-15
    assert ycbcr[..., 0].max() <= 235 / 255 + 1e-15
    assert ycbcr[..., 1:].min() >= 16 / 255 - 1e-15
    assert ycbcr[..., 1:].max() <= 240 / 255 + 1e-15
    levels = (65535 * image).astype(np.uint16)
    assert np.abs(ycbcr2rgb(rgb2ycbcr(levels)).astype(int) - levels).max() <= 2
    assert rgb2ycbcr(image.astype(np.float32)).dtype == np.float32


@given(class_images())
def test_mat2gray_stretches(image):
    stretched = mat2gray(image)
    assert stretched.dtype == (np.float32 if image.dtype == np.float32 else np.float64)
    low, high = float(image.min()), float(image.max())
    if low == high:
        np.testing.assert_array_equal(stretched, np.clip(image.astype(float), 0, 1))
    else:
        np.testing.assert_allclose(stretched, (image.astype(float) - low) / (high - low), atol=1e-6)
        assert (stretched.min(), stretched.max()) == pytest.approx((0, 1))


@given(class_images())
def test_im2single_is_the_nearest_single(image):
    if image.dtype.name in ("uint32", "int32", "int8"):
        return
    single = im2single(image)
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single, im2double(image).astype(np.float32))


def test_im2gray_of_gray_is_a_copy():
    image = np.arange(6, dtype=np.int16).reshape(2, 3)
    assert im2gray(image) is not image
    np.testing.assert_array_equal(im2gray(image), image)
    colour = np.random.default_rng(0).random((2, 3, 3))
    np.testing.assert_array_equal(im2gray(colour), rgb2gray(colour))
