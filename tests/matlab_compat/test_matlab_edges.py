"""edge, bwmorph and the lines of strel against their definitions."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_compat import bwlabel, bwmorph, edge, fspecial, im2double, imdilate, imfilter, strel
from matlab_compat.canny import canny_edges, canny_strength
from tests.support.strategies import fields

OPERATIONS = (
    "bothat", "bridge", "clean", "close", "diag", "dilate", "erode", "fill", "hbreak", "majority", "open", "remove",
    "thin", "tophat",
)  # fmt: skip


def bridges(p):
    """Two of the eight neighbours that no walk over neighbours joins."""
    left = {(y, x) for y in range(3) for x in range(3) if p[y][x] and (y, x) != (1, 1)}
    if not left:
        return False
    reached = {left.pop()}
    while near := {b for b in left for a in reached if max(abs(a[0] - b[0]), abs(a[1] - b[1])) == 1}:
        reached |= near
        left -= near
    return bool(left)


def corner_between(p):
    return any(p[row][1] and p[1][column] and not p[row][column] for row in (0, 2) for column in (0, 2))


def by_definition(p, operation):
    """The new middle of three rows of three."""
    middle, total = p[1][1], sum(map(sum, p))
    cross = (p[0][1], p[1][0], p[1][2], p[2][1])
    h = ([[1, 1, 1], [0, 1, 0], [1, 1, 1]], [[1, 0, 1], [1, 1, 1], [1, 0, 1]])
    return {
        "bridge": middle or bridges(p), "clean": middle and total > 1, "diag": middle or corner_between(p),
        "dilate": total > 0, "erode": total == 9, "fill": middle or all(cross), "hbreak": middle and p not in h,
        "majority": total >= 5, "remove": middle and not all(cross),
    }[operation]  # fmt: skip


SINGLE = [one for one in OPERATIONS if one not in ("bothat", "close", "open", "thin", "tophat")]


@pytest.mark.parametrize("operation", SINGLE)
def test_every_neighbourhood(operation):
    for number in range(512):
        p = ((number >> np.arange(9)) & 1).reshape(3, 3)
        assert bwmorph(p, operation)[1, 1] == bool(by_definition(p.tolist(), operation)), p


@given(fields(most=8), st.sampled_from(SINGLE), st.sampled_from([1, 2]))
def test_beyond_the_border_nothing_is_set(image, operation, times):
    mask = image > 0.5
    expected = mask
    for _ in range(times):
        wide = np.pad(expected, 1).astype(int)
        expected = np.array(
            [[by_definition(wide[y : y + 3, x : x + 3].tolist(), operation) for x in range(mask.shape[1])]
             for y in range(mask.shape[0])], bool,
        )  # fmt: skip
    np.testing.assert_array_equal(bwmorph(mask, operation, times), expected)


@given(fields(most=9))
def test_two_step_operations_are_made_of_two(image):
    mask = image > 0.4
    opened = bwmorph(bwmorph(mask, "erode"), "dilate")
    closed = bwmorph(bwmorph(mask, "dilate"), "erode")
    np.testing.assert_array_equal(bwmorph(mask, "open"), opened)
    np.testing.assert_array_equal(bwmorph(mask, "close"), closed)
    np.testing.assert_array_equal(bwmorph(mask, "tophat"), mask & ~opened)
    np.testing.assert_array_equal(bwmorph(mask, "bothat"), closed & ~mask)


def thinned_once(mask):
    """Both passes of Guo and Hall's conditions as Lam, Lee and Suen print them, pixel by pixel."""
    for second in (False, True):
        wide, found = np.pad(mask, 1), mask.copy()
        for y, x in np.argwhere(mask):
            p = wide[y : y + 3, x : x + 3]
            east, ne, north, nw, west, sw, south, se = (
                bool(p[place]) for place in ((1, 2), (0, 2), (0, 1), (0, 0), (1, 0), (2, 0), (2, 1), (2, 2))
            )
            ring = [east, ne, north, nw, west, sw, south, se]
            crossings = sum(not ring[k] and (ring[k + 1] or ring[(k + 2) % 8]) for k in (0, 2, 4, 6))
            n1 = sum(ring[k] or ring[k + 1] for k in (0, 2, 4, 6))
            n2 = sum(ring[k + 1] or ring[(k + 2) % 8] for k in (0, 2, 4, 6))
            blocked = (south or sw or not nw) and west if second else (north or ne or not se) and east
            if crossings == 1 and 2 <= min(n1, n2) <= 3 and not blocked:
                found[y, x] = False
        mask = found
    return mask


