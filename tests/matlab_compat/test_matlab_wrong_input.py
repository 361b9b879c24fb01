"""Each function refuses what MATLAB refuses, in one sentence with the values."""

from __future__ import annotations

import numpy as np
import pytest

import matlab_compat
from matlab_compat import (
    boxfilter,
    bwareafilt,
    bwareaopen,
    bwconncomp,
    bwlabel,
    conv2,
    entropy,
    fast_guidedfilter,
    fspecial,
    graythresh,
    guidedfilter,
    imbinarize,
    imboxfilt,
    imfill,
    imfilter,
    imgaussfilt,
    imgradient,
    imguidedfilter,
    imhist,
    immse,
    impyramid,
    imresize,
    mat2gray,
    padarray,
    piqe,
    psnr,
    rgb2gray,
    rgb2ycbcr,
    ssim,
    stdfilt,
    ycbcr2rgb,
)  # fmt: skip

GRAY, COLOUR, EMPTY = np.full((6, 6), 0.5), np.full((6, 6, 3), 0.5), np.zeros((0, 6))
NAN, COMPLEX = np.full((6, 6), np.nan), np.zeros((6, 6), complex)
ONE_IMAGE = [
    "im2double",
    "im2single",
    "im2uint8",
    "im2uint16",
    "im2gray",
    "mat2gray",
    "imhist",
    "entropy",
    "graythresh",
    "imbinarize",
    "imfill",
    "bwlabel",
    "bwconncomp",
    "stdfilt",
    "imboxfilt",
    "imgaussfilt",
    "imgradient",
    "imguidedfilter",
    "piqe",
]


@pytest.mark.parametrize("name", ONE_IMAGE)
@pytest.mark.parametrize(
    "image", [COMPLEX, np.zeros((6, 6), np.uint64), np.full((6, 6), "a")], ids=["complex", "uint64", "text"]
)
def test_another_class_is_named(name, image):
    with pytest.raises(TypeError, match=f"takes .*, not {image.dtype}"):
        getattr(matlab_compat, name)(image)


@pytest.mark.parametrize("name", [n for n in ONE_IMAGE if not n.startswith("im2") and n != "imhist"] + ["im2gray"])
def test_an_empty_image_is_refused(name):
    with pytest.raises(ValueError, match=r"not \(0, 6\)"):
        getattr(matlab_compat, name)(EMPTY)


NO_NAN = ["imhist", "entropy", "graythresh", "imbinarize", "imfill", "bwlabel", "bwconncomp", "piqe"]


@pytest.mark.parametrize("name", NO_NAN)
def test_nan_is_refused(name):
    with pytest.raises(ValueError, match="without NaN, but 36 of its 36 values are NaN"):
        getattr(matlab_compat, name)(NAN)


@pytest.mark.parametrize("area", [-1, 1.5, np.nan, np.inf])
def test_an_area_is_a_whole_number(area):
    with pytest.raises(ValueError, match=f"area is {area}, but bwareaopen takes a whole number"):
        bwareaopen(GRAY, area)


@pytest.mark.parametrize("size", [2, [3, 4], 0, -3, 2.5, np.nan, [3, 3, 3]])
@pytest.mark.parametrize("smooth", ["imboxfilt", "imgaussfilt"])
def test_a_window_is_odd(smooth, size):
    with pytest.raises(ValueError, match=f"filter_size is .*, but {smooth} takes one or two odd whole numbers"):
        getattr(matlab_compat, smooth)(GRAY, filter_size=size)


