"""The network that weighs every pixel: its symmetries, its loss, what computes it, and the method that fuses by it."""

from __future__ import annotations

import math
import os
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, softmax

from matlab_compat import im2uint8
from reference.datasets.generator.physical import draw_capture
from reference.datasets.generator.thin_lens import disc_blur
from reference.datasets.pairs import embedded_pairs
from reference.datasets.registry import data_root
from reference.errors import BadInput, WrongUsage
from reference.images.files import read_image
from reference.jobs.stack_fusion import _weighed, stack
from reference.jobs.tiles import collect_tiles, fuse_tiled
from reference.methods.base import confidence
from reference.methods.pixel import PixelMethod, expected_error, log_odds
from reference.methods.settings import MethodSettings
from reference.network import loading
from reference.network.loading import load_engine
from reference.network.pixel import PixelConfig, PixelNetwork
from reference.network.training import crops
from reference.network.training.crops import batch_of_crops
from reference.network.training.loss import fused_loss
from reference.network.training.recipe import Recipe
from reference.network.weights import config_of, read_weights, write_weights
from reference.steps import gray
from tests.support.networks import tiny
from tests.support.optional import needs

SMALL = PixelConfig(filters=2, widths=(4, 6, 8), head=4)


def network(seed=0):
    torch.manual_seed(seed)
    module = PixelNetwork(SMALL)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.5)
    return module.eval()


