"""matlab_compat against numbers MATLAB made. Printed arrays stand here; files are found through PARFOCAL_DATA."""

from __future__ import annotations

import json

import numpy as np
import pytest
import scipy.io
from PIL import Image

from matlab_compat import im2double, impyramid, imresize, psnr, rgb2gray

SMALL = np.arange(64.0).reshape(8, 8)  # the input of most of the small arrays
MIDDLE = np.arange(225.0).reshape(15, 15)


def read(path):
    with Image.open(path) as image:
        return np.asarray(image)


def test_rgb2gray_printed_pixel():
    """MATLAB Answers 1802465: (120, 119, 112) is 119; the four-digit weights give 118."""
    assert rgb2gray(np.array([[[120, 119, 112]]], dtype=np.uint8)).tolist() == [[119]]


def test_imresize_nearest_printed_row():
    """Printed by MATLAB: imresize([1 4 7 4 3 6], [1 9], 'nearest')."""
    assert imresize(np.array([[1.0, 4, 7, 4, 3, 6]]), [1, 9], "nearest").tolist() == [[1, 4, 4, 7, 4, 4, 3, 6, 6]]


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        ("bicubic", [0, -0.0234, -0.0703, 0.2031, 0.7969, 1.0938, 1.0938, 0.7969, 0.2031, -0.0703]),
        ("bilinear", [0, 0, 0, 0.25, 0.75, 1, 1, 0.75, 0.25, 0]),
        ("nearest", [0, 0, 0, 0, 1, 1, 1, 1, 0, 0]),
    ],
)
def test_imresize_printed_row_of_2013(method, printed):
    """Stack Overflow 17380607, June 2013, a release that clamps at the border."""
    ours = imresize(np.array([[0.0, 0, 1, 1, 0]]), [1, 10], method, border="clamp")
    np.testing.assert_allclose(ours, [printed], atol=5.1e-5)


def test_imresize_printed_matrix_of_2011():
    """MATLAB Answers 1628, February 2011: borders clamp; mirroring is off by 0.18."""
    image = np.array([[3.0, 1, 2, 6], [1, 5, 2, 7], [1, 3, 6, 2], [4, 1, 9, 2]])
    first = [3.3109, 2.6187, 1.1206, 0.7166, 1.4067, 2.8883, 5.1615, 6.2060]
    last = [4.4466, 3.3344, 0.9529, 2.4891, 7.9430, 8.3334, 3.6605, 1.4930]
    clamped = imresize(image, [8, 8], border="clamp")
    np.testing.assert_allclose(clamped[[0, -1]], [first, last], atol=5.1e-5)
    assert abs(imresize(image, [8, 8]) - clamped).max() > 0.1


@pytest.mark.parametrize(("name", "printed"), [("I04", 20.99), ("I06", 27.01)])
def test_psnr_of_two_colour_images(shared_data, name, printed):
    folder = shared_data / "matlab" / "calibra"
    assert round(psnr(read(folder / f"{name}.bmp"), read(folder / f"ref_{name}.bmp")), 2) == printed


def test_impyramid_printed_arrays(shared_data):
    cases = json.loads((shared_data / "matlab" / "impyramid.json").read_text())["cases"]
    for case in cases:
        image = np.array(case["A"], dtype=np.bool_ if case["class"] == "logical" else case["class"])
        direction = "expand" if "expand" in case["call"] else "reduce"
        ours = impyramid(image, direction, border="clamp")
        np.testing.assert_array_equal(ours, np.array(case["B"]).astype(image.dtype), case["call"])


@pytest.mark.parametrize("name", ["butterfly", "bird"])
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_imresize_set5_uint8(shared_data, name, scale):
    """Bicubic down then up, MATLAB R2018: every value equal."""
    original = read(shared_data / "matlab" / "set5" / f"{name}_GT.bmp")
    matlab = read(shared_data / "matlab" / "set5" / f"{name}_GT_scale_{scale}.bmp")
    rows, cols = matlab.shape[:2]
    ours = imresize(imresize(original[:rows, :cols], 1 / scale), scale)
    np.testing.assert_array_equal(ours, matlab)


def test_imresize_irregular_size_uint8(shared_data):
    """512 x 512 to [123 234], MATLAB R2015b."""
    folder = shared_data / "matlab" / "resize_123x234"
    ours = imresize(read(folder / "lena_512x512.png"), [123, 234])
    np.testing.assert_array_equal(ours, read(folder / "lena_123x234_uint8.png"))


def test_imresize_set5_double(shared_data):
    mat = scipy.io.loadmat(shared_data / "matlab" / "set5" / "butterfly_GT_x3.mat")
    small = imresize(mat["im_gt"] / 255, 1 / 3) * 255
    np.testing.assert_allclose(small, mat["im_l"], atol=255 * 1e-14)


def test_imresize_small_double_arrays(shared_data):
    """Sixteen arrays of MATLAB R2019b, with and without antialiasing."""
    folder = shared_data / "matlab" / "small_mat"
    butterfly = im2double(read(folder / "butterfly.png"))
    top_left = np.zeros((4, 4))
    top_left[0] = [100, 1, 0, 100]
    top_left[1, 0] = 10
    inputs = {
        "butterfly": butterfly, "small": np.arange(16.0).reshape(4, 4), "x3": MIDDLE, "x5": MIDDLE,
        "topleft": top_left, "bottomright": top_left[::-1, ::-1],
    }  # fmt: skip
    files = sorted(folder.glob("*.mat"))
    assert len(files) == 16
    for file in files:
        matlab = next(v for k, v in scipy.io.loadmat(file).items() if not k.startswith("__"))
        image = next((array for key, array in inputs.items() if key in file.stem), SMALL)
        ours = imresize(image, matlab.shape[:2], antialiasing=not file.stem.endswith("noaa"))
        np.testing.assert_allclose(ours, matlab, atol=1e-14 * abs(image).max(), err_msg=file.name)
