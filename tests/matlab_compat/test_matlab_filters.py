"""padarray, conv2, imfilter, fspecial, imgaussfilt, imboxfilt, stdfilt, imgradient, imguidedfilter against loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_compat import (
    conv2,
    fast_guidedfilter,
    fspecial,
    guidedfilter,
    imboxfilt,
    imfilter,
    imgaussfilt,
    imgradient,
    imguidedfilter,
    padarray,
    stdfilt,
    uint8,
)  # fmt: skip
from tests.support import matlab_oracles as oracle
from tests.support.strategies import class_images, fields, shapes

BORDERS = st.sampled_from(["symmetric", "replicate", "circular", 0.0, 7.0])


@given(
    class_images(most=6),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    BORDERS,
    st.sampled_from(["both", "pre", "post"]),
)
def test_padarray_repeats_by_its_rule(image, pad, border, direction):
    padded = padarray(image, pad, border, direction)
    before = [0 if direction == "post" else n for n in pad]
    assert padded.dtype == image.dtype
    assert padded.shape == tuple(
        n + p * (2 if direction == "both" else 1) for n, p in zip(image.shape, pad, strict=True)
    )
    for y, x in np.ndindex(padded.shape):
        expected = oracle.pixel(image, y - before[0], x - before[1], border)
        assert padded[y, x] == (expected if image.dtype != bool else bool(expected))


def test_padarray_pads_rows_only_for_one_number_and_grows_dimensions():
    assert padarray(np.ones((2, 2)), 1).shape == (4, 2)
    np.testing.assert_array_equal(padarray([[1, 2]], [0, 2], "post"), [[1, 2, 0, 0]])
    assert padarray(np.ones((2, 2)), [1, 0, 2]).shape == (4, 2, 5)
    assert padarray(np.ones((2, 2, 3), np.uint8), [1, 1], 300).max() == 255  # the value is cast to the class
    np.testing.assert_array_equal(padarray([[1, 2, 3]], [0, 2], "reflect"), [[3, 2, 1, 2, 3, 2, 1]])


@given(fields(most=6), fields(most=6))
def test_conv2_is_the_double_sum(a, b):
    full = oracle.convolve_full(a, b)
    np.testing.assert_allclose(conv2(a, b), full, atol=1e-13)
    top, left = (side // 2 for side in b.shape)
    same = full[top : top + a.shape[0], left : left + a.shape[1]]
    np.testing.assert_allclose(conv2(a, b, "same"), same, atol=1e-13)
    rows, columns = (max(m - k + 1, 0) for m, k in zip(a.shape, b.shape, strict=True))
    valid = full[b.shape[0] - 1 :, b.shape[1] - 1 :][:rows, :columns]
    assert conv2(a, b, "valid").shape == (rows, columns)
    np.testing.assert_allclose(conv2(a, b, "valid"), valid, atol=1e-13)


@given(fields(most=6), fields(most=5), fields(most=5))
def test_conv2_of_two_vectors_is_conv2_of_their_product(image, u, v):
    column, row = u[:, :1], v[:1]
    np.testing.assert_allclose(conv2(column.ravel(), row.ravel(), image), conv2(image, column * row), atol=1e-13)


@pytest.mark.parametrize(("a", "b", "kind"), [(np.float32, np.float64, np.float32), (np.uint8, np.float64, np.float64)])
def test_conv2_class(a, b, kind):
    assert conv2(np.ones((2, 2), a), np.ones((2, 2), b)).dtype == kind


@given(class_images(most=7), fields(most=5), BORDERS, st.booleans(), st.booleans())
def test_imfilter_is_the_double_sum(image, kernel, border, convolution, full):
    kernel = 2 * kernel - 0.7
    h = kernel[::-1, ::-1] if convolution else kernel
    rows, columns = h.shape
    if full:
        centre, shape = (rows - 1, columns - 1), (image.shape[0] + rows - 1, image.shape[1] + columns - 1)
    else:  # floor((size + 1) / 2), counted from 1
        centre, shape = ((rows + 1) // 2 - 1, (columns + 1) // 2 - 1), image.shape
    beyond = float(padarray(image[:1, :1], [1, 0], border)[0, 0]) if border == 7.0 else border  # takes the class first
    exact = oracle.correlate(image.astype(float), h, beyond, centre, shape)
    ours = imfilter(image, kernel, "conv" if convolution else "corr", border, "full" if full else "same")
    assert ours.dtype == image.dtype
    scale = max(1.0, float(np.abs(image.astype(float)).max())) * np.abs(h).sum()
    if image.dtype.kind == "f":
        np.testing.assert_allclose(ours, exact, atol=scale * (1e-6 if image.dtype == np.float32 else 1e-14))
    elif image.dtype == bool:
        clear = np.abs(exact - 0.5) > 1e-9
        np.testing.assert_array_equal(ours[clear], (exact >= 0.5)[clear])
    else:
        limits = np.iinfo(image.dtype)
        clear = np.abs(np.abs(exact) % 1 - 0.5) > scale * 1e-14  # where rounding noise does not decide
        expected = np.vectorize(lambda v: oracle.cast(v, limits.min, limits.max))(exact)
        np.testing.assert_array_equal(ours[clear], expected[clear])


@given(fields(least=8, most=12))
def test_a_separable_kernel_of_49_elements_gives_what_the_whole_gives(image):
    kernel = np.outer(np.arange(1.0, 8), np.arange(7.0, 0, -1)) / 300
    whole = oracle.correlate(image, kernel, "replicate", (3, 3), image.shape)
    np.testing.assert_allclose(imfilter(image, kernel, "replicate"), whole, atol=1e-13)


@pytest.mark.parametrize("shape", [(1, 3), (3, 3), (7, 7)])
def test_imfilter_adds_taps_however_small_and_none_of_zero(shape):
    image = np.random.default_rng(0).random((9, 9))
    kernel = np.random.default_rng(1).random(shape)
    np.testing.assert_allclose(imfilter(image, kernel * 2.0**-60), imfilter(image, kernel) * 2.0**-60, rtol=1e-13)
    image[4, 4] = np.nan
    centre = np.zeros(shape)
    centre[shape[0] // 2, shape[1] // 2] = 1
    np.testing.assert_array_equal(imfilter(image, centre), image)


def test_border_values_take_the_class_of_the_image():
    black = np.zeros((1, 1), np.uint8)
    assert imboxfilt(black, padding=300) == imfilter(black, np.full((3, 3), 1 / 9), 300) == 227
    assert imgaussfilt(black, padding=0.4) == 0


def test_imfilter_takes_every_channel_by_itself():
    image = np.random.default_rng(0).random((6, 7, 3))
    kernel = [[1, 2], [3, 5]]
    by_channel = np.stack([imfilter(image[..., c], kernel, "circular") for c in range(3)], axis=-1)
    np.testing.assert_array_equal(imfilter(image, kernel, "circular"), by_channel)


def test_fspecial_by_hand():
    np.testing.assert_array_equal(fspecial("average", [2, 4]), np.full((2, 4), 1 / 8))
    np.testing.assert_array_equal(fspecial("sobel"), [[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
    np.testing.assert_array_equal(fspecial("prewitt"), [[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
    np.testing.assert_allclose(fspecial("laplacian", 0), [[0, 1, 0], [1, -4, 1], [0, 1, 0]], atol=1e-15)
    np.testing.assert_allclose(fspecial("laplacian")[0], [1 / 6, 2 / 3, 1 / 6], atol=1e-15)
    np.testing.assert_allclose(
        fspecial("unsharp")[:2], [[-1 / 6, -2 / 3, -1 / 6], [-2 / 3, 13 / 3, -2 / 3]], atol=1e-15
    )
    assert fspecial("motion").tolist() == [[1 / 9] * 9]
    np.testing.assert_allclose(fspecial("motion", 9, 90), np.full((9, 1), 1 / 9), atol=1e-15)
    far = fspecial("gaussian", [1, 41], 1.0)
    assert far[0, 11] == 0 < far[0, 12]  # exp(-81 / 2) is under eps, exp(-64 / 2) is not


@given(st.sampled_from(["average", "disk", "gaussian", "motion", "laplacian", "log", "unsharp", "sobel"]))
def test_sums_of_the_kernels(kind):
    total = {"laplacian": 0, "log": 0, "sobel": 0}.get(kind, 1)
    assert fspecial(kind).sum() == pytest.approx(total, abs=1e-14)


@given(st.floats(0.1, 6))
def test_disk_holds_the_area_of_each_pixel(radius):
    ours = fspecial("disk", radius)
    reach, fine = ours.shape[0] // 2, 200
    at = (np.arange(ours.shape[0] * fine) + 0.5) / fine - 0.5 - reach
    inside = (at[:, None] ** 2 + at**2 <= radius**2).reshape(ours.shape[0], fine, -1, fine).mean(axis=(1, 3))
    np.testing.assert_allclose(ours, inside / (np.pi * radius**2), atol=4e-3 / radius)


@given(st.floats(1, 9), st.floats(0, 180))
def test_motion_is_symmetric_about_its_centre(length, theta):
    h = fspecial("motion", length, theta)
    assert h.shape[0] % 2 == h.shape[1] % 2 == 1
    np.testing.assert_allclose(h, h[::-1, ::-1], atol=1e-12)
    assert h.sum() == pytest.approx(1)


@given(class_images(most=8, logical=False), st.sampled_from([0.5, 1.0, 2.0]), BORDERS)
def test_imgaussfilt_is_a_correlation_with_a_gaussian(image, sigma, border):
    side = 2 * int(np.ceil(2 * sigma)) + 1
    exact = oracle.correlate(image.astype(float), oracle.gaussian(side, sigma), border, (side // 2,) * 2, image.shape)
    ours = imgaussfilt(image, sigma, padding=border)
    assert ours.dtype == image.dtype
    scale = max(1.0, float(np.abs(image.astype(float)).max()))
    slack = {"f": 1e-14 if image.dtype == np.float64 else 1e-6}.get(image.dtype.kind, 1e-6 + 0.5 / scale)
    np.testing.assert_allclose(ours.astype(float), exact, atol=scale * slack)


def test_imgaussfilt_sizes():
    spike = np.zeros((1, 31))
    spike[0, 15] = 1
    assert np.count_nonzero(imgaussfilt(spike, 2)) == 9
    assert np.count_nonzero(imgaussfilt(spike, 2, filter_size=[1, 5])) == 5
    assert np.count_nonzero(imgaussfilt(spike.T, [2, 0.5])) == 9


@given(class_images(most=7, logical=False), st.sampled_from([1, 3, [3, 5]]), BORDERS)
def test_imboxfilt_is_a_mean(image, size, border):
    rows, columns = np.broadcast_to(size, 2)
    kernel, centre = np.ones((rows, columns)), (rows // 2, columns // 2)
    exact = oracle.correlate(image.astype(float), kernel, border, centre, image.shape) / kernel.size
    ours = imboxfilt(image, size, padding=border)
    assert ours.dtype == image.dtype
    scale = max(1.0, float(np.abs(image.astype(float)).max()))
    slack = 0.5 + 1e-9 if image.dtype.kind in "iu" else scale * (1e-6 if image.dtype == np.float32 else 1e-14)
    np.testing.assert_allclose(ours.astype(float), exact, atol=slack)


def test_imboxfilt_sums_with_a_factor_of_one():
    np.testing.assert_array_equal(
        imboxfilt(np.full((3, 3), 100, np.uint8), normalization_factor=1), np.full((3, 3), 255)
    )


@given(
    class_images(most=7),
    st.sampled_from([((1, 1, 1),) * 3, ((0, 1, 0), (1, 1, 1), (0, 1, 0)), ((1,) * 7,) * 5, ((1,),)]),
)
def test_stdfilt_is_the_two_pass_deviation(image, neighbourhood):
    near = np.array(neighbourhood, dtype=bool)
    ours = stdfilt(image, neighbourhood)
    assert ours.dtype == np.float64
    scale = max(1.0, float(np.abs(image.astype(float)).max()))
    for y, x in np.ndindex(image.shape):
        values = [oracle.pixel(image, y + s - near.shape[0] // 2, x + t - near.shape[1] // 2, "symmetric")
                  for s, t in zip(*np.nonzero(near), strict=True)]  # fmt: skip
        exact = np.std(values, ddof=1) if len(values) > 1 else 0
        # the square root of a difference of squares: half the digits are left near 0
        assert ours[y, x] == pytest.approx(exact, abs=scale * 2e-7)
        assert ours[y, x] ** 2 == pytest.approx(exact**2, abs=scale**2 * 4e-14)


@given(fields(most=7))
def test_imgradient_methods(image):
    kernels = {
        "sobel": (np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]), (1, 1)),
        "prewitt": (np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]), (1, 1)),
        "intermediate": (np.array([[-1, 1]]), (0, 0)),
        "central": (np.array([[-0.5, 0, 0.5]]), (0, 1)),
    }
    for method, (across, centre) in kernels.items():
        gx = oracle.correlate(image, across, "replicate", centre, image.shape)
        gy = oracle.correlate(image, across.T, "replicate", centre[::-1], image.shape)
        if method == "central":  # at the border the difference to the one neighbour, as numpy's and MATLAB's gradient
            gx, gy = (np.gradient(image, axis=axis) if image.shape[axis] > 1 else 0 * image for axis in (1, 0))
        gmag, gdir = imgradient(image, method)
        np.testing.assert_allclose(gmag, np.hypot(gx, gy), atol=1e-14)
        np.testing.assert_allclose(gmag * np.exp(1j * np.radians(gdir)), gx - 1j * gy, atol=1e-13)


@pytest.mark.parametrize("method", ["sobel", "prewitt", "central", "intermediate", "roberts"])
@pytest.mark.parametrize("degrees", [-150, -90, -30, 0, 45, 60, 135])
def test_imgradient_points_uphill(method, degrees):
    y, x = np.mgrid[0:7, 0:7].astype(float)
    plane = np.cos(np.radians(degrees)) * x - np.sin(np.radians(degrees)) * y
    gmag, gdir = imgradient(plane, method)
    size = {"sobel": 8, "prewitt": 6, "roberts": np.sqrt(2)}.get(method, 1)
    assert gmag[3, 3] == pytest.approx(size)
    assert gdir[3, 3] == pytest.approx(degrees)
    assert imgradient(np.zeros((3, 3)), method).gdir.tolist() == [[0] * 3] * 3
    assert imgradient(plane.astype(np.float32), method).gdir.dtype == np.float32


@given(fields(least=2, most=6), st.data())
def test_imguidedfilter_fits_a_line_in_every_window(image, data):
    guide = data.draw(fields(shape=image.shape))
    exact = oracle.guided(image, guide[..., None], (5, 5), 0.01)
    np.testing.assert_allclose(imguidedfilter(image, guide), exact, atol=1e-12)
    colours = np.random.default_rng(0).random((*image.shape, 3))
    exact = oracle.guided(image, colours, (3, 5), 0.2)
    ours = imguidedfilter(image, colours, neighborhood_size=[3, 5], degree_of_smoothing=0.2)
    np.testing.assert_allclose(ours, exact, atol=1e-12)


def test_imguidedfilter_of_a_binary_image_is_binary():
    mask = np.zeros((12, 12), bool)
    mask[:, 6:] = True
    np.testing.assert_array_equal(imguidedfilter(mask), mask)


def test_imguidedfilter_works_in_the_range_of_its_class():
    levels = np.random.default_rng(1).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    ours = imguidedfilter(levels, levels[..., 0])
    guide, planes = levels[..., 0].astype(float), np.moveaxis(levels, -1, 0).astype(float)
    same = np.stack([imguidedfilter(plane, guide, degree_of_smoothing=650.25) for plane in planes], axis=-1)
    np.testing.assert_array_equal(ours, uint8(same))


@given(fields(), st.data())
def test_the_fast_guided_filter_is_the_guided_filter(image, data):
    pytest.importorskip("cv2", exc_type=ImportError)
    target = data.draw(fields(shape=image.shape))
    radius = data.draw(st.integers(0, 30))
    eps = data.draw(st.sampled_from([1e-6, 1e-2, 0.3]))
    ours, slow = fast_guidedfilter(image, target, radius, eps), guidedfilter(image, target, radius, eps)
    np.testing.assert_allclose(
        ours, slow, atol=1e-14 / eps + 1e-12
    )  # cov / (var + eps) magnifies differences of the sums


@given(shapes(), st.integers(0, 30))
def test_a_constant_passes_every_smoothing_filter(shape, radius):
    flat = np.full(shape, 0.6)
    for smooth in (
        lambda: imgaussfilt(flat), lambda: imboxfilt(flat), lambda: imguidedfilter(flat),
        lambda: guidedfilter(flat, flat, radius, 0.1), lambda: imfilter(flat, fspecial("disk", 3), "replicate"),
    ):  # fmt: skip
        np.testing.assert_allclose(smooth(), flat, atol=1e-12)
    assert stdfilt(flat).max() < 1e-7
