"""Large images in tiles: the whole's decisions and map, by no more of the neighbourhood than is needed."""

from __future__ import annotations

import json
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from matlab_compat import guidedfilter
from reference.cli import main
from reference.datasets.pairs import embedded_pairs
from reference.images.files import ImageFile, read_image, write_image
from reference.jobs import tiles as memory
from reference.jobs.stack_fusion import stack
from reference.jobs.tiles import count_tiles, decide_tiled, estimate, fuse_tiled, tiles
from reference.methods.base import GfdfMethod, NetworkMethod
from reference.methods.gfdf import GUIDED, focus_measure
from reference.network.enhanced import EnhancedConfig, EnhancedNetwork
from reference.network.liu2017 import Liu2017Network
from reference.network.loading import load_network
from reference.parameters import PAPER, FusionParameters
from reference.pipeline import fuse
from reference.steps import focus_map, gray, mixed_pooling, pyramid, score_map
from reference.steps.arrays import score_shape
from tests.support.networks import TINY, scoring

TIE = 2e-6  # of the focus map to the threshold, where single precision lets a decision fall either way
PAIRS = {pair.name: pair for pair in embedded_pairs()}
BY = {
    "gfdf": GfdfMethod(FusionParameters(small_region_area=40, guide_radius=5, guide_eps=0.3)),
    "small": NetworkMethod(load_network("small"), FusionParameters(small_region_area=40)),
    "liu2017": NetworkMethod(
        load_network("liu2017"), FusionParameters(pool_window=5, small_region_area=40, guide_radius=3)
    ),
}


def sources(name, height, width):
    pair = PAIRS[name]
    return [read_image(path).pixels[100 : 100 + height, 120 : 120 + width] for path in (pair.image_a, pair.image_b)]


def put_together(a, b, by, side):
    image, decision_map = np.full(a.shape, np.nan), np.full(a.shape[:2], np.nan)
    for region, fused in fuse_tiled(lambda r: r.of(a), lambda r: r.of(b), a.shape, by, side):
        region.of(image)[...] = fused.image
        region.of(decision_map)[...] = fused.decision_map
    return image, decision_map


def scores_of(by, gray_a, gray_b):
    levels = by.network.levels
    return score_map(pyramid(gray_a, levels), pyramid(gray_b, levels), by.network)


def ties(gray_a, gray_b, by):
    """Where the decision may fall either way."""
    if isinstance(by, GfdfMethod):
        return np.abs(focus_measure(gray_a, *GUIDED) - focus_measure(gray_b, *GUIDED)) < 1e-12
    focus = focus_map(scores_of(by, gray_a, gray_b), gray_a.shape)
    pooled = mixed_pooling(focus, by.parameters.pool_window, by.parameters.pool_p, by.parameters.pool_side)
    return np.abs(pooled - by.parameters.focus_threshold) < TIE


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 40), st.integers(0, 30), st.sampled_from([1, 2, 8]))
def test_tiles_cover_every_pixel_once_and_have_their_halo(height, width, side, halo, grid):
    side = max(side, grid)
    seen = np.zeros((height, width), int)
    for inner, outer in tiles((height, width, 3), side, halo, grid):
        inner.of(seen)[...] += 1
        assert max(inner.size) <= side
        assert inner.top % grid == inner.left % grid == outer.top % grid == outer.left % grid == 0
        assert outer.top <= max(inner.top - halo, 0)
        assert outer.left <= max(inner.left - halo, 0)
        assert min(inner.bottom + halo, height) <= outer.bottom <= height
        assert min(inner.right + halo, width) <= outer.right <= width
    assert (seen == 1).all()


@pytest.mark.slow
@pytest.mark.parametrize("method", sorted(BY))
@settings(max_examples=6)
@given(st.sampled_from(sorted(PAIRS)), st.integers(64, 130), st.integers(100, 170), st.integers(64, 100))
def test_tiles_give_the_whole(method, name, height, width, side):
    by, (a, b) = BY[method], sources(name, height, width)
    gray_a, gray_b = gray(a), gray(b)
    segmented = by.segment(gray_a, gray_b)
    in_tiles = np.empty_like(segmented)
    for tile in tiles(segmented.shape, side, by.reach, by.grid):
        tile.inner.of(in_tiles)[...] = tile.inner_part(by.segment(tile.outer.of(gray_a), tile.outer.of(gray_b)))
    assert not ((segmented != in_tiles) & ~ties(gray_a, gray_b, by)).any()
    whole = by.decide(gray_a, gray_b)
    if (segmented == in_tiles).all():
        cleaned = decide_tiled(lambda r: r.of(gray_a), lambda r: r.of(gray_b), whole.shape, by, side)
        assert np.array_equal(cleaned, whole)
        image, decision_map = put_together(a, b, by, side)
        fused = by(a, b)
        assert np.abs(decision_map - fused.decision_map).max() < 1e-9
        assert np.abs(image - fused.image).max() < 1e-9