CALLS = [
    (lambda: padarray(GRAY, -1), "pad_size is -1"),
    (lambda: padarray(GRAY, 1.5), "pad_size is 1.5"),
    (lambda: padarray(GRAY, 1, "mirror"), "padding is 'mirror', but padarray takes a value or symmetric, replicate"),
    (lambda: padarray(GRAY, 1, 0, "before"), "direction is 'before'"),
    (lambda: padarray(EMPTY, 1, "replicate"), r"an array of shape \(0, 6\)"),
    (lambda: conv2(GRAY, GRAY, "whole"), "shape is 'whole'"),
    (lambda: conv2(GRAY, EMPTY), r"not \(0, 6\)"),
    (lambda: conv2(COLOUR, GRAY), r"not \(6, 6, 3\)"),
    (lambda: conv2(GRAY, np.ones(3), GRAY), r"u is \(6, 6\) and v is \(3,\), but conv2\(u, v, A\) takes two vectors"),
    (lambda: imfilter(GRAY, [[1]], "mirror"), "option is 'mirror', but imfilter takes a value or symmetric"),
    (lambda: imfilter(GRAY, EMPTY), r"kernel of rank 2, as .*, not \(0, 6\)"),
    (lambda: imfilter(GRAY, [1, 2]), r"kernel of rank 2, as .*, not \(2,\)"),
    (lambda: imfilter(EMPTY, [[1]]), r"not \(0, 6\)"),
    (lambda: fspecial("box"), "kernel is 'box', but fspecial knows average"),
    (lambda: fspecial("sobel", 3), "sobel takes 0 parameters, not 1"),
    (lambda: fspecial("average", 0), "hsize is 0"),
    (lambda: fspecial("average", [3, 3, 3]), "hsize is"),
    (lambda: fspecial("gaussian", 3, 0), "sigma is 0.0, but fspecial takes more than 0"),
    (lambda: fspecial("laplacian", 2), "alpha is 2.0, but fspecial takes 0 to 1"),
    (lambda: fspecial("disk", -1), "radius is -1.0"),
    (lambda: imgaussfilt(GRAY, 0), "sigma is 0"),
    (lambda: imgaussfilt(GRAY, [1, 2, 3]), "sigma is"),
    (lambda: imgaussfilt(GRAY, padding="mirror"), "padding is 'mirror', but imgaussfilt takes a value"),
    (lambda: imboxfilt(GRAY, padding="full"), "padding is 'full', but imboxfilt takes a value, replicate"),
    (lambda: imboxfilt(GRAY, np.inf), "filter_size is inf"),
    (lambda: imguidedfilter(GRAY, neighborhood_size=np.inf), "neighborhood_size is inf"),
    (lambda: fspecial("average", np.inf), "hsize is inf"),
    (lambda: fspecial("motion", 3, np.nan), "theta is nan"),
    (lambda: fspecial(["disk"]), "kernel is "),
    (lambda: imfilter(GRAY, [[np.nan, 1], [1, 1]]), "kernel of finite numbers, but 1 of 4 are not"),
    (lambda: imfilter(GRAY, [[1]], None), "option is None"),
    (lambda: padarray(GRAY, np.inf), "pad_size is inf"),
    (lambda: bwareafilt(GRAY, [1, 1], "junk"), "keep is 'junk'"),
    (lambda: imresize(GRAY, 0.5, border="replicate"), "border is 'replicate', but resizing knows 'mirror'"),
    (lambda: impyramid(GRAY, "reduce", border="foo"), "border is 'foo'"),
    (lambda: imresize(GRAY, 0.5, ["bicubic"]), "method is "),
    (lambda: imgradient(GRAY, GRAY), "method is ndarray, but imgradient knows"),
    (lambda: ssim(GRAY, GRAY, exponents=(1, np.nan, 1)), "exponents are"),
    (lambda: imbinarize(NAN, 0.5), "imbinarize takes an image without NaN"),
    (lambda: mat2gray(GRAY, 3), r"limits are \[3.0\]"),
    (lambda: stdfilt(GRAY, np.ones((2, 3))), r"odd sides with something in it, not \(2, 3\)"),
    (lambda: stdfilt(GRAY, np.zeros((3, 3))), "something in it"),
    (lambda: imgradient(GRAY, "scharr"), "method is 'scharr', but imgradient knows sobel"),
    (lambda: imgradient(COLOUR), r"not \(6, 6, 3\)"),
    (lambda: imguidedfilter(GRAY, GRAY[:5]), r"image is \(6, 6\) but guide is \(5, 6\)"),
    (lambda: imguidedfilter(GRAY, GRAY[..., None]), r"guide is \(6, 6, 1\)"),
    (lambda: imguidedfilter(GRAY, neighborhood_size=0), "neighborhood_size is 0"),
    (lambda: imguidedfilter(GRAY, degree_of_smoothing=0), "degree_of_smoothing is 0"),
    (lambda: guidedfilter(GRAY, GRAY, 1.5, 0.1), "radius is 1.5"),
    (lambda: guidedfilter(COLOUR, COLOUR, 1, 0.1), r"not \(6, 6, 3\)"),
    (lambda: guidedfilter(EMPTY, EMPTY, 1, 0.1), r"not \(0, 6\)"),
    (lambda: fast_guidedfilter(GRAY, GRAY[:5], 1, 0.1), r"target is \(5, 6\) but guide is \(6, 6\)"),
    (lambda: boxfilter(GRAY, -1), "radius is -1"),
    (lambda: boxfilter(EMPTY, 1), r"not \(0, 6\)"),
    (lambda: imresize(EMPTY, 2), r"not \(0, 6\)"),
    (lambda: imresize(GRAY, np.inf), "size is inf"),
    (lambda: impyramid(GRAY, "shrink"), "direction is 'shrink'"),
    (lambda: bwareaopen(GRAY, "50"), "area is 50, but bwareaopen"),
    (lambda: imhist(GRAY, "10"), "n is 10, but imhist"),
    (lambda: bwlabel(GRAY, "4"), "connectivity is '4', but bwlabel takes 4 or 8"),
    (lambda: ssim(GRAY[0], GRAY[0]), r"ssim takes a non-empty image of rank 2 or 3, not \(6,\)"),
    (lambda: bwlabel(GRAY, 6), "connectivity is 6, but bwlabel takes 4 or 8"),
    (lambda: bwconncomp(COLOUR), r"not \(6, 6, 3\)"),
    (lambda: bwareafilt(GRAY, 0), "size is 0, but bwareafilt keeps a whole number of regions"),
    (lambda: bwareafilt(GRAY, [3, 2]), r"size is \[3, 2\], but bwareafilt takes \[low, high\]"),
    (lambda: bwareafilt(GRAY, 1, "biggest"), "keep is 'biggest'"),
    (lambda: imfill(GRAY, "lakes"), "option is 'lakes', but imfill takes 'holes' and 4 or 8"),
    (lambda: imhist(GRAY, 1), "n is 1, but imhist takes a whole number of bins, 2 or more"),
    (lambda: imbinarize(GRAY, 1.5), "threshold is 1.5"),
    (lambda: imbinarize(GRAY, "adaptive"), "threshold is 'adaptive'"),
    (lambda: mat2gray(GRAY, (2, 1)), r"limits are \[2.0, 1.0\]"),
    (lambda: mat2gray(NAN), "no least value: all 36 are NaN"),
    (lambda: rgb2gray(GRAY), r"not \(6, 6\)"),
    (lambda: rgb2gray(np.zeros((6, 6, 4))), r"not \(6, 6, 4\)"),
    (lambda: rgb2ycbcr(np.zeros((6, 6, 4))), r"not \(6, 6, 4\)"),
    (lambda: ycbcr2rgb(GRAY), r"not \(6, 6\)"),
    (lambda: immse(GRAY, COLOUR), r"image is \(6, 6\) float64 but reference is \(6, 6, 3\)"),
    (lambda: immse(EMPTY, EMPTY), "not empty"),
    (lambda: psnr(GRAY, GRAY, 0), "peak is 0, but psnr takes a number above 0"),
    (lambda: ssim(GRAY, GRAY[:5]), r"image is \(6, 6\) float64 but reference is \(5, 6\)"),
    (lambda: ssim(GRAY, GRAY, radius=0), "radius is 0"),
    (lambda: ssim(GRAY, GRAY, data_format="SSC"), r"data_format is 'SSC', but \(6, 6\) takes 2 of the letters"),
    (lambda: ssim(GRAY, GRAY, dynamic_range=0), "dynamic_range is 0"),
    (lambda: ssim(GRAY, GRAY, exponents=(1, 1)), r"exponents are \[1, 1\]"),
    (lambda: ssim(GRAY, GRAY, regularization_constants=(1, 1)), "regularization_constants are"),
    (lambda: piqe(-GRAY), "gray levels of 0 or more, not from -0.5 to -0.5"),
    (lambda: piqe(np.full((6, 6), np.inf)), "from inf to inf"),
    (lambda: piqe(np.zeros((6, 6, 4))), r"not \(6, 6, 4\)"),
]


