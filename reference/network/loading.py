"""Loading a network by its name, with weights that ship, are given, or were fetched.

PyTorch is imported only when a network is loaded, so that `import reference.pipeline` stays quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reference.datasets.registry import data_root, find
from reference.errors import BadInput, MissingExtra
from reference.network import AUTHORS, NETWORK_NAMES

if TYPE_CHECKING:
    from reference.network.scoring import ScoringNetwork

LIU_WEIGHTS = "liu_weights/cnnmodel_VIFB.mat"  # name in the registry


def load_network(
    name: str = "enhanced",
    weights: Path | str | None = None,
    data: Path | None = None,
    deterministic: bool = False,
    device: str = "auto",
) -> ScoringNetwork:
    """Load a network that is ready to score focus.

    name           "enhanced" (the paper's), "half" or "small" (a half or a quarter of its widths), "liu2017"
                   (the baseline) or "liu2017_authors" (the baseline as trained by its authors)
    weights        a safetensors file, or the authors' .mat; by default the shipped or fetched weights
    data           folder searched first for fetched weights
    deterministic  compute with 1 thread and without oneDNN, so that every digit repeats
    device         "auto" (a GPU if PyTorch sees one), "cpu", "cuda" or "mps"; deterministic is the CPU's alone
    raises         BadInput for a weights file that is damaged or of another network; MissingExtra where there are no
                   weights, with the command that fetches them; WrongUsage for a device that is not there
    """
    from reference.network.scoring import ScoringNetwork
    from reference.network.weights import read_weights

    if name not in NETWORK_NAMES:
        raise BadInput(f"there is no network {name}: choose {', '.join(NETWORK_NAMES)}")
    file = read_weights(Path(weights) if weights else weights_path(name, data), "liu2017" if name == AUTHORS else name)
    return ScoringNetwork(file, deterministic, device=device)


def weights_path(name: str, data: Path | None) -> Path:
    """The default weights of a network; MissingExtra where there are none."""
    shipped = data_root() / "weights" / f"{name}.safetensors"
    path = find(LIU_WEIGHTS, data) if name == AUTHORS else shipped if shipped.exists() else None
    if path:
        return path
    other = "fetch them with: parfocal fetch liu_weights" if name == AUTHORS else "train some"
    raise MissingExtra(f"there are no weights for {name} here: give some with --weights, or {other}")