@given(fields(most=10), st.sampled_from([1, 2]))
def test_thinning_is_that_of_the_paper(image, times):
    mask = image > 0.3
    expected = thinned_once(mask) if times == 1 else thinned_once(thinned_once(mask))
    np.testing.assert_array_equal(bwmorph(mask, "thin", times), expected)


def test_until_nothing_changes(monkeypatch):
    bar = np.zeros((9, 20), bool)
    bar[2:7, 2:18] = True
    line = bwmorph(bar, "thin", np.inf)
    assert line.any(axis=0).sum() >= 10
    assert line.sum(axis=0).max() == 1
    np.testing.assert_array_equal(bwmorph(bar, "thin", 50), line)
    monkeypatch.setitem(importlib.import_module("matlab_compat.bwmorph").OPERATIONS, "majority", np.logical_not)
    with pytest.raises(ValueError, match="majority goes to and fro between two masks after 1 times"):
        bwmorph(bar, "majority", np.inf)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: bwmorph(np.eye(3), "skel"), "operation is 'skel', whose rule is not published"),
        (lambda: bwmorph(np.eye(3), "spur", 3), "bwmorph does not offer it"),
        (lambda: bwmorph(np.eye(3), "grow"), "operation is 'grow', but bwmorph knows bothat, bridge"),
        (lambda: bwmorph(np.eye(3), ["thin"]), "operation is"),
        (lambda: bwmorph(np.eye(3), "thin", -1), "n is -1, but bwmorph takes"),
        (lambda: bwmorph(np.eye(3), "thin", 1.5), "n is 1.5"), (lambda: bwmorph(np.eye(3), "thin", np.nan), "n is nan"),
        (lambda: bwmorph(np.zeros((0, 3)), "thin"), r"not \(0, 3\)"),
        (lambda: bwmorph(np.full((3, 3), np.nan), "thin"), "bwmorph takes an image without NaN"),
        (lambda: bwmorph(np.zeros((3, 3, 3)), "thin"), r"not \(3, 3, 3\)"),
        (lambda: edge(np.zeros((0, 3))), r"not \(0, 3\)"), (lambda: edge(np.full((3, 3), np.nan)), "without NaN"),
        (lambda: edge(np.eye(3), "roberts"), "method is 'roberts', but edge knows sobel, prewitt, log, canny"),
        (lambda: edge(np.eye(3), ["sobel"]), "method is"),
        (lambda: edge(np.eye(3), "sobel", -1), "threshold is -1, but sobel takes a number"),
        (lambda: edge(np.eye(3), "log", [0.1, 0.2]), r"threshold is \[0.1, 0.2\], but log takes a number"),
        (lambda: edge(np.eye(3), "canny", [0.3, 0.2]), r"but canny takes \[low, high\]"),
        (lambda: edge(np.eye(3), "canny", 1.5), r"threshold is \[0.6, 1.5\], but canny takes"),
        (lambda: edge(np.eye(3), "sobel", None, "diagonal"), "option is 'diagonal', but sobel takes both"),
        (lambda: edge(np.eye(3), "sobel", None, 2), "option is 2, but sobel takes"),
        (lambda: edge(np.eye(3), "canny", None, 0), "but canny takes one sigma above 0"),
        (lambda: edge(np.eye(3), "log", None, "horizontal"), "but log takes one sigma"),
        (lambda: strel("line", 0.5, 0), "length is 0.5, but strel takes a number of 1 or more"),
        (lambda: strel("line", 5), "line takes 2 parameters, not 1"),
        (lambda: strel("line", 5, np.nan), "degrees are nan, but strel takes a number"),
        (lambda: strel("pair", 3), "offset is 3, but strel takes .down, right., whole numbers"),
        (lambda: strel("pair", [1, 0.5]), "offset is .1, 0.5."),
        (lambda: strel("periodicline", -1, [1, 1]), "p is -1, but strel takes a whole number of 0 or more"),
        (lambda: strel("periodicline", 1, [1, np.inf]), "step is .1, inf."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_other_classes_are_refused():
    with pytest.raises(TypeError, match=r"edge takes logical, uint8, .*, not int32"):
        edge(np.eye(3, dtype=np.int32))


@pytest.mark.parametrize("degrees", [0, 10, 30, 45, 60, 77, 90, 120, 135, 161])
@pytest.mark.parametrize("length", [1, 2, 3, 4, 7, 10, 15, 22.5])
def test_lines(length, degrees):
    """From end to end in steps of one pixel of the longer side, none of them farther than half a pixel off the line."""
    found = strel("line", length, degrees)
    rows, columns = found.shape
    y, x = (np.argwhere(found) - [(rows - 1) / 2, (columns - 1) / 2]).T
    assert found.sum() == max(rows, columns)
    assert (found == found[::-1, ::-1]).all()
    angle = np.radians(degrees)
    end = np.array([-np.sin(angle), np.cos(angle)]) * (length - 1) / 2
    assert (np.abs(np.abs(end) - [(rows - 1) / 2, (columns - 1) / 2]) <= 0.5 + 1e-12).all()
    corner = np.array([(rows - 1) / 2 * (-1 if 0 < degrees < 90 else 1), (columns - 1) / 2])
    if corner.any():
        assert (np.abs(y * corner[1] - x * corner[0]) <= 0.5 * np.abs(corner).max() + 1e-12).all()


def test_lines_go_up_to_the_right():
    assert strel("line", 10, 45).astype(int).tolist() == np.eye(7, dtype=int)[::-1].tolist()
    assert strel("line", 5, 90).shape == (5, 1)
    assert strel("line", 5, 0).tolist() == [[True] * 5]
    np.testing.assert_array_equal(strel("line", 9, -30), strel("line", 9, 30)[::-1])


def test_pairs_and_periodic_lines_move_what_they_dilate():
    spot = np.zeros((7, 9), bool)
    spot[3, 4] = True
    assert np.argwhere(imdilate(spot, strel("pair", [2, -1]))).tolist() == [[3, 4], [5, 3]]
    assert np.argwhere(imdilate(spot, strel("periodicline", 1, [1, -2]))).tolist() == [[2, 6], [3, 4], [4, 2]]
    assert strel("pair", [0, 0]).tolist() == strel("periodicline", 0, [3, 4]).tolist() == [[True]]


def strongest(image, method, direction):
    """Squared strength and both slopes by loops over the repeated border."""
    kernel = fspecial(method) / (8 if method == "sobel" else 6)
    wide = np.pad(image, 1, mode="edge")
    gx, gy = np.zeros(image.shape), np.zeros(image.shape)
    for y, x in np.ndindex(image.shape):
        window = wide[y : y + 3, x : x + 3]
        gx[y, x] = 0 if direction == "horizontal" else (window * kernel.T).sum()
        gy[y, x] = 0 if direction == "vertical" else (window * kernel).sum()
    return gx**2 + gy**2, np.abs(gx), np.abs(gy)


@given(fields(most=8), st.sampled_from(["sobel", "prewitt"]), st.sampled_from(["both", "horizontal", "vertical"]),
       st.sampled_from([None, 0.05]))  # fmt: skip
def test_edges_by_gradients(image, method, direction, given_threshold):
    squared, gx, gy = strongest(image, method, direction)
    threshold = given_threshold or 2 * np.sqrt(squared.mean())
    thick = edge(image, method, given_threshold, direction, "nothinning")
    assert thick.thresh_out == pytest.approx(threshold, abs=1e-12)
    clear = np.abs(squared - threshold**2) > 1e-12
    np.testing.assert_array_equal(thick.bw[clear], (squared > threshold**2)[clear])
    thin = edge(image, method, given_threshold, direction).bw
    assert not (thin & ~thick.bw).any()
    wide = np.pad(squared, 1, constant_values=-1)
    for y, x in np.argwhere(thick.bw):
        b, up, down, left, right = squared[y, x], wide[y, x + 1], wide[y + 2, x + 1], wide[y + 1, x], wide[y + 1, x + 2]
        if min(abs(b - one) for one in (up, down, left, right)) < 1e-12 or abs(gx[y, x] - gy[y, x]) < 1e-12:
            continue
        assert thin[y, x] == ((b > left and b > right) if gx[y, x] > gy[y, x] else (b > up and b > down))


def test_of_two_equal_pixels_the_second_is_the_edge():
    step = np.tile(np.repeat([0.0, 1.0], 5), (6, 1))
    for image, rows in ((step, np.s_[:, 5]), (step.T, np.s_[5, :])):
        found = edge(image).bw
        assert found.sum() == found.shape[0 if image is step else 1]
        assert found[rows].all()
    assert edge(step, "sobel", None, "horizontal").bw.sum() == 0
    assert not edge(np.full((5, 5), 0.3)).bw.any()


def test_classes_are_taken_as_doubles(rng):
    levels = rng.integers(0, 256, (12, 13)).astype(np.uint8)
    for method in ("sobel", "log", "canny"):
        np.testing.assert_array_equal(edge(levels, method).bw, edge(im2double(levels), method).bw)
    assert edge(levels > 128).bw.dtype == bool


@given(fields(most=9), st.sampled_from([None, 0.0, 0.01]), st.sampled_from([0.8, 2.0]))
def test_edges_by_changes_of_sign(image, given_threshold, sigma):
    side = 2 * int(np.ceil(3 * sigma)) + 1
    r = imfilter(image, fspecial("log", side, sigma), "replicate")
    found = edge(image, "log", given_threshold, sigma)
    threshold = 0.75 * np.abs(r).mean() if given_threshold is None else given_threshold
    assert found.thresh_out == pytest.approx(threshold, abs=1e-15)
    for y, x in np.ndindex(r.shape):
        near = [(y, x - 1), (y, x + 1), (y - 1, x), (y + 1, x)]
        values = [r[p] for p in near if 0 <= p[0] < r.shape[0] and 0 <= p[1] < r.shape[1]]
        if r[y, x] != 0:
            steps = [v - r[y, x] for v in values if v > 0 > r[y, x]]
            assert found.bw[y, x] == any(step > found.thresh_out for step in steps)


def test_a_zero_between_two_signs_is_the_edge(monkeypatch):
    response = np.array([[-2.0, 0, 1], [0, 0, 0], [3, 0, 3]])
    monkeypatch.setattr(importlib.import_module("matlab_compat.edge"), "imfilter", lambda *_: response)
    none = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
    for threshold, expected in (
        (1.4, [[0, 1, 0], [1, 0, 0], [0, 0, 0]]), (1.5, [[0, 0, 0], [1, 0, 0], [0, 0, 0]]), (2.5, none),
    ):  # fmt: skip
        assert edge(np.zeros((3, 3)), "log", threshold).bw.astype(int).tolist() == expected


def test_canny_finds_one_closed_line_round_a_square():
    image = np.zeros((40, 40), np.uint8)
    image[10:30, 10:30] = 255
    found = edge(image, "canny", 0.2).bw
    assert 60 <= found.sum() <= 84
    assert bwlabel(found).n == 1
    inside = np.zeros_like(found)
    inside[9:31, 9:31] = True
    inside[12:28, 12:28] = False
    assert not (found & ~inside).any()
    assert not edge(np.full((9, 9), 7, np.uint8), "canny").bw.any()


def test_canny_joins_weak_edges_to_strong_ones():
    """One long step whose height fades: below the high threshold it goes on as far as the low one."""
    height = np.linspace(1, 0, 60)[:, None]
    image = np.concatenate([np.zeros((60, 20)), np.repeat(height, 20, axis=1)], axis=1)
    lengths = {
        limits: int(edge(image, "canny", limits).bw.any(axis=1).sum())
        for limits in ((0.1, 0.6), (0.5, 0.6), (0.1, 0.2))
    }
    assert lengths[0.5, 0.6] < lengths[0.1, 0.6] == lengths[0.1, 0.2]
    apart = image.copy()
    apart[:, 20:] *= 1 - (np.abs(np.arange(60) - 30) < 8)[:, None]
    assert edge(apart, "canny", (0.1, 0.6)).bw[45:].sum() < edge(apart, "canny", (0.1, 0.2)).bw[45:].sum()


def test_canny_joins_by_corners():
    strength = np.diag([0.5, 0.9, 0.5, 0.5, 0.5])
    found = canny_edges(np.ones((5, 5)), np.zeros((5, 5)), strength, 0.1, 0.8)
    np.testing.assert_array_equal(found, np.diag([False, True, True, True, False]))  # none on the border


@pytest.mark.parametrize("turns", range(8))
def test_canny_keeps_what_is_strongest_along_the_gradient(turns):
    """A ridge one pixel wide across each of eight directions."""
    angle = turns * np.pi / 4 + 0.2
    y, x = np.indices((15, 15)) - 7
    distance = x * np.cos(angle) + y * np.sin(angle)
    strength = np.exp(-(distance**2) / 8)
    found = canny_edges(np.full((15, 15), np.cos(angle)), np.full((15, 15), np.sin(angle)), strength, 0.1, 0.8)
    assert (np.abs(distance[found]) <= 0.75).all()
    assert found[2:-2, 2:-2].sum() >= 9


def test_canny_chooses_its_thresholds():
    """70 % of the pixels lie in the bins below the high one, of 64."""
    image = np.random.default_rng(3).random((30, 31))
    low, high = edge(image, "canny").thresh_out
    strength = canny_strength(image, np.sqrt(2))[2]
    bins = np.floor(strength * 63 + 0.5)
    assert (bins < 64 * high - 1).mean() <= 0.7 < (bins < 64 * high).mean()
    assert low == 0.4 * high
    assert (high * 64).is_integer()
    again = edge(image, "canny", [low, high])
    np.testing.assert_array_equal(again.bw, edge(image, "canny").bw)
    assert edge(image, "canny", high).thresh_out == (0.4 * high, high)