@pytest.mark.parametrize(("call", "sentence"), CALLS, ids=[sentence for _, sentence in CALLS])
def test_a_value_out_of_range_is_named(call, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: rgb2gray(COLOUR.astype(np.int16)), lambda: rgb2ycbcr(COLOUR.astype(np.int8)),
        lambda: ssim(GRAY > 0, GRAY > 0), lambda: imgaussfilt(GRAY > 0), lambda: piqe(GRAY.astype(np.int32)),
        lambda: imhist(GRAY.astype(np.int32)), lambda: graythresh(GRAY > 0), lambda: rgb2gray(COLOUR.astype(int)),
        lambda: psnr(GRAY.astype(int), GRAY.astype(int)), lambda: entropy(GRAY.astype(np.int8)),
        lambda: imresize(COMPLEX, 2), lambda: impyramid(COMPLEX, "reduce"), lambda: padarray(COMPLEX, 1),
        lambda: guidedfilter((255 * GRAY).astype(np.uint8), GRAY, 1, 0.1), lambda: imfilter(GRAY, [[1j]]),
        lambda: conv2(COMPLEX, GRAY), lambda: imfilter(COMPLEX, [[1]]), lambda: immse(COMPLEX, COMPLEX),
    ],
)  # fmt: skip
def test_a_class_that_a_function_lacks_is_refused(call):
    with pytest.raises(TypeError, match=r"takes .*, not "):
        call()
