"""Weights files: the right network, the right bytes, and one sentence for anything else."""

from __future__ import annotations

import hashlib

import pytest
import scipy.io
import torch

from reference.datasets.registry import data_root
from reference.errors import BadInput, MissingExtra
from reference.network import TRAINED, loading
from reference.network.enhanced import EnhancedConfig, EnhancedNetwork
from reference.network.liu2017 import Liu2017Network
from reference.network.loading import load_network
from reference.network.weights import build, config_of, read_weights, write_weights
from tests.support.networks import TINY, liu_arrays


def written(path, name="enhanced", half=False):
    module = EnhancedNetwork(EnhancedConfig(**TINY)) if name != "liu2017" else build("liu2017", {"filters": [2, 3, 4]})
    config = config_of(module) | ({"filters": [2, 3, 4]} if name == "liu2017" else {})
    digest = write_weights(path, name, module.state_dict(), config, half)
    return module, digest


@pytest.mark.parametrize("name", ["enhanced", "liu2017"])
def test_weights_come_back_as_they_were_written(tmp_path, name):
    path = tmp_path / "w.safetensors"
    module, digest = written(path, name)
    file = read_weights(path, name)
    assert (file.name, file.sha256) == (name, digest)
    for key, value in module.state_dict().items():
        torch.testing.assert_close(file.module.state_dict()[key], value, rtol=0, atol=0)
    assert (tmp_path / "w.safetensors.sha256").read_text() == f"{digest}  w.safetensors\n"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_half_precision_is_storage_only(tmp_path):
    module, _ = written(tmp_path / "w.safetensors", half=True)
    file = read_weights(tmp_path / "w.safetensors", "enhanced")
    for key, value in file.module.state_dict().items():
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, module.state_dict()[key].half().float(), rtol=0, atol=0)


def test_the_authors_file_is_read(tmp_path):
    big = liu_arrays(filters=(64, 128, 256))
    scipy.io.savemat(tmp_path / "cnnmodel.mat", big)
    network = load_network("liu2017_authors", tmp_path / "cnnmodel.mat")
    assert isinstance(network.file.module, Liu2017Network)
    assert network.levels == 1


def other_network(path):
    written(path, "liu2017")


def another_hash(path):
    written(path)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def empty_note(path):
    written(path)
    path.with_name(path.name + ".sha256").write_text("")


def no_weights(path):
    path.write_text("not a safetensors file")


def other_sizes(path):
    module = EnhancedNetwork(EnhancedConfig(**TINY))
    write_weights(path, "enhanced", module.state_dict(), {}, False)


def not_finite(path):
    module = EnhancedNetwork(EnhancedConfig(**TINY))
    state = dict(module.state_dict())
    state["fully_connected.0.bias"] = torch.full((6,), torch.nan)
    write_weights(path, "enhanced", state, config_of(module), False)


def strange_settings(path):
    write_weights(path, "enhanced", {"x": torch.zeros(1)}, [1], False)


def strange_note(path):
    written(path)
    path.with_name(path.name + ".sha256").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "does not exist"),
        (not_finite, "has values that are NaN or infinite in fully_connected.0.bias"),
        (strange_settings, r"its settings are \[1\]"),
        (strange_note, "but w.safetensors.sha256 says"),
        (lambda path: path.mkdir(), "cannot be read: Is a directory"),
        (other_network, "holds the network liu2017, not enhanced"),
        (another_hash, r"has sha256 [0-9a-f]{64}, but w.safetensors.sha256 says [0-9a-f]{64}"),
        (empty_note, "says nothing"),
        (no_weights, "is not a readable safetensors file"),
        (other_sizes, r"does not fit the network enhanced: size mismatch for convolutions.0.weight: .*\[2, 1, 3, 3\]"),
    ],
)
def test_wrong_weights_are_named(tmp_path, make, sentence):
    path = tmp_path / "w.safetensors"
    make(path)
    with pytest.raises(BadInput, match=sentence) as raised:
        read_weights(path, "enhanced")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [({"x": [1]}, "has no array 'weights_b1_1'"), (None, "is not a readable cnnmodel.mat")],
)
def test_another_mat_file_is_named(tmp_path, arrays, sentence):
    path = tmp_path / "w.mat"
    scipy.io.savemat(path, arrays) if arrays else path.write_text("no")
    with pytest.raises(BadInput, match=sentence):
        read_weights(path, "liu2017")


def test_without_weights_the_command_that_fetches_them_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PARFOCAL_DATA", "")
    monkeypatch.setattr("reference.datasets.registry.cache_folder", lambda: tmp_path)
    with pytest.raises(MissingExtra, match="parfocal fetch liu_weights") as raised:
        load_network("liu2017_authors")
    assert raised.value.exit_code == 4
    monkeypatch.setattr(loading, "data_root", lambda: tmp_path)
    with pytest.raises(MissingExtra, match="give some with --weights, or train some"):
        load_network("enhanced")


def test_an_unknown_network_is_refused():
    with pytest.raises(BadInput, match="there is no network unet: choose enhanced, half, small, liu2017"):
        load_network("unet")


@pytest.mark.parametrize("name", TRAINED)
def test_shipped_weights_have_card_licence_and_hash(name):
    folder = data_root() / "weights"
    network = load_network(name)
    card = (folder / f"{name}.md").read_text()
    assert network.file.sha256 in card
    assert "CC BY-SA 4.0" in card
    assert f"{network.file.sha256}  {name}.safetensors" == (folder / f"{name}.safetensors.sha256").read_text().strip()
    assert (folder / f"{name}.safetensors").stat().st_size < 20e6
