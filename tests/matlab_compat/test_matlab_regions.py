"""bwlabel, bwconncomp, regionprops, bwareaopen, bwareafilt, imfill, imhist, entropy, graythresh, imbinarize."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from skimage import measure

from matlab_compat import (
    bwareafilt,
    bwareaopen,
    bwconncomp,
    bwlabel,
    entropy,
    graythresh,
    im2double,
    im2uint8,
    imbinarize,
    imfill,
    imhist,
    regionprops,
)  # fmt: skip
from tests.support import matlab_oracles as oracle
from tests.support.strategies import binary_maps, class_images

CONNECTIVITY = st.sampled_from([4, 8])
GRAY_CLASSES = ("uint8", "uint16", "int16", "float32", "float64")


def gray_images(**limits):
    return class_images(logical=False, **limits).filter(lambda image: image.dtype.name in GRAY_CLASSES)


def drawn(regions, shape):
    out = np.zeros(shape, dtype=bool)
    for region in regions:
        out[tuple(np.transpose(region))] = True
    return out


@given(binary_maps(most=12), CONNECTIVITY)
def test_regions_are_numbered_down_the_columns(mask, connectivity):
    regions = oracle.regions(mask, connectivity)
    label, n = bwlabel(mask, connectivity)
    found = bwconncomp(mask, connectivity)
    assert n == found.num_objects == len(regions)
    assert (found.connectivity, found.image_size) == (connectivity, mask.shape)
    assert label[~mask].sum() == 0
    for number, region in enumerate(regions, start=1):
        assert {int(label[place]) for place in region} == {number}
        positions = sorted(x * mask.shape[0] + y for y, x in region)  # down the columns, from 0
        assert found.pixel_idx_list[number - 1].tolist() == positions
        assert mask.ravel(order="F")[positions].all()


@given(binary_maps(most=12), CONNECTIVITY, st.integers(0, 6))
def test_area_opening_keeps_what_has_the_area(mask, connectivity, area):
    kept = [region for region in oracle.regions(mask, connectivity) if len(region) >= area]
    opened = bwareaopen(mask, area, connectivity)
    np.testing.assert_array_equal(opened, drawn(kept, mask.shape))
    np.testing.assert_array_equal(bwareaopen(opened, area, connectivity), opened)
    np.testing.assert_array_equal(bwareaopen(mask.T, area, connectivity), opened.T)


@given(binary_maps(most=12), CONNECTIVITY, st.integers(0, 5), st.integers(0, 9))
def test_area_range_includes_both_ends(mask, connectivity, low, span):
    kept = [region for region in oracle.regions(mask, connectivity) if low <= len(region) <= low + span]
    np.testing.assert_array_equal(bwareafilt(mask, [low, low + span], connectivity), drawn(kept, mask.shape))


@given(binary_maps(most=12), CONNECTIVITY, st.integers(1, 4), st.sampled_from(["largest", "smallest"]))
def test_the_n_largest_and_smallest(mask, connectivity, n, keep):
    """Of equal regions the first stays: Python's sort is stable, as ours."""
    sign = -1 if keep == "largest" else 1
    kept = sorted(oracle.regions(mask, connectivity), key=lambda region: sign * len(region))[:n]
    np.testing.assert_array_equal(bwareafilt(mask, n, keep, connectivity), drawn(kept, mask.shape))


@given(binary_maps(most=12), CONNECTIVITY)
def test_holes_are_background_that_does_not_reach_the_border(mask, connectivity):
    filled = imfill(mask, "holes", connectivity)
    assert filled.dtype == bool
    np.testing.assert_array_equal(filled, oracle.fill_holes(mask, connectivity))
    np.testing.assert_array_equal(imfill(filled, "holes", connectivity), filled)


@given(class_images(most=8), CONNECTIVITY)
def test_gray_holes_rise_to_the_lowest_way_out(image, connectivity):
    if image.dtype == bool:
        image = image.astype(np.uint8)
    filled = imfill(image, "holes", connectivity)
    assert filled.dtype == image.dtype
    np.testing.assert_array_equal(filled, oracle.fill_gray(image, connectivity))


def test_defaults_join_corners_but_not_the_background_around_holes():
    diagonal, ring = np.eye(2, dtype=bool), np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)
    assert bwlabel(diagonal).n == bwconncomp(diagonal).num_objects == 1
    assert bwareafilt(diagonal, [1, 1], 4.0).sum() == bwareafilt(diagonal, [1, 1], np.int64(4)).sum() == 2
    assert bwareaopen(diagonal, 2).sum() == bwareafilt(diagonal, [2, 2]).sum() == 2
    assert imfill(ring)[1, 1]
    assert imfill(ring, "holes")[1, 1]
    assert not imfill(ring, 8, "holes")[1, 1]


def test_graythresh_is_the_mean_of_the_thresholds_that_tie():
    """Between two levels every threshold is as good: bins 0 to 254 of 0 and 255, 0 to 9 of 0 and 10."""
    assert graythresh(np.array([0, 255], np.uint8)) == 127 / 255
    assert graythresh(np.array([0, 10], np.uint8)) == pytest.approx(4.5 / 255)