@pytest.mark.parametrize("window", [1, 7])
def test_a_focus_map_is_that_of_the_whole_within_reach_and_no_nearer(window):
    """Scores at random, by which every patch and every window of the pooling counts."""

    class AtRandom:
        levels, reach = 1, 0

        def __call__(self, pyramid_a, pyramid_b):
            rows, columns = score_shape(pyramid_a[0].shape)
            return pyramid_a[0][: 2 * rows : 2, : 2 * columns : 2]

    by = NetworkMethod(AtRandom(), FusionParameters(pool_window=window, pool_p=0.5))
    image, cut = np.random.default_rng(5).random((90, 20)), by.reach + by.reach % 2

    def pooled(part):
        return fuse(part, part, by.network, by.parameters).steps["mixed_pooling"]

    assert np.abs(pooled(image[50 - cut :])[cut:] - pooled(image)[50:]).max() < 1e-12
    less = cut - 4  # patches begin on even rows, and a part must begin on one
    assert np.abs(pooled(image[50 - less :])[less:] - pooled(image)[50:]).max() > 1e-6


@pytest.mark.parametrize("method", sorted(BY))
def test_one_tile_gives_the_digits_of_the_whole(method):
    a, b = sources("cat_coffee", 70, 90)
    image, decision_map = put_together(a, b, BY[method], 96)
    fused = BY[method](a, b)
    assert np.array_equal(image, fused.image)
    assert np.array_equal(decision_map, fused.decision_map)


@pytest.mark.parametrize("levels", [0, 1, 2, 3, 4])
def test_a_score_depends_on_its_patch_and_the_reach_of_the_network_around_it(levels):
    """A pixel is changed: the scores that change are those whose patch lies within reach, up to the very last."""
    module = EnhancedNetwork(EnhancedConfig(levels=levels, **TINY)) if levels else Liu2017Network(filters=(3, 4, 5))
    weights = np.random.default_rng(levels)  # positive ones, so that no path through the network is dead
    for parameter in module.parameters():
        fan_in = parameter[0].numel() if parameter.ndim > 1 else np.inf  # no bias
        values = weights.uniform(0.5, 1.5, tuple(parameter.shape)) / fan_in
        parameter.data = torch.tensor(values).float()
    list(module.parameters())[-2].data *= 1e4  # what is small at the end of the reach is no rounding error of 1/2
    network = scoring(module)
    gray_a = gray_b = np.full((240, 24), 0.5)  # enters as 0, so that every change shows
    before, changed = scores_of(NetworkMethod(network), gray_a, gray_b), []
    for row in range(104, 120):
        touched = gray_a.copy()
        touched[row, 8:16] = 1
        after = scores_of(NetworkMethod(network), touched, gray_b)
        rows = 2 * np.flatnonzero((after != before).any(axis=1))  # where their patches begin
        changed += [row - (rows.min() + 15), rows.max() - row]
    assert network.reach - 1 <= max(changed) <= network.reach


def test_less_than_the_reach_would_not_do():
    image = np.random.default_rng(4).random((60, 60))
    reach = GfdfMethod().reach
    whole = focus_measure(image, *GUIDED)
    assert np.abs(focus_measure(image[20 - reach :], *GUIDED)[reach:] - whole[20:]).max() < 1e-12
    assert np.abs(focus_measure(image[21 - reach :], *GUIDED)[reach - 1 :] - whole[20:]).max() > 1e-9
    mask = (image > 0.5).astype(float)
    whole = guidedfilter(image, mask, 4, 0.01)
    assert np.abs(guidedfilter(image[12:], mask[12:], 4, 0.01)[8:] - whole[20:]).max() < 1e-12
    assert np.abs(guidedfilter(image[13:], mask[13:], 4, 0.01)[7:] - whole[20:]).max() > 1e-9


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path, image in zip(paths, sources("astronaut_rocket", 150, 210), strict=True):
        write_image(path, image)
    return [str(path) for path in paths]


