"""Second-hand witnesses: numbers that another project (hotredman/numkit) says it pinned to MATLAB R2025b."""

from __future__ import annotations

import numpy as np
import pytest

from matlab_compat import (
    bwmorph,
    fspecial,
    graythresh,
    imadjust,
    imbinarize,
    imboxfilt,
    imfill,
    imgaussfilt,
    imgradient,
    imhist,
    imhistmatch,
    medfilt2,
    multissim,
    rgb2ycbcr,
    stdfilt,
    stretchlim,
    ycbcr2rgb,
)

SAWTOOTH = np.mod(np.arange(1200) * 7.3, 100).reshape(30, 40, order="F")
LEVELS = np.mod(np.arange(1200) * 11, 256).astype(np.uint8).reshape(30, 40, order="F")
RAMP = np.arange(1.0, 26).reshape(5, 5, order="F")
TABLE = np.mod(np.outer(np.arange(1, 17), np.arange(1, 17)), 256).astype(np.uint8)
STEPS = np.array([[10, 50, 90], [130, 170, 210], [30, 70, 110]], np.uint8)


def colour(*channels, kind=np.uint8):
    return np.stack([np.asarray(one, kind) for one in channels], axis=2)


RGB = colour([[10, 40], [70, 200]], [[20, 50], [80, 0]], [[30, 60], [90, 120]])
YCBCR = colour([[80, 130], [60, 200]], [[128, 90], [160, 110]], [[128, 170], [60, 140]])

NUMBERS = {  # what is computed, what MATLAB printed, half a unit of its last digit
    "unsharp": (lambda: fspecial("unsharp")[1, :2], [-2 / 3, 13 / 3], 1e-13),
    "unsharp corner": (lambda: fspecial("unsharp")[0, 0], -0.1666666666667, 5e-14),
    "unsharp .5": (lambda: fspecial("unsharp", 0.5)[1, :2], [-1 / 3, 11 / 3], 1e-13),
    "unsharp 0": (lambda: fspecial("unsharp", 0)[:2, [0, 1]], [[0, -1], [-1, 5]], 1e-12),
    "gradient, sum": (lambda: np.sum(imgradient(SAWTOOTH).gmag), 206327.486892, 5e-7),
    "gradient, inside and border": (
        lambda: imgradient(SAWTOOTH).gmag[[14, 0], [19, 0]], [162.83292050, 81.41646025], 5e-9
    ),
    "gradient, direction": (
        lambda: [imgradient(RAMP, method).gdir[2, 2] for method in ("sobel", "prewitt", "central")], -11.3099325, 5e-8
    ),
    "gradient, ramp": (lambda: imgradient(RAMP).gmag[2, 2], 40.792156, 5e-7),
    "std": (
        lambda: [stdfilt(SAWTOOTH)[14, 19], stdfilt(SAWTOOTH)[0, 0], stdfilt(LEVELS)[14, 19]],
        [17.62718072, 10.17705753, 79.83576893], 5e-9,
    ),
    "std, sum": (lambda: stdfilt(SAWTOOTH).sum(), 30891.351644, 5e-7),
    "std of 5": (lambda: stdfilt(SAWTOOTH, np.ones((5, 5)))[14, 19], 28.82020414, 5e-9),
    "box": (lambda: imboxfilt(SAWTOOTH, 7)[[14, 0], [19, 0]], [46.87346939, 22.54285714], 5e-9),
    "box, sum": (lambda: imboxfilt(SAWTOOTH, 7).sum(), 59671.020408, 5e-7),
    "box of bytes": (lambda: [imboxfilt(LEVELS, 5)[14, 19], imboxfilt(LEVELS, 5).sum()], [126, 152187], 0),
    "blur": (
        lambda: imgaussfilt(SAWTOOTH, 2.5)[[14, 0, 29], [19, 0, 39]], [50.11185269, 23.01812735, 45.29753101], 5e-9
    ),
    "blur, sum": (lambda: imgaussfilt(SAWTOOTH, 2.5).sum(), 59633.496960, 5e-7),
    "blur of bytes": (
        lambda: [*imgaussfilt(LEVELS, 1.5)[[14, 0], [19, 0]], imgaussfilt(LEVELS, 1.5).sum()], [116, 47, 152140], 0
    ),
    "median": (
        lambda: [medfilt2(SAWTOOTH)[14, 19], medfilt2(SAWTOOTH)[0, 0], medfilt2(SAWTOOTH, [5, 5])[14, 19]],
        [63.2, 0, 51.5], 1e-10,
    ),
    "median, sum": (lambda: medfilt2(SAWTOOTH).sum(), 57228.8, 1e-7),
    "median of bytes": (
        lambda: [found for size in ([3, 3], [5, 5], [7, 3])
                 for found in (medfilt2(LEVELS, size)[14, 19], medfilt2(LEVELS, size).sum())],
        [98, 143517, 132, 136827, 109, 136284], 0,
    ),
    "binarize": (lambda: imbinarize(TABLE).sum(), 78, 0),
    "threshold": (
        lambda: [
            graythresh(np.repeat([20, 120, 220], 4).astype(np.uint8)),
            graythresh(np.array([[0.1, 0.2, 0.3, 0.8, 0.9], [0.15, 0.25, 0.85, 0.95, 0.05]])),
            graythresh(np.array([1000, 2000, 30000, 40000, 50000, 60000, 5000, 8000], np.uint16)),
        ],
        [0.468627, 0.549020, 0.288235], 5e-7,
    ),
    "luma": (lambda: rgb2ycbcr(RGB)[0, 0], [32, 134, 123], 0),
    "luma of uint16": (lambda: rgb2ycbcr(colour([[1000]], [[2000]], [[3000]], kind=np.uint16))[0, 0, 0], 5671, 0),
    "back to bytes": (lambda: [ycbcr2rgb(YCBCR)[0, 0, 0], ycbcr2rgb(YCBCR)[1, 1, 1]], [75, 212], 0),
    "back to doubles": (
        lambda: ycbcr2rgb(colour([[0.3]], [[0.5]], [[0.5]], kind=float))[0, 0, :2], [0.273126242687, 0.27861792508],
        1e-11,
    ),
    "bins": (lambda: imhist(np.array([0, 64, 128, 192, 255], np.uint8), 4).bin_locations[[0, 1, 3]], [0, 85, 255], 0),
    "limits": (lambda: stretchlim(np.array([[0.1, 0.2, 0.9, 0.95]])), [0.10000762951, 0.94999618524], 5e-12),
    "limits of a line": (lambda: stretchlim(np.linspace(0, 1, 100)[None]), [0.01010147249, 0.98989852751], 1e-11),
    "limits of bytes": (lambda: stretchlim(np.array([[10, 50, 200, 250]], np.uint8)), [10 / 255, 250 / 255], 1e-12),
    "adjusted": (lambda: [imadjust(STEPS)[1, 1], imadjust(STEPS, [0.2, 0.8], [0, 1], 2)[1, 1]], [204, 154], 0),
    "adjusted by nothing": (lambda: [imadjust(STEPS, [], []), imadjust(STEPS, [0, 1], [])], [STEPS, STEPS], 0),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_printed_numbers(name):
    compute, printed, tolerance = NUMBERS[name]
    np.testing.assert_allclose(np.asarray(compute(), float), printed, rtol=0, atol=tolerance)


X, Y = np.meshgrid(np.arange(1, 33), np.arange(1, 33))
A, B = (np.minimum(255, one).astype(np.uint8) for one in (X + Y, X + 2 * Y))
PAPER = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]