def image(*shape, seed=1):
    return np.random.default_rng(seed).random(shape)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A file with a random network of three sizes, as strong as none that is trained."""
    path = tmp_path_factory.mktemp("weights") / "pixel.safetensors"
    write_weights(path, "pixel", network().state_dict(), config_of(network()), half=False)
    return path


@pytest.fixture(scope="module")
def method(weights):
    return PixelMethod(load_engine(weights, deterministic=True))


LIBRARIES = "onnxruntime", "opencv", "torch"


def engine_of(library):
    """The weights that ship, in one of the libraries."""
    if library == "torch":
        return load_engine(deterministic=True)
    pytest.importorskip("cv2" if library == "opencv" else library, exc_type=ImportError)
    with pytest.MonkeyPatch.context() as patch:
        if library == "opencv":
            patch.setitem(sys.modules, "onnxruntime", None)
        engine = load_engine()
    assert engine.record()["arithmetic"]["library"] == library
    return engine


@pytest.fixture(scope="module", params=LIBRARIES)
def shipped(request):
    return PixelMethod(engine_of(request.param))


@settings(max_examples=15)
@given(st.integers(2, 4), st.integers(1, 3), st.integers(1, 3), st.randoms(use_true_random=False))
def test_weights_follow_their_photographs_and_sum_to_one(count, down, across, random):
    height, width = 8 * down, 8 * across
    grays = torch.from_numpy(np.random.default_rng(0).random((count, 1, 1, height, width), dtype=np.float32))
    order = random.sample(range(count), count)
    with torch.inference_mode():
        weights, log_variance = network()(grays)
        again, same = network()(grays[order])
    assert weights.shape == grays.shape
    torch.testing.assert_close(weights.sum(dim=0), torch.ones(1, 1, height, width))
    torch.testing.assert_close(again, weights[order], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(same, log_variance, atol=1e-4, rtol=1e-4)


@settings(max_examples=10)
@given(st.integers(16, 40), st.integers(16, 40), st.integers(0, 9))
def test_exchanged_photographs_have_the_other_weight(height, width, seed):
    method = PixelMethod()
    a, b = image(height, width, seed=seed), image(height, width, seed=seed + 10)
    one, other = method(a, b), method(b, a)
    np.testing.assert_allclose(one.decision_map, 1 - other.decision_map, atol=1e-6)
    np.testing.assert_allclose(one.image, other.image, atol=1e-6)
    np.testing.assert_allclose(one.steps["expected_error"], other.steps["expected_error"], rtol=1e-5)


def test_the_expected_error_ends_where_its_picture_does():
    errors = expected_error(2 * np.log([0.001, 0.0999, 0.3, 9.0]))
    np.testing.assert_allclose(errors, [0.001, 0.0999, 0.1, 0.1])
    assert (confidence(errors) > 0).tolist() == [True, True, False, False]


def test_the_segmentation_is_where_a_weighs_more(method):
    a, b = image(24, 40), image(24, 40, seed=2)
    decided = method.segment(a, b)
    assert 0.2 < decided.mean() < 0.8
    np.testing.assert_array_equal(decided, method(a, b).decision_map > 0.5)


def test_equal_photographs_weigh_the_same(shipped):
    fused = shipped(image(24, 24), image(24, 24))
    np.testing.assert_allclose(fused.decision_map, 0.5, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("library", ["onnxruntime", "opencv"])
def test_other_libraries_compute_what_pytorch_does(library):
    engines = engine_of(library), engine_of("torch")
    for pair in embedded_pairs():
        grays = [gray(read_image(path).pixels) for path in (pair.image_a, pair.image_b)]
        (one, left), (other, same) = (log_odds(*grays, engine) for engine in engines)
        np.testing.assert_allclose(expit(one), expit(other), atol=1e-5)
        np.testing.assert_allclose(left, same, atol=2e-5)


def test_an_opencv_that_cannot_compute_the_file_leaves_it_to_pytorch(monkeypatch):
    cv2 = pytest.importorskip("cv2", exc_type=ImportError)

    def refuse(path):
        raise cv2.error("a node that it does not know")

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setattr(cv2.dnn, "readNetFromONNX", refuse)
    assert type(load_engine()).__name__ == "ByTorch"


@pytest.mark.parametrize(("threads", "taken"), [("1", 1), ("3,2", 3), *((no, None) for no in ("", "0", "-1", "abc"))])
def test_onnx_runtime_takes_as_many_threads_as_it_is_given(threads, taken, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", threads)
    onnxruntime = pytest.importorskip("onnxruntime")
    asked = []

    class Session(onnxruntime.InferenceSession):
        def __init__(self, path, options, providers):
            asked.append(options.intra_op_num_threads)
            super().__init__(path, options, providers=providers)

    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    expected = taken or len(os.sched_getaffinity(0))
    assert engine_of("onnxruntime").record()["arithmetic"]["threads"] == expected
    assert asked == [expected]


def test_onnx_runtime_gives_back_the_memory_of_large_photographs(monkeypatch):
    onnxruntime = pytest.importorskip("onnxruntime")
    asked = []

    class Session(onnxruntime.InferenceSession):
        def run(self, outputs, inputs, run_options=None):
            asked.append((inputs["grays"].size, run_options is not None))
            return [np.zeros(inputs["grays"].shape, np.float32), np.zeros((1, *inputs["grays"].shape[1:]), np.float32)]

    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    engine = engine_of("onnxruntime")
    for side in (512, 1024, 1040):
        engine.logits(np.zeros((2, side, side), np.float32))
    assert [gives_back for _, gives_back in asked] == [False, False, False, True]


def test_an_onnx_runtime_that_cannot_compute_the_file_leaves_it_to_opencv(monkeypatch):
    pytest.importorskip("cv2", exc_type=ImportError)
    onnxruntime = pytest.importorskip("onnxruntime")

    def refuse(*given, **named):
        raise Exception("a node that it does not know")  # its errors are of this class alone

    monkeypatch.setattr(onnxruntime, "InferenceSession", refuse)
    assert load_engine().record()["arithmetic"]["library"] == "opencv"


@pytest.mark.parametrize("library", ["onnxruntime", "opencv"])
def test_threads_do_not_disturb_each_other(library):
    method, pairs = (
        PixelMethod(engine_of(library)),
        [(image(48, 64, seed=seed), image(48, 64, seed=seed + 20)) for seed in range(8)],
    )
    alone = [method(a, b).decision_map for a, b in pairs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda pair: method(*pair).decision_map, 4 * pairs))
    for found, expected in zip(together, 4 * alone, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_onnx_file_is_made_of_the_weights_that_ship(tmp_path):
    needs("onnx", "onnxruntime")
    import onnx

    from reference.network.onnx_export import export_onnx

    folder = data_root() / "weights"
    export_onnx(read_weights(folder / "pixel.safetensors", "pixel"), tmp_path / "pixel.onnx")
    made, ships = (onnx.load(path / "pixel.onnx") for path in (tmp_path, folder))
    assert made.graph == ships.graph
    assert made.metadata_props == ships.metadata_props


@pytest.mark.parametrize("shape", [(2, 32, 48), (5, 64, 16)])
def test_the_whole_network_in_onnx_weighs_as_it_does(shape, tmp_path):
    needs("onnx", "onnxruntime")
    import onnxruntime

    from reference.network.onnx_export import export_onnx

    file = read_weights(data_root() / "weights" / "pixel.safetensors", "pixel")
    export_onnx(file, tmp_path / "whole.onnx")
    grays = np.random.default_rng(0).random(shape, dtype=np.float32)[:, None]
    session = onnxruntime.InferenceSession(tmp_path / "whole.onnx", providers=["CPUExecutionProvider"])
    weights, left = session.run(["weights", "log_variance"], {"grays": grays})
    with torch.inference_mode():
        expected, log_variance = file.module.eval()(torch.from_numpy(grays)[:, None])
    np.testing.assert_allclose(weights, expected[:, 0], atol=1e-5)
    np.testing.assert_allclose(left, log_variance[0][None], atol=1e-5)


def test_the_last_row_and_column_go_on_beyond_sides_that_are_no_multiples(method):
    a, b = image(33, 50), image(33, 50, seed=2)
    wider = (np.pad(each, [(0, 7), (0, 6)], mode="edge") for each in (a, b))
    for found, expected in zip(log_odds(a, b, method.engine), log_odds(*wider, method.engine), strict=True):
        np.testing.assert_array_equal(found, expected[:33, :50])


def test_tiles_give_the_whole(shipped):
    a, b = image(260, 220, 3), image(260, 220, 3)[:, ::-1].copy()
    whole = shipped(a, b)
    parts = fuse_tiled(lambda region: region.of(a), lambda region: region.of(b), a.shape, shipped, 112)
    tiled = collect_tiles(parts, a.shape, np.dtype(np.uint16))
    np.testing.assert_allclose(tiled.result / 65535, whole.image, atol=2e-5)
    sure = confidence(whole.steps["expected_error"])
    np.testing.assert_allclose(tiled.confidence / 255, sure, atol=0.6 / 255)


def test_a_stack_of_two_is_the_pair(shipped):
    a, b = image(40, 52, 3), image(40, 52, 3, seed=2)
    pair, stacked = shipped(a, b), stack([a, b], shipped)
    np.testing.assert_allclose(stacked.image, pair.image, atol=1e-7)
    np.testing.assert_allclose(stacked.error, pair.steps["expected_error"], rtol=1e-7)
    np.testing.assert_array_equal(stacked.index_map == 0, pair.decision_map > 0.5)


def test_a_stack_of_two_has_the_bytes_of_the_pair():
    for pair in embedded_pairs():
        a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
        np.testing.assert_array_equal(im2uint8(stack([a, b]).image), im2uint8(PixelMethod()(a, b).image))


def test_photographs_of_which_the_network_is_very_sure_have_a_finite_sum():
    a, b = np.full((2, 3), 0.25), np.full((2, 3), 0.75)
    for one, other, expected in (
        (800.0, -800.0, 0.25),
        (-800.0, 800.0, 0.75),
        (900.0, 900.0, 0.5),
        (-900.0, -900.0, 0.5),
    ):
        judged = [(a, (np.full((2, 3), one), 0 * a)), (b, (np.full((2, 3), other), 0 * a))]
        np.testing.assert_allclose(_weighed(judged, 2).image, expected)


def beside_their_mean_and_its_fusion(photographs):
    """What `network` says of each photograph beside their mean, then beside the fusion: weights and log variance."""

    def logits(one, other):
        grays = np.stack([gray(each) for each in (one, other)]).astype(np.float32)
        with torch.inference_mode():
            (of_one, of_other), left = network().logits(torch.from_numpy(grays)[:, None, None])
        return (of_one - of_other).double().numpy()[0, 0], left.double().numpy()[0, 0]

    def fused(weights):
        return sum(each.T * weight.T for each, weight in zip(photographs, weights, strict=True)).T

    if len(photographs) == 2:
        odds, left = logits(*photographs)
        weights = softmax([odds, 0 * odds], axis=0)
        return weights, left, fused(weights)
    other = np.mean(photographs, axis=0)
    for _ in range(2):
        odds, left = zip(*(logits(each, other) for each in photographs), strict=True)
        weights = softmax(odds, axis=0)
        other = fused(weights)
    return weights, np.mean(left, axis=0), other


@settings(max_examples=12)
@given(st.integers(2, 6), st.booleans(), st.randoms(use_true_random=False))
def test_a_stack_is_weighed_beside_its_mean_and_beside_the_fusion_in_any_order(method, count, in_colour, random):
    """One photograph at a time; a random network has large logits, hence 1e-3 of single precision."""
    photographs = [image(*((24, 40, 3) if in_colour else (24, 40)), seed=seed) for seed in range(count)]
    order = random.sample(range(count), count)
    weights, log_variance, expected = beside_their_mean_and_its_fusion(photographs)
    stacked, other = stack(photographs, method), stack([photographs[k] for k in order], method)
    np.testing.assert_allclose(stacked.image, expected, atol=1e-3)
    np.testing.assert_allclose(other.image, expected, atol=1e-3)
    np.testing.assert_allclose(stacked.error, np.minimum(np.exp(log_variance / 2), 0.1), rtol=1e-2)
    best, second = np.sort(weights, axis=0)[[-1, -2]]
    where = best - second > 1e-2
    np.testing.assert_array_equal(stacked.index_map[where], weights.argmax(axis=0)[where])
    np.testing.assert_array_equal(np.array(order)[other.index_map][where], stacked.index_map[where])
    position = np.arange(count).reshape(-1, 1, 1) / (count - 1)
    np.testing.assert_allclose(stacked.depth, (position * weights).sum(axis=0), atol=1e-3)


@pytest.mark.parametrize(("count", "shape"), [(2, (24, 32, 3)), (4, (24, 32, 3)), (4, (24, 32))])
def test_photographs_of_a_stack_are_read_again_and_one_is_held(method, count, shape):
    read, alive = [], []

    def photograph(k):
        def reads():
            assert sum(each() is not None for each in alive) <= 1, "a photograph is held while another is read"
            pixels = image(*shape, seed=k)
            read.append(k)
            alive.append(weakref.ref(pixels))
            return pixels

        return reads

    told = []
    stack([photograph(k) for k in range(count)], method, lambda done, of: told.append((done, of)))
    assert read == [*range(count)] * min(count, 3)
    assert told == [(done, len(read)) for done in range(1, len(read) + 1)]


def test_by_the_weights_that_ship_another_order_gives_the_same_image():
    sharp = gray(read_image(embedded_pairs()[0].truth).pixels)[:96, :128]
    depth = np.indices(sharp.shape)[1] // 32
    photographs = [np.where(depth == k, sharp, np.clip(disc_blur(sharp, 3.0), 0, 1)) for k in range(4)]
    one, other = stack(photographs), stack([photographs[k] for k in (2, 0, 3, 1)])
    np.testing.assert_allclose(other.image, one.image, atol=1e-5)
    np.testing.assert_allclose(other.error, one.error, rtol=1e-4)


def test_the_index_and_the_depth_are_of_the_photograph_that_is_sharp():
    sharp = gray(read_image(embedded_pairs()[0].truth).pixels)[64:192, 64:224]
    blurred, stripe = np.clip(disc_blur(sharp, 3.0), 0, 1), np.indices(sharp.shape)[1] // 32
    stacked = stack([np.where(stripe == k, sharp, blurred) for k in range(5)])
    for k in range(5):
        middle = np.s_[8:120, 32 * k + 8 : 32 * k + 24]
        assert (stacked.index_map[middle] == k).mean() > 0.9
        assert np.median(stacked.depth[middle]) == pytest.approx(k / 4, abs=0.02)
    error, left = (np.sqrt(np.mean((one - sharp) ** 2)) for one in (stacked.image, blurred))
    assert error < 0.1 * left


def test_a_stack_in_tiles_is_the_whole(monkeypatch):
    photographs = [image(240, 200, seed=seed) for seed in range(3)]
    whole = stack(photographs)
    monkeypatch.setattr("reference.jobs.stack_fusion.tile_size_for", lambda shape, method: 128)
    np.testing.assert_allclose(stack(photographs).image, whole.image, atol=1e-5)


def test_photographs_of_another_size_are_refused(shipped):
    with pytest.raises(ValueError, match=r"photograph 1 is \(32, 40\) but photograph 0 is \(40, 32\)"):
        stack([image(40, 32), image(32, 40)], shipped)


def test_the_reach_holds_for_the_network_as_it_ships():
    torch.manual_seed(0)
    module = PixelNetwork()
    grays = torch.rand(2, 1, 1, 320, 320).requires_grad_()
    module.logits(grays)[0][0, 0, 0, 160, 160].backward()
    rows, columns = np.nonzero(grays.grad.abs().sum(dim=(0, 1, 2)).numpy())
    furthest = max(160 - rows.min(), rows.max() - 160, 160 - columns.min(), columns.max() - 160)
    assert furthest <= PixelMethod.reach


def likelihood(log_variance, squared):
    return (squared / math.exp(log_variance) + log_variance) / 2


def test_the_loss_falls_with_the_error_and_names_the_gain():
    """A is wrong by 0.2 on the right half and B on the left: errors of 0.02 each, of 0 by the right decision."""
    truth = torch.full((1, 4, 8), 0.5)
    sources = truth.expand(2, 1, 4, 8).clone()[:, :, None]
    sources[0, ..., 4:] += 0.2
    sources[1, ..., :4] += 0.2
    label, texture = (torch.arange(8) < 4).float().expand(1, 4, 8), torch.full((1, 4, 8), 0.2)
    odds = 40 * (label - 0.5)
    right, wrong = (torch.stack([sign * odds, -sign * odds])[:, :, None] for sign in (0.5, -0.5))
    log_variance = torch.full((1, 1, 4, 8), math.log(0.01))
    low, gain = fused_loss(right, log_variance, sources, truth, label, texture)
    high, lost = fused_loss(wrong, log_variance, sources, truth, label, texture)
    assert low < high
    assert gain == pytest.approx(10 * math.log10((0.02 + 1e-6) / 1e-6), abs=1e-3)
    assert lost == pytest.approx(-10 * math.log10(2), abs=1e-3)
    half, _ = fused_loss(0 * right, log_variance, sources, truth, label, texture)
    assert half == pytest.approx(
        math.log(0.01 / 0.020001 + 0.003) + 0.03 * math.log(2) + 0.02 * likelihood(math.log(0.01), 0.01), abs=1e-5
    )


def test_the_variance_is_learned_from_the_error_and_does_not_move_the_image():
    truth, sources = torch.zeros(1, 2, 2), torch.full((2, 1, 1, 2, 2), 0.1)
    logits = torch.zeros(2, 1, 1, 2, 2, requires_grad=True)
    label = texture = torch.ones(1, 2, 2)
    slopes = []
    for variance in (0.005, 0.01, 0.02):
        log_variance = torch.full((1, 1, 2, 2), math.log(variance), requires_grad=True)
        loss, _ = fused_loss(logits, log_variance, sources, truth, label, texture)
        loss.backward()
        slopes.append(float(log_variance.grad.sum()))
    assert slopes[0] < -1e-4
    assert abs(slopes[1]) < 1e-7
    assert slopes[2] > 1e-4


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_crops_hold_the_scene_of_which_one_source_is_nearer(share):
    recipe = Recipe("pixel", batch=4, crop=32, noise_share=0, jpeg_share=0, physical_share=share, soft_share=0)
    photographs = [np.random.default_rng(0).random((80, 80)).astype(np.float32)]
    made = batch_of_crops(photographs, recipe, 0)
    errors = np.sort(np.abs(made.sources - made.truth), axis=0)
    assert errors[0].mean() < 0.5 * errors[1].mean()
    assert (2, *made.truth.shape) == made.sources.shape


def test_physical_crops_have_the_blur_of_the_recipe(monkeypatch):
    asked = []
    monkeypatch.setattr(crops, "draw_capture", lambda rng, most: asked.append(most) or draw_capture(rng, most))
    recipe = replace(Recipe("pixel", batch=1, crop=32), physical_share=1.0, physical_radius_most=17.0)
    batch_of_crops([np.random.default_rng(0).random((80, 80)).astype(np.float32)], recipe, 0)
    assert asked == [17.0]


def test_weights_are_kept_with_their_sizes(weights, method):
    assert read_weights(weights, "pixel").module.config == SMALL
    loaded = MethodSettings("pixel", weights=weights, deterministic=True).load()
    assert loaded.record()["network"]["name"] == "pixel"
    a, b = image(33, 47), image(33, 47, seed=2)
    np.testing.assert_array_equal(loaded(a, b).image, method(a, b).image)
    assert np.ptp(method(a, b).decision_map) > 0.01


@pytest.mark.parametrize("name", ["network", "parameters", "area", "radius", "eps", "pool_window", "pool_p"])
def test_what_the_method_does_not_have_is_refused(name):
    with pytest.raises(WrongUsage, match=f"--method pixel has no --{name.replace('_', '-')}: it takes --weights and"):
        MethodSettings("pixel", **{name: 1}).load()


def test_another_network_does_not_weigh_pixels(tmp_path):
    path = tmp_path / "tiny.safetensors"
    write_weights(path, "small", tiny().state_dict(), config_of(tiny()), half=False)
    with pytest.raises(BadInput, match="pixel"):
        load_engine(path)


def test_damaged_weights_are_refused(tmp_path, monkeypatch):
    folder = tmp_path / "weights"
    folder.mkdir()
    for name in ("pixel.onnx", "pixel.onnx.sha256"):
        (folder / name).write_bytes((data_root() / "weights" / name).read_bytes())
    (folder / "pixel.onnx").write_bytes((folder / "pixel.onnx").read_bytes()[:-1] + b"x")
    monkeypatch.setattr(loading, "data_root", lambda: tmp_path)
    with pytest.raises(BadInput, match=r"pixel\.onnx"):
        load_engine()