@pytest.mark.slow
def test_a_large_image_is_done_in_tiles_and_never_whole_in_double(files, tmp_path, monkeypatch, capsys):
    whole, parts = str(tmp_path / "whole.png"), str(tmp_path / "parts.png")
    assert main(["fuse", *files, "-o", whole, "--network", "small"]) == 0
    assert "GB" not in capsys.readouterr().err
    monkeypatch.setattr(memory, "LARGE", 1e4)
    monkeypatch.setattr(memory, "FOR_A_TILE", 290.5 * (64 + 2 * BY["small"].reach) ** 2)
    with monkeypatch.context() as patch:
        patch.setattr(ImageFile, "pixels", property(lambda self: pytest.fail("the whole was asked for in double")))
        assert main(["fuse", *files, "-o", parts, "--network", "small"]) == 0
    assert "0 megapixels, in tiles of at most 64 x 64: about 0.3 GB of memory" in capsys.readouterr().err
    records = [json.loads((tmp_path / name).read_text()) for name in ("whole.png.json", "parts.png.json")]
    assert [record.pop("tile") for record in records] == [None, 64]
    assert records[0]["result"]["sha256"] == records[1]["result"]["sha256"]
    assert records[0]["from_a"] == records[1]["from_a"]
    assert main(["fuse", *files, "-o", parts, "--network", "small", "--tile", "none"]) == 0
    assert "at once: about" in capsys.readouterr().err


def test_tile_is_checked_and_steps_are_of_the_whole(files, tmp_path, capsys):
    steps = ["--save-steps", str(tmp_path / "steps")]
    assert main(["fuse", *files, "-o", str(tmp_path / "f.png"), "--tile", "64", *steps]) == 2
    assert "--save-steps shows the whole image, but --tile asks for tiles" in capsys.readouterr().err
    for wrong in ("63", "many"):
        with pytest.raises(SystemExit, match="2"):
            main(["fuse", *files, "-o", str(tmp_path / "f.png"), "--tile", wrong])
    assert "63 must be at least 64" in capsys.readouterr().err
    assert main(["fuse", *files, "-o", str(tmp_path / "f.png"), "--method", "gfdf", "--tile", "auto", *steps]) == 0


def test_interrupted_between_tiles_nothing_is_left(files, tmp_path, monkeypatch):
    @contextmanager
    def bar(title):
        yield stop

    def stop(done, of):
        if done == 15:  # of 12 that decide and 12 that blend
            raise KeyboardInterrupt

    monkeypatch.setattr("reference.jobs.progress.progress_bar", bar)
    before = set(tmp_path.iterdir())
    assert main(["fuse", *files, "-o", str(tmp_path / "f.png"), "--method", "gfdf", "--tile", "64"]) == 130
    assert set(tmp_path.iterdir()) == before


def test_every_tile_is_told():
    a, b = sources("camera_grass", 130, 140)
    told = []
    list(fuse_tiled(lambda r: r.of(a), lambda r: r.of(b), a.shape, BY["gfdf"], 64, lambda *of: told.append(of)))
    assert count_tiles(a.shape, BY["gfdf"], 64) == 18
    assert told == [(done, 18) for done in range(1, 19)]


@pytest.mark.slow
def test_a_stack_of_large_photographs_decides_in_tiles(monkeypatch):
    photographs = [lambda image=image: image for image in sources("rocket_cat", 150, 170)]
    whole = stack(photographs, BY["small"])
    monkeypatch.setattr(memory, "LARGE", 1e4)
    monkeypatch.setattr(memory, "FOR_A_TILE", 290.5 * (64 + 2 * BY["small"].reach) ** 2)
    monkeypatch.setattr(NetworkMethod, "decide", lambda *given: pytest.fail("the whole was decided at once"))
    assert np.array_equal(stack(photographs, BY["small"]).index_map, whole.index_map)


def test_much_around_a_tile_leaves_a_tile():
    by = NetworkMethod(load_network("liu2017"), FusionParameters(pool_window=4001))
    assert memory.tile_size_for((9000, 9000), by) == 64


def test_more_memory_is_said_for_more_pixels_and_for_the_whole():
    by = NetworkMethod(load_network("small"), PAPER)
    said = [estimate(ImageFile(np.empty((side, side, 3), np.uint8), np.dtype(np.uint8)), by, tile)
            for side, tile in ((3000, 1536), (10000, 1536), (3000, None), (10000, None))]  # fmt: skip
    assert said[0] < said[1] < 4e9 < said[3]
    assert said[0] < said[2] < said[3]
