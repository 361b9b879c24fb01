"""Training: determined by its inputs, resumable, and its labels as defined. Sizes are tiny, quality is not judged."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from reference.datasets.generator.physical import draw_capture
from reference.errors import BadInput
from reference.images.files import write_image
from reference.network.loading import weights_path
from reference.network.training import crops as crops_module
from reference.network.training import train as training
from reference.network.training.crops import batch_of_crops, read_photographs
from reference.network.training.loss import focus_loss, map_loss, overlap_means, patch_means
from reference.network.training.recipe import FURTHER, RECIPES, Recipe, Run, save_checkpoint
from reference.network.training.train import learning_rate, train
from reference.network.weights import build, config_of, read_weights, write_weights
from reference.steps import focus_map

RECIPE = Recipe(
    network="small", steps=3, map_steps=1, batch=2, crop=24, warm_up=2, log_every=1, validate_every=2,
    validation_batches=1, bfloat16=False,
)  # fmt: skip


@pytest.fixture
def photographs():
    rng = np.random.default_rng(0)
    return [rng.random((60, 70)).astype(np.float32) for _ in range(3)]


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def records(out):
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


@pytest.mark.slow
def test_an_interrupted_run_ends_where_an_uninterrupted_one_does(photographs, tmp_path, monkeypatch):
    whole = train(RECIPE, photographs, photographs, tmp_path / "whole")

    def stop_before_step_2(recipe, step, original=learning_rate):
        if step == 2:
            raise KeyboardInterrupt
        return original(recipe, step)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(training, "learning_rate", stop_before_step_2)
        train(RECIPE, photographs, photographs, tmp_path / "halves")
    halves = train(RECIPE, photographs, photographs, tmp_path / "halves")
    for key, value in whole.state_dict().items():
        torch.testing.assert_close(halves.state_dict()[key], value, rtol=0, atol=0)
    steps = [record["step"] for record in records(tmp_path / "halves") if "loss" in record]
    assert steps == [1, 2, 3, 4]
    assert [record["step"] for record in records(tmp_path / "halves") if "validation_loss" in record] == [2, 3, 4]


@pytest.mark.slow
def test_an_interrupt_within_a_step_goes_on_from_the_last_checkpoint(photographs, tmp_path, monkeypatch):
    whole = train(RECIPE, photographs, photographs, tmp_path / "whole")
    update, calls = torch.optim.AdamW.step, []

    def half_a_step(self, *arguments):
        calls.append(1)
        update(self, *arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt

    recipe = Recipe(**{**RECIPE.__dict__, "checkpoint_seconds": -1.0})
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(torch.optim.AdamW, "step", half_a_step)
        train(recipe, photographs, photographs, tmp_path / "halves")
    halves = train(recipe, photographs, photographs, tmp_path / "halves")
    for key, value in whole.state_dict().items():
        torch.testing.assert_close(halves.state_dict()[key], value, rtol=0, atol=0)


@pytest.mark.slow
def test_a_finished_run_is_not_run_again(photographs, tmp_path, monkeypatch):
    done = train(RECIPE, photographs, photographs, tmp_path)
    monkeypatch.setattr(training, "_evaluate", None)
    again = train(RECIPE, photographs, photographs, tmp_path)
    for key, value in done.state_dict().items():
        torch.testing.assert_close(again.state_dict()[key], value, rtol=0, atol=0)


def test_a_checkpoint_of_another_recipe_is_not_gone_on_with(photographs, tmp_path):
    train(RECIPE, photographs, photographs, tmp_path)
    other = Recipe(**{**RECIPE.__dict__, "seed": 7})
    with pytest.raises(BadInput, match="was trained with seed = 0, not 7; train into another folder"):
        train(other, photographs, photographs, tmp_path)
    with pytest.raises(BadInput, match=r"was trained with photographs = [0-9a-f]{16}, not [0-9a-f]{16}"):
        train(RECIPE, photographs[::-1], photographs, tmp_path)
    save_file({"x": torch.zeros(1)}, tmp_path / "checkpoint.safetensors")
    with pytest.raises(BadInput, match="is a safetensors file, but no checkpoint of a training run"):
        train(RECIPE, photographs, photographs, tmp_path)
    (tmp_path / "checkpoint.safetensors").write_text("damaged")
    with pytest.raises(BadInput, match="is not a readable checkpoint"):
        train(RECIPE, photographs, photographs, tmp_path)


@pytest.mark.slow
def test_long_runs_are_saved_on_the_way(photographs, tmp_path, monkeypatch):
    saved = []
    save = training.save_checkpoint
    monkeypatch.setattr(training, "save_checkpoint", lambda *a: (saved.append(a[-1]), save(*a)))
    train(Recipe(**{**RECIPE.__dict__, "checkpoint_seconds": -1.0}), photographs, photographs, tmp_path)
    assert saved == [1, 2, 3, 4, 4]


def test_crops_depend_on_the_step_alone(photographs):
    first, again, next_ = (batch_of_crops(photographs, RECIPE, step) for step in (5, 5, 6))
    for x, y, z in zip(first, again, next_, strict=True):
        np.testing.assert_array_equal(x, y)
        assert x.shape[-3:] == (2, 24, 24)
        assert not np.array_equal(x, z)


def test_crops_are_photographs_of_eight_bits_and_their_label_is_true(photographs):
    recipe = Recipe(**{**RECIPE.__dict__, "noise_share": 0.0, "soft_share": 0.0, "radius_least": 4.0, "batch": 8})
    crops = batch_of_crops(photographs, recipe, 0)
    for image in crops.sources:
        assert 0 <= image.min() <= image.max() <= 1
        np.testing.assert_allclose(image * 255, np.round(image * 255), atol=1e-9)
    assert 0 <= crops.label.min() <= crops.label.max() <= 1

    def roughness(image):
        return np.abs(np.diff(image, axis=1))[:, :, :-1] + np.abs(np.diff(image, axis=2))[:, :-1]

    sharp_a = crops.label[:, :-1, :-2] > 0.99
    sharp_b = crops.label[:, :-1, :-2] < 0.01
    rough_a, rough_b = (roughness(source)[:, :, : sharp_a.shape[2]] for source in crops.sources)
    assert rough_a[sharp_a].mean() > 2 * rough_b[sharp_a].mean()
    assert rough_b[sharp_b].mean() > 2 * rough_a[sharp_b].mean()


def start_from(folder, settings=None, name="small"):
    module = build(name, settings)
    training.initialise(module, 16.0)
    write_weights(folder / "start.safetensors", name, module.state_dict(), config_of(module), half=False)
    return folder / "start.safetensors"


def test_a_run_may_start_from_given_weights(photographs, tmp_path):
    start = start_from(tmp_path)
    recipe = replace(RECIPE, steps=1, map_steps=0, learning_rate=1e-9)  # hardly moves them
    module = train(recipe, photographs, photographs, tmp_path / "run", start)
    for key, value in read_weights(start, "small").module.state_dict().items():
        torch.testing.assert_close(module.state_dict()[key], value, rtol=0, atol=1e-6)


def test_narrower_weights_are_made_larger_first(tmp_path):
    start = start_from(tmp_path, {"filters": [4, 8, 8, 8, 8], "fully_connected": [8, 8, 8]})
    settings = {"filters": [8, 8, 8, 12, 16], "fully_connected": [16, 8, 8], "filter_sizes": [3, 5, 3, 3, 3]}
    recipe = replace(RECIPE, settings=settings, copy_noise=0.0)
    module, narrow = training.begin(recipe, start), read_weights(start, "small").module
    assert config_of(module) == config_of(build("small", settings))
    levels = [[torch.rand(1, 1, 24 >> level, 24 >> level) for level in range(3)] for _ in range(2)]
    torch.testing.assert_close(module(*levels), narrow(*levels), rtol=1e-4, atol=1e-5)
    parted = training.begin(replace(recipe, copy_noise=0.2), start)
    assert not torch.equal(parted.convolutions[0].weight, module.convolutions[0].weight)


def test_half_becomes_the_network_of_the_paper():
    half = weights_path("half", None)
    assert config_of(training.begin(FURTHER["enhanced"], half)) == config_of(build("enhanced"))


def test_weights_that_cannot_start_a_run_are_refused(photographs, tmp_path):
    start = start_from(tmp_path, {"fully_connected": [512, 128, 64]})
    with pytest.raises(BadInput, match=r"start.safetensors cannot start this run: .* can only become wider"):
        train(RECIPE, photographs, photographs, tmp_path / "run", start)
    with pytest.raises(BadInput, match=r"its variant is convolutions 8-16-32-64-128, .* not slight"):
        training.begin(replace(RECIPE, network="liu2017"), start)
    full = start_from(tmp_path, {"variant": "full"}, "liu2017")
    with pytest.raises(BadInput, match="its variant is full, not slight"):
        training.begin(replace(RECIPE, network="liu2017"), full)


def test_a_run_is_not_gone_on_with_from_another_start(photographs, tmp_path):
    train(RECIPE, photographs, photographs, tmp_path / "run")
    with pytest.raises(BadInput, match=r"was trained with start = , not [0-9a-f]{64}"):
        train(RECIPE, photographs, photographs, tmp_path / "run", start_from(tmp_path))


def test_a_checkpoint_from_before_there_was_a_choice_is_gone_on_with(photographs, tmp_path):
    done = train(RECIPE, photographs, photographs, tmp_path)
    path = tmp_path / "checkpoint.safetensors"
    with safe_open(path, framework="pt") as file:
        tensors, metadata = {key: file.get_tensor(key) for key in file.keys()}, file.metadata()  # noqa: SIM118
    run = json.loads(metadata["run"])
    del run["start"], run["recipe"]["physical_share"], run["recipe"]["copy_noise"]
    save_file(tensors, path, metadata={**metadata, "run": json.dumps(run)})
    again = train(RECIPE, photographs, photographs, tmp_path)
    for key, value in done.state_dict().items():
        torch.testing.assert_close(again.state_dict()[key], value, rtol=0, atol=0)


def test_further_training_has_both_kinds_of_crops_in_equal_parts():
    assert {recipe.physical_share for recipe in FURTHER.values()} == {0.5}
    assert {name for name, recipe in RECIPES.items() if recipe.physical_share} == {"pixel"}
    assert config_of(build("enhanced", FURTHER["enhanced"].settings)) == config_of(build("enhanced"))


def test_physical_crops_are_of_eight_bits_and_their_label_is_true(photographs):
    recipe = replace(RECIPE, physical_share=1.0, batch=8)
    crops = batch_of_crops(photographs, recipe, 0)
    for image in crops.sources:
        assert image.shape == (8, 24, 24)
        np.testing.assert_allclose(image * 255, np.round(image * 255), atol=1e-9)
    assert set(np.unique(crops.label)) == {0.0, 1.0}
    assert 0.2 < crops.label.mean() < 0.8
    assert 0 <= crops.texture.min() <= crops.texture.max() <= 1


def test_half_of_the_crops_may_be_physical(photographs, monkeypatch):
    made = []
    for name in ("_simple", "_physical"):
        original = getattr(crops_module, name)
        monkeypatch.setattr(crops_module, name, lambda *a, o=original, n=name: (made.append(n), o(*a))[1])
    batch_of_crops(photographs, replace(RECIPE, physical_share=0.5, batch=60), 0)
    assert 15 < made.count("_physical") < 45
    made.clear()
    batch_of_crops(photographs, RECIPE, 0)
    assert made == ["_simple"] * 2


def test_without_physical_crops_no_number_is_drawn_to_choose_between_them(photographs):
    """So that a recipe from before there were any makes the crops that it made."""
    rng, names = np.random.default_rng(7), []

    class Witness:
        def __getattr__(self, name):
            names.append(name)
            return getattr(rng, name)

    crops_module.crop_pair(photographs, RECIPE, Witness())
    assert names[:3] == ["uniform", "random", "choice"]  # radius, blur, kind of boundary


def test_patch_means_are_those_of_the_score_grid():
    image = torch.rand(2, 22, 25)
    means = patch_means(image)
    assert means.shape == (2, 4, 5)
    assert abs(float(means[1, 2, 3]) - float(image[1, 4:20, 6:22].mean())) < 1e-6


def test_loss_by_hand():
    """One patch per image: right and sure costs nothing, undecided costs log 2, no texture counts nothing."""
    mask, texture = torch.ones(3, 16, 16), torch.full((3, 16, 16), 0.01)
    texture[2] = 0
    logits = torch.tensor([[-50.0, 50.0], [0.0, 0.0], [50.0, -50.0]])[:, :, None, None]
    loss, right = focus_loss(logits, mask, texture, texture_half=0.01)
    assert abs(float(loss) - np.log(2) / 2) < 1e-6
    assert float(right) == 0.5
    loss, right = focus_loss(logits, mask, torch.zeros(3, 16, 16), 0.01)
    assert (float(loss), float(right)) == (0, 0)


def test_the_map_that_is_learned_is_step_4():
    scores = np.random.default_rng(2).random((4, 6))
    found, covered = overlap_means(torch.from_numpy(scores)[None], (22, 26))
    np.testing.assert_allclose(found[0], focus_map(scores, (22, 26)), atol=1e-12)
    assert covered[0, 0, 0] == 1
    assert covered[0, 7, 12] == 4 * 6


def test_loss_of_the_map_by_hand():
    """Scores 1 0 for columns 0 to 15 and 2 to 17: the map is 1, then 1/2 (B's, as step 6 has it), then 0."""
    logits = torch.tensor([[-50.0, 50.0], [50.0, -50.0]]).T[None, :, None, :]
    label = torch.zeros(1, 16, 18)
    label[..., :2] = 1
    texture = torch.zeros(1, 16, 18)
    texture[..., 1] = texture[..., 2] = texture[..., 17] = 1.0
    loss, right = map_loss(logits, label, texture, texture_half=1.0, sharpness=12.0)
    sure, undecided = np.log1p(np.exp(-6)), np.log(2)
    np.testing.assert_allclose(float(loss), (sure + 2 * undecided + sure) / 4, rtol=1e-5)  # two patches cover column 2
    assert float(right) == 1
    wrong, right = map_loss(logits.flip(1), label, texture, texture_half=1.0, sharpness=12.0)
    np.testing.assert_allclose(float(wrong), (6 + sure + 2 * undecided + 6 + sure) / 4, rtol=1e-5)
    assert float(right) == 0.5
    assert float(map_loss(logits, label, torch.zeros(1, 16, 18), 1.0, 12.0)[0]) == 0


@pytest.mark.slow
def test_the_map_is_learned_with_an_optimizer_that_has_forgotten_the_patches(photographs, tmp_path):
    first = train(RECIPE, photographs, photographs, tmp_path / "whole")
    whole = {key: value.clone() for key, value in first.state_dict().items()}
    patches = train(replace(RECIPE, map_steps=0), photographs, photographs, tmp_path / "patches")
    (tmp_path / "fresh").mkdir()
    fresh, run = torch.optim.AdamW(patches.parameters()), Run(RECIPE, training._digest(photographs))
    save_checkpoint(tmp_path / "fresh" / "checkpoint.safetensors", patches, fresh, run, RECIPE.steps)
    for key, value in train(RECIPE, photographs, photographs, tmp_path / "fresh").state_dict().items():
        torch.testing.assert_close(whole[key], value, rtol=0, atol=0)


def test_learning_rate_warms_up_and_decays():
    recipe = Recipe(steps=1000, warm_up=100, learning_rate=1.0)
    assert learning_rate(recipe, 0) == 0.01
    assert learning_rate(recipe, 99) == learning_rate(recipe, 100) == 1
    assert abs(learning_rate(recipe, 550) - 0.5) < 1e-12
    assert learning_rate(recipe, 999) < 1e-5


def test_learning_rate_rises_again_for_the_map():
    recipe = Recipe(steps=1000, warm_up=100, learning_rate=1.0, map_steps=300, map_learning_rate=0.1)
    assert learning_rate(recipe, 1000) == 0.001
    assert learning_rate(recipe, 1099) == learning_rate(recipe, 1100) == 0.1
    assert abs(learning_rate(recipe, 1200) - 0.05) < 1e-12
    assert learning_rate(recipe, 1299) < 1e-5


@pytest.mark.parametrize("of_map", [False, True])
def test_one_step_lowers_the_loss_on_its_own_crops(photographs, of_map):
    recipe = Recipe(**{**RECIPE.__dict__, "batch": 4})
    torch.manual_seed(0)
    module = build("small")
    training.initialise(module, 16.0)
    optimizer = torch.optim.SGD(module.parameters(), 0.0003)
    crops = batch_of_crops(photographs, recipe, 0)
    before, _ = training._evaluate(module, recipe, crops, of_map)
    before.backward()
    optimizer.step()
    after, _ = training._evaluate(module, recipe, crops, of_map)
    assert float(after.detach()) < float(before.detach())


def test_photographs_are_read_as_gray_and_small_ones_left_out(tmp_path):
    rng = np.random.default_rng(1)
    write_image(tmp_path / "b.png", rng.random((30, 40, 3)))
    write_image(tmp_path / "a.tif", rng.random((31, 40)))
    write_image(tmp_path / "c.png", rng.random((20, 40)))
    (tmp_path / "notes.txt").write_text("not a photograph")
    photographs = read_photographs(tmp_path, 24)
    assert [image.shape for image in photographs] == [(31, 40), (30, 40)]
    assert photographs[0].dtype == np.float32
    with pytest.raises(BadInput, match="holds no PNG, JPEG, TIFF or BMP of at least 50 x 50 pixels"):
        read_photographs(tmp_path, 50)
    with pytest.raises(BadInput, match="is not a folder"):
        read_photographs(tmp_path / "missing", 24)


@pytest.mark.parametrize("name", ["small", "liu2017"])
def test_the_first_filters_see_contrast_only_and_all_networks_with_one_gain(name):
    module = build(name)
    training.initialise(module, 16.0)
    first = next(layer for layer in module.modules() if isinstance(layer, torch.nn.Conv2d))
    assert first.weight.mean(dim=(2, 3)).abs().max() < 1e-6
    gain = float(first.weight.detach().std()) * module.input_gain
    assert abs(gain / (16 * np.sqrt(2 / 9)) - 1) < 0.3
    flat, brighter = (torch.full((1, 1, 12, 12), level) for level in (0.25, 0.75))
    centre = (..., slice(3, 9), slice(3, 9))
    with torch.no_grad():
        torch.testing.assert_close(first(flat)[centre], first(brighter)[centre], rtol=0, atol=1e-5)


@pytest.mark.slow
def test_a_record_is_the_mean_of_its_steps(photographs, tmp_path):
    single = Recipe(**{**RECIPE.__dict__, "validate_every": 4})
    train(single, photographs, photographs, tmp_path / "single")
    train(Recipe(**{**single.__dict__, "log_every": 2}), photographs, photographs, tmp_path / "double")
    losses, means = ([r["loss"] for r in records(tmp_path / n) if "loss" in r] for n in ("single", "double"))
    np.testing.assert_allclose(means, np.reshape(losses, (2, 2)).mean(axis=1))


def test_what_was_logged_after_the_last_checkpoint_is_dropped(photographs, tmp_path):
    """A killed run has logged steps that its checkpoint does not hold; they are done, and logged, again."""
    train(Recipe(**{**RECIPE.__dict__}), photographs, photographs, tmp_path)
    log = tmp_path / "log.jsonl"
    whole = log.read_text()
    log.write_text(whole + '{"step": 5, "loss": 1.0}\n{"step": 6, "lo')
    train(RECIPE, photographs, photographs, tmp_path)
    assert log.read_text() == whole


def test_no_blur_reaches_beyond_the_margin():
    """What is blurred with the border replicated is cut off."""
    widest = max(draw_capture(np.random.default_rng(seed)).radius for seed in range(300))
    assert 11 < widest <= crops_module.MARGIN
    assert all(recipe.radius_most <= crops_module.MARGIN for recipe in RECIPES.values())
