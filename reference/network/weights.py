"""Network weights in safetensors files: reading, verification and writing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from reference.errors import BadInput
from reference.files import atomic_write, check_sha256, sha256_of, write_text
from reference.network import PIXEL, TRAINED
from reference.network.enhanced import EnhancedConfig, EnhancedNetwork
from reference.network.liu2017 import Liu2017Network, from_matlab
from reference.network.pixel import PixelConfig, PixelNetwork

Network = EnhancedNetwork | Liu2017Network | PixelNetwork

# The paper's architecture at its own widths, and at a half and a quarter of them for teaching and quick runs.
WIDTHS = {
    "enhanced": EnhancedConfig(),
    "half": EnhancedConfig(filters=(16, 32, 64, 128, 256), fully_connected=(512, 256, 128)),
    "small": EnhancedConfig(filters=(8, 16, 32, 64, 128), fully_connected=(256, 128, 64)),
}


@dataclass(frozen=True)
class NetworkFile:
    """A network with the weights of a file, and the origin of these."""

    name: str
    module: Network
    path: Path
    sha256: str

    def record(self) -> dict[str, str]:
        """The network and its weights, for a manifest."""
        return {"name": self.name, "weights": self.path.name, "sha256": self.sha256}


def build(name: str, config: Mapping[str, object] | None = None) -> Network:
    """Build a network of TRAINED, or PIXEL, without trained weights; ValueError for other names and settings."""
    if name not in (*TRAINED, PIXEL):
        raise ValueError(f"network is {name!r}, but there are {', '.join((*TRAINED, PIXEL))}")
    fields = {key: tuple(v) if isinstance(v, list) else v for key, v in (config or {}).items()}
    try:
        if name == PIXEL:
            return PixelNetwork(PixelConfig(**fields))  # type: ignore[arg-type]
        if name == "liu2017":
            return Liu2017Network(**fields)  # type: ignore[arg-type]
        return EnhancedNetwork(EnhancedConfig(**(asdict(WIDTHS[name]) | fields)))
    except TypeError as error:
        raise ValueError(f"{name} has no such setting: {error}") from error


def config_of(module: Network) -> dict[str, object]:
    """The settings from which `build` makes this network."""
    if isinstance(module, Liu2017Network):
        return {"variant": "slight" if module.feature is None else "full"}
    return asdict(module.config)


def widths_of(module: Network) -> str:
    """The widths of a network as text.

    >>> widths_of(build("enhanced"))
    'convolutions 32-64-128-256-512, fully connected 1024-512-256'
    """
    if isinstance(module, Liu2017Network):
        return str(config_of(module)["variant"])
    if isinstance(module, PixelNetwork):
        return f"features {module.config.filters}, levels {'-'.join(map(str, module.config.widths))}"
    convolutions, connected = ("-".join(map(str, x)) for x in (module.config.filters, module.config.fully_connected))
    return f"convolutions {convolutions}, fully connected {connected}"


def read_weights(path: Path, name: str = "") -> NetworkFile:
    """Read a weights file and build its network, which must be `name` if that is given; BadInput for other files.

    path     a safetensors file, or for liu2017 the authors' .mat; must match `path`.sha256, if that exists
    """
    digest = check_sha256(path)
    stored_name, config, tensors = _read_matlab(path) if path.suffix == ".mat" else _read_safetensors(path)
    try:
        module = build(stored_name, config)
        module.load_state_dict(tensors)
    except (RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[:2][-1].strip()  # PyTorch's first line names its class, the second the array
        raise BadInput(f"{path} does not fit the network {stored_name}: {reason}") from error
    held = next((known for known, one in WIDTHS.items() if asdict(one) == config_of(module)), stored_name)
    if name not in ("", held):
        raise BadInput(f"{path} holds the network {held}, not {name}")
    if broken := [key for key, value in tensors.items() if not value.isfinite().all()]:
        raise BadInput(f"{path} has values that are NaN or infinite in {', '.join(broken)}")
    return NetworkFile(held, module, path, digest)


def _read_safetensors(path: Path) -> tuple[str, dict[str, object], dict[str, Tensor]]:
    """The name of the network, its settings, and its weights in single."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
        config = json.loads(metadata.get("config", "{}"))
        if not isinstance(config, dict):
            raise ValueError(f"its settings are {config!r}")
        return metadata.get("network", "(none named)"), config, tensors
    except (OSError, SafetensorError, ValueError) as error:
        raise BadInput(f"{path} is not a readable safetensors file: {error}") from error


def _read_matlab(path: Path) -> tuple[str, dict[str, object], dict[str, Tensor]]:
    """The same from the authors' cnnmodel.mat."""
    from scipy import io

    try:
        variant, tensors = from_matlab(io.loadmat(path))
        return "liu2017", {"variant": variant}, tensors
    except KeyError as error:
        raise BadInput(f"{path} has no array {error}, which every cnnmodel.mat of Liu et al. has") from error
    except Exception as error:  # on damaged files SciPy raises errors of many kinds
        raise BadInput(f"{path} is not a readable cnnmodel.mat: {error}") from error


def write_weights(path: Path, name: str, state: Mapping[str, Tensor], config: Mapping[str, object], half: bool) -> str:
    """Write weights, with `half` as float16, and their sha256 file, each whole or not at all; returns the sha256."""
    dtype = torch.float16 if half else torch.float32
    tensors = {key: value.detach().cpu().to(dtype).contiguous() for key, value in state.items()}
    with atomic_write(path) as temporary:
        save_file(tensors, temporary, metadata={"network": name, "config": json.dumps(config)})
        temporary.chmod(0o644)  # safetensors writes files that only their owner may read
    digest = sha256_of(path)
    write_text(path.with_name(path.name + ".sha256"), f"{digest}  {path.name}\n")
    return digest
