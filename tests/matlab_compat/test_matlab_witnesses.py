"""Newer witnesses: files that MATLAB wrote for other projects (PARFOCAL_DATA), and numbers printed by its users."""

from __future__ import annotations

import numpy as np
import pytest

from matlab_compat import (
    conv2,
    fspecial,
    im2uint8,
    imbinarize,
    imdilate,
    imfilter,
    imguidedfilter,
    imresize,
    imtophat,
    padarray,
    psnr,
    rgb2gray,
    ssim,
    strel,
)
from reference.images.files import read_image


def files(shared_data, folder):
    found = sorted((shared_data / "matlab" / "coppafish" / folder).glob("*.npz"))
    assert found
    return [(path.stem, np.load(path)) for path in found]


def text(codes):
    """A text of MATLAB as its characters' codes; a number as it is."""
    return "".join(map(chr, codes.ravel())) if codes.dtype.kind == "u" else float(codes.item())


@pytest.mark.matlab
def test_disks_of_matlab_to_the_last_zero(shared_data):
    for name, stored in files(shared_data, "fspecial_disk"):
        kernel = fspecial("disk", float(stored["SE_sz"].item()))
        np.testing.assert_allclose(kernel, stored["SE"], rtol=0, atol=3e-16, err_msg=name)
        np.testing.assert_array_equal(kernel == 0, stored["SE"] == 0, err_msg=name)
    assert not (fspecial("disk", 4.34) < 0).any()


@pytest.mark.matlab
def test_borders_and_even_kernels_of_imfilter(shared_data):
    for name, stored in files(shared_data, "imfilter"):
        image, kernel = stored["image"], stored["kernel"]
        found = imfilter(image, kernel, text(stored["pad"]), text(stored["conv_or_corr"]))
        size = np.abs(kernel).sum() * np.abs(image).max()
        np.testing.assert_allclose(found, stored["image_filtered"], rtol=0, atol=2e-15 * size, err_msg=name)


@pytest.mark.matlab
def test_neighbourhoods_of_disks(shared_data):
    for name, stored in files(shared_data, "disk"):
        found = strel("disk", int(stored["r"].item()), int(stored["n"].item()))
        np.testing.assert_array_equal(found, stored["nhood"] != 0, err_msg=name)


@pytest.mark.matlab
@pytest.mark.parametrize(
    ("folder", "function", "result"), [("dilate", imdilate, "image_dilated"), ("dapi", imtophat, "image_filtered")]
)
def test_morphology_of_matlab(shared_data, folder, function, result):
    """One element has an even side: the pixel before its middle is meant."""
    for name, stored in files(shared_data, folder):
        np.testing.assert_array_equal(function(stored["image"], stored["kernel"]), stored[result], err_msg=name)


@pytest.mark.matlab
def test_convolution_of_a_padded_image(shared_data):
    for name, stored in files(shared_data, "convolve_2d"):
        kernel = stored["kernel"]
        sides = [(side - 1) // 2 for side in kernel.shape]
        padded = padarray(stored["image"], sides, "replicate")
        found = conv2(padded, kernel, "valid")
        expected = stored["image_filtered"]
        assert found.shape == expected.shape, name
        size = np.abs(kernel).sum() * np.abs(stored["image"]).max()
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15 * size, err_msg=name)


@pytest.mark.matlab
@pytest.mark.slow
def test_imresize_of_older_releases(shared_data):
    """Whose border is clamped: 0 of all bytes differ."""
    folder = shared_data / "matlab" / "selfexsr"
    names = sorted(folder.glob("*_HR.png"))
    assert names
    for path in names:
        whole, small = (read_image(one).raw for one in (path, path.with_name(path.name.replace("_HR", "_LR"))))
        scale = 1 / int(path.stem.split("_x")[1][0])
        np.testing.assert_array_equal(imresize(whole, scale, border="clamp"), small, err_msg=path.name)


@pytest.mark.matlab
@pytest.mark.slow
def test_imresize_of_doubles_to_bytes(shared_data):
    folder = shared_data / "matlab" / "xinntao"
    image = read_image(folder / "baboon.png").raw / 255
    for factor in (2, 3, 4):
        expected = read_image(folder / f"baboon_down_x{factor}_matlab.png").raw
        np.testing.assert_array_equal(im2uint8(imresize(image, 1 / factor)), expected)


def test_doubles_beyond_one_are_white():
    """MATLAB Answers 320535: rgb2gray of doubles from 0 to 255 is all ones."""
    image = np.random.default_rng(0).integers(1, 256, (5, 6, 3)).astype(np.float64)
    np.testing.assert_array_equal(rgb2gray(image), np.ones((5, 6)))


def test_a_threshold_for_every_pixel():
    image = np.array([[10, 200], [100, 100]], np.uint8)
    limits = np.array([[0.0, 0.9], [0.3, 0.5]])
    assert imbinarize(image, limits).tolist() == [[True, False], [True, False]]
    with pytest.raises(ValueError, match=r"threshold is \(1, 2\) but image is \(2, 2\): imbinarize takes one a pixel"):
        imbinarize(image, limits[:1])
    with pytest.raises(ValueError, match=r"threshold is 0 to 1\.5, but imbinarize"):
        imbinarize(image, limits + np.array([[0, 0], [0, 1.0]]))


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.uint32, np.bool_])
def test_ssim_refuses_what_matlab_refuses(kind):
    image = np.ones((12, 12), kind)
    with pytest.raises(TypeError, match="ssim takes uint8, uint16, int16, single, double"):
        ssim(image, image)


def test_signed_levels_are_shifted_first():
    levels = np.random.default_rng(0).integers(0, 65536, (2, 16, 16)).astype(np.uint16)
    signed = (levels.astype(np.int32) - 32768).astype(np.int16)
    assert float(ssim(*signed).ssimval) == pytest.approx(float(ssim(*levels).ssimval), abs=1e-14)


def test_sentences_name_the_function_that_was_called():
    with pytest.raises(ValueError, match="psnr takes two alike"):
        psnr(np.zeros((2, 2), np.uint8), np.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"size is '0\.5', but imresize takes a positive scale"):
        imresize(np.zeros((8, 8)), "0.5")


def test_guided_filter_of_a_ramp():
    """Second-hand (hotredman/numkit, pinned to R2025b): defaults, replicated border, bytes."""
    ramp = np.arange(1, 26).reshape(5, 5, order="F") / 25
    found = imguidedfilter(ramp, ramp)
    assert found[0, 0] == pytest.approx(0.08373697289, abs=5e-12)
    assert found[2, 2] == pytest.approx(0.52, abs=1e-12)
    assert imguidedfilter(im2uint8(ramp))[2, 2] == 133


@pytest.mark.parametrize(("length", "largest", "corner"), [(9, 0.0997064915, 0.0755136399), (5, 0.1771490832, None)])
def test_motion_at_45_degrees(length, largest, corner):
    """Second-hand, as above."""
    kernel = fspecial("motion", length, 45)
    assert kernel.max() == pytest.approx(largest, abs=5e-11)
    if corner:
        assert kernel.shape == (7, 7)
        assert kernel[0, -1] == pytest.approx(corner, abs=5e-11)


def test_gray_of_levels_as_doubles_is_all_ones():
    """MATLAB Answers 320535: doubles are fractions, and what is above 1 is clipped."""
    levels = np.repeat(np.arange(256.0)[None, :, None], 3, axis=2)
    np.testing.assert_allclose(rgb2gray(levels), [[0.0] + [1.0] * 255], rtol=2e-16)