@pytest.mark.parametrize(
    ("printed", "options"),
    [
        (0.8983750939, {}), (0.8935790062, {"num_scales": 1}), (0.9119560719, {"num_scales": 3}),
        (0.8920533657, {"scale_weights": PAPER}), (0.9531264305, {"sigma": 0.5}),
        (0.8723636866, {"dynamic_range": 128}),
    ],
)  # fmt: skip
def test_similarity_over_scales(printed, options):
    """In single: the order of summation moves the seventh digit."""
    found = multissim(A, B, **options)
    assert float(found.score) == pytest.approx(printed, abs=5e-7)
    assert found.score.dtype == np.float32
    assert [one.shape[0] for one in found.quality_maps] == [32, 16, 8, 4, 2][: options.get("num_scales", 5)]


def test_similarity_over_scales_in_double():
    found = multissim(A / 255, B / 255)
    assert found.score == pytest.approx(0.8983752005, abs=5e-11)
    assert found.score.dtype == np.float64
    assert multissim(A, A).score == pytest.approx(1, abs=1e-12)


def test_histograms_are_matched():
    image = np.array([[10, 40, 70, 100], [130, 160, 190, 220], [5, 15, 25, 35], [200, 210, 230, 250]], np.uint8)
    reference = np.array(
        [[0, 0, 50, 50], [100, 100, 150, 150], [200, 200, 255, 255], [60, 60, 90, 90]], np.uint8
    )  # fmt: skip
    found = imhistmatch(image, reference)
    assert found.b.ravel(order="F")[[0, 1, 3, 15]].tolist() == [0, 101, 150, 255]
    assert (found.hgram.shape, found.hgram.sum(), *found.hgram[[0, 12, 63]]) == ((64,), 16, 2, 2, 2)
    found = imhistmatch(image, reference, 16)
    assert found.b.ravel(order="F")[[0, 3, 15]].tolist() == [0, 153, 255]
    assert found.hgram[4] == 2
    image = np.array([[0.1, 0.4, 0.7], [0.2, 0.5, 0.8], [0.05, 0.35, 0.95]])
    found = imhistmatch(image, np.array([[0, 0.5, 0.5], [0.5, 1, 1], [0, 0.25, 0.75]]), 8)
    np.testing.assert_allclose(found.b.ravel(order="F")[[0, 1, 7]], [0, 2 / 7, 1], atol=1e-12)
    assert found.hgram.sum() == 9


FIGURE = np.array([[0, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 1, 1, 1, 0], [0, 0, 0, 0, 0]])
SIZES = {
    "dilate": 24, "erode": 0, "bridge": 8, "clean": 8, "diag": 8, "fill": 8, "hbreak": 8, "majority": 5, "remove": 7,
    "open": 0, "close": 8, "bothat": 0, "tophat": 8,
}  # fmt: skip


def test_sizes_of_changed_masks():
    assert {operation: int(bwmorph(FIGURE, operation).sum()) for operation in SIZES} == SIZES
    assert bwmorph(FIGURE, "thin", np.inf).sum() == 1
    assert bwmorph(FIGURE, "dilate", 0).tolist() == (FIGURE > 0).tolist()


def test_noise_is_thinned():
    """rng(0); rand(20, 20) > 0.5: MATLAB's twister of seed 0 is the one of 5489, filled down the columns."""
    noise = np.random.RandomState(5489).random_sample(400).reshape(20, 20, order="F") > 0.5
    assert bwmorph(noise, "thin", np.inf).sum() == 147
    assert bwmorph(noise, "dilate").sum() == 400


def test_holes_are_closed_by_corners():
    diamond = np.abs(np.subtract.outer(np.zeros(5), np.arange(5) - 2)) + np.abs(np.arange(5) - 2)[:, None] == 2
    assert [int(imfill(diamond, "holes", *more).sum()) for more in ((), (4,), (8,))] == [13, 13, 8]