def test_numbers_count_as_true():
    image = np.array([[0, -2.5, 0.0, 3]])
    np.testing.assert_array_equal(bwareaopen(image, 1), [[False, True, False, True]])
    assert bwlabel(np.array([[0, 7, 7]], np.uint16)).n == 1


@given(class_images(), st.integers(2, 300))
def test_histogram_has_the_documented_bins(image, n):
    assume(image.dtype.name in (*GRAY_CLASSES, "bool"))
    low, high = (0, 1) if image.dtype.kind in "fb" else (np.iinfo(image.dtype).min, np.iinfo(image.dtype).max)
    bins = 2 if image.dtype == bool else n
    counts, locations = imhist(image, n)
    if image.dtype.kind == "f":  # x (n - 1) is rounded before the floor: pixels an ulp from an edge may change bins
        share = image.astype(float) * (bins - 1) + 0.5
        assume(np.all((share == np.floor(share)) | (np.abs(share - np.round(share)) > 1e-9)))
    assert counts.tolist() == oracle.histogram(image.ravel(), bins, low, high)
    np.testing.assert_allclose(locations, [low + (high - low) * p / (bins - 1) for p in range(bins)], rtol=1e-12)


def test_histogram_clips_and_defaults_to_256_bins():
    counts, locations = imhist(np.array([-3.0, 0.0, 0.5 / 255, 2.0]))
    assert (counts[0], counts[1], counts[255], len(counts)) == (2, 1, 1, 256)
    assert locations[1] == 1 / 255
    assert imhist(np.array([True, True, False])).counts.tolist() == [1, 2]


@given(class_images())
def test_entropy_is_that_of_the_levels(image):
    assume(image.dtype.name in (*GRAY_CLASSES, "bool"))
    levels = image if image.dtype == bool else im2uint8(image)
    shares = [np.mean(levels == level) for level in np.unique(levels)]
    assert entropy(image) == pytest.approx(-sum(p * np.log2(p) for p in shares), abs=1e-12)
    assert entropy(image) >= 0
    assert entropy(np.concatenate([image, image])) == pytest.approx(entropy(image), abs=1e-12)


@given(gray_images(most=5))
def test_graythresh_leaves_the_least_variance_within(image):
    levels = [int(level) for level in im2uint8(image).ravel()]
    exact = oracle.otsu(levels)
    ours = graythresh(image)
    # where thresholds tie exactly, the last digits decide which of them count
    within = [level for level in levels if level <= round(255 * ours)]
    assert ours == pytest.approx(exact, abs=1e-12) or len(within) == len([v for v in levels if v <= 255 * exact])


@given(gray_images())
def test_binarising_by_graythresh_is_the_default(image):
    assume(image.dtype != np.int16)  # whose range starts at -32768
    level = graythresh(image)
    default = imbinarize(image)
    if image.dtype == np.uint8:
        np.testing.assert_array_equal(default, imbinarize(image, level))
    np.testing.assert_array_equal(imbinarize(image, 0.25), im2double(image) > 0.25)
    assert not imbinarize(image, 1.0).any()
    if image.min() == image.max():
        assert level == 0


def test_binarising_int16_starts_at_its_least_value():
    assert imbinarize(np.array([[-32768, -1, 0, 32767]], np.int16), 0.5).tolist() == [[False, False, True, True]]


@given(binary_maps())
def test_properties_of_regions_equal_scikit_image(mask):
    found = regionprops(mask)
    expected = measure.regionprops(bwlabel(mask).label)
    assert len(found.area) == len(expected)
    for number, region in enumerate(expected):
        top, left, bottom, right = region.bbox
        assert found.area[number] == region.area
        np.testing.assert_allclose(found.centroid[number], region.centroid[::-1], atol=1e-12)
        assert found.bounding_box[number].tolist() == [left - 0.5, top - 0.5, right - left, bottom - top]
        assert found.pixel_idx_list[number].tolist() == bwconncomp(mask).pixel_idx_list[number].tolist()


def test_a_label_that_no_pixel_has_is_empty():
    found = regionprops(np.array([[0, 2.0], [2, 0]]))
    assert found.area.tolist() == [0, 2]
    assert np.isnan(found.centroid[0]).all()
    assert found.bounding_box.tolist() == [[-0.5, -0.5, 0, 0], [-0.5, -0.5, 2, 2]]
    assert [len(positions) for positions in found.pixel_idx_list] == [0, 2]
    assert regionprops(np.zeros((3, 4))).area.shape == (0,)


@pytest.mark.parametrize("labels", [[[0.5]], [[-1.0]], [[np.nan]], [[np.inf]]])
def test_labels_are_whole(labels):
    with pytest.raises(ValueError, match="regionprops takes whole ones from 0 on"):
        regionprops(np.array(labels))
