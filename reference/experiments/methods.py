"""The methods of a benchmark: those that are run, and folders of results from elsewhere."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.datasets.pairs import Pair
from reference.datasets.registry import data_root, find
from reference.errors import BadInput, MissingExtra, WrongUsage
from reference.files import sha256_of
from reference.images.files import images_in, read_image
from reference.jobs.sources import same_size
from reference.network import NETWORK_NAMES
from reference.network.loading import load_network, weights_path
from reference.parameters import PRESETS
from reference.pipeline import Fusion, fuse
from reference.steps.arrays import Image

__all__ = ["FUNCTIONS", "Method", "find_methods", "function_key", "method_named"]

Stored = NDArray[np.uint8]
FUNCTIONS = {  # by name, module and function of reference.methods
    "average": ("baselines", "average"), "laplacian_pyramid": ("laplacian_pyramid", "laplacian_pyramid"),
    "gff": ("gff", "gff"), "gfdf": ("gfdf", "gfdf"), "local_contrast": ("baselines", "fuse_by_local_contrast"),
    "pixel": ("pixel", "pixel"),
}  # fmt: skip
SURVEY_METHODS = ("cnn", "gfdf", "gff")  # whose published result images are registered


@dataclass(frozen=True)
class Method(ABC):
    """A source of fused images, small enough to be sent to another process."""

    name: str
    fuses = True  # false for results from elsewhere, whose time is meaningless

    @abstractmethod
    def fused(self, pair: Pair) -> Stored:
        """The fused image in 8 bits; ParfocalError, ValueError or TypeError where there is none."""

    @abstractmethod
    def cache_key(self, pair: Pair) -> list[Any]:
        """Everything on which the result depends besides the sources and the code."""

    def has(self, pair: Pair) -> bool:
        """Whether there is a result for the pair or one can be computed."""
        return True

    def load(self) -> None:  # noqa: B027, most have nothing to load
        """Load what a process needs once, so that it is not measured with the first pair."""


def method_named(name: str) -> Callable[[Image, Image], Fusion]:
    """A method of `reference.methods` with its own parameters, by its name in a benchmark."""
    module, function = FUNCTIONS[name]
    return getattr(import_module(f"reference.methods.{module}"), function)  # type: ignore[no-any-return]


def function_key(name: str) -> list[str]:
    """Everything on which a method of FUNCTIONS depends besides the code: its name, and weights if it has any."""
    weights = data_root() / "weights" / f"{name}.onnx"
    return [name, *([sha256_of(weights)] if weights.exists() else [])]


@dataclass(frozen=True)
class Function(Method):
    """A method of `reference.methods`."""

    def load(self) -> None:
        self._fuse(np.zeros((16, 16)), np.zeros((16, 16)))

    def fused(self, pair: Pair) -> Stored:
        return self._fuse(*_sources(pair))

    def _fuse(self, image_a: Image, image_b: Image) -> Stored:
        return im2uint8(method_named(self.name)(image_a, image_b).image)

    def cache_key(self, pair: Pair) -> list[Any]:
        return function_key(self.name)


@dataclass(frozen=True)
class Network(Method):
    """The pipeline with a network; `preset` names its parameters."""

    network: str
    preset: str
    weights: Path
    device: str

    def load(self) -> None:
        _network(self.network, self.weights, self.device)

    def fused(self, pair: Pair) -> Stored:
        scoring = _network(self.network, self.weights, self.device)
        return im2uint8(fuse(*_sources(pair), scoring, PRESETS[self.preset]).image)

    def cache_key(self, pair: Pair) -> list[Any]:
        return [self.network, sha256_of(self.weights), asdict(PRESETS[self.preset]), self.device]


@dataclass(frozen=True)
class Results(Method):
    """Images that were fused elsewhere; `files` maps the name of a pair to its result."""

    fuses = False
    files: dict[str, Path]

    def fused(self, pair: Pair) -> Stored:
        return im2uint8(read_image(self.files[pair.name]).pixels)

    def cache_key(self, pair: Pair) -> list[Any]:
        return [sha256_of(self.files[pair.name])]

    def has(self, pair: Pair) -> bool:
        return pair.name in self.files


def find_methods(
    specifications: list[str], pairs: list[Pair], data: Path | None = None, device: str = "auto"
) -> list[Method]:
    """The methods of the specifications, in their order.

    specifications  name of a network, with :tuned for those parameters; name of a method; survey:NAME for published
                    results; a folder with an image for each pair, named after it; or NAME=PATTERN, a path in which
                    {pair} stands for the name of the pair
    raises          WrongUsage for any other specification or a repeated name, BadInput for a folder without results
    """
    if not specifications:
        raise WrongUsage("no methods are named")
    methods = [_find(specification, pairs, data, device) for specification in specifications]
    names = [method.name for method in methods]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise WrongUsage(f"two methods are called {min(doubled)}: name one of them with NAME=PATTERN")
    return methods


def _find(specification: str, pairs: list[Pair], data: Path | None, device: str) -> Method:
    name, _, rest = specification.partition(":")
    if specification in FUNCTIONS:
        return Function(specification)
    if name in NETWORK_NAMES and (rest or "paper") in PRESETS:
        return Network(specification, name, rest or "paper", weights_path(name, data), device)
    if name == "survey" and rest in SURVEY_METHODS:
        return Results(f"{rest} (published images)", _of_survey(rest, pairs, data))
    if Path(specification).is_dir():
        folder = Path(specification).resolve()
        return Results(folder.name, _of_folder(folder, pairs))
    named, _, pattern = specification.partition("=")
    if named and pattern:
        return Results(named, _by_pattern(pattern, pairs))
    known = ", ".join([*NETWORK_NAMES, *FUNCTIONS, *(f"survey:{method}" for method in SURVEY_METHODS)])
    raise WrongUsage(f"there is no method and no folder {specification}: choose {known}, a folder, or NAME=PATTERN")


def _of_folder(folder: Path, pairs: list[Pair]) -> dict[str, Path]:
    """The image named after each pair: NAME.png, or the only one that begins with NAME_ or NAME-."""
    results: dict[str, Path] = {}
    for path in images_in(folder):
        # Where pairs scene and scene_2 both exist, scene_2.png is the result for scene_2.
        matches = [pair.name for pair in pairs if re.match(re.escape(pair.name) + r"(?![^-_.])", path.name)]
        if name := max(matches, key=len, default=""):
            if name in results and path.stem != name and results[name].stem != name:
                raise BadInput(
                    f"{results[name]} and {path.name} could both be the result for {name}: give NAME=PATTERN"
                )
            results[name] = path if path.stem == name else results.get(name, path)
    return _not_empty(results, str(folder), pairs)


def _by_pattern(pattern: str, pairs: list[Pair]) -> dict[str, Path]:
    if "{pair}" not in pattern:
        raise WrongUsage(f"the pattern {pattern} must hold {{pair}}, which stands for the name of a pair")
    paths = {pair.name: Path(pattern.replace("{pair}", pair.name)).absolute() for pair in pairs}
    return _not_empty({name: path for name, path in paths.items() if path.exists()}, pattern, pairs)


def _not_empty(results: dict[str, Path], where: str, pairs: list[Pair]) -> dict[str, Path]:
    if not results:
        raise BadInput(f"{where} holds no result for any pair, not even {pairs[0].name}")
    return results


def _of_survey(method: str, pairs: list[Pair], data: Path | None) -> dict[str, Path]:
    """The registered published results: CNN for all pairs, GFF and GFDF for every other one."""
    results = {}
    for pair in pairs:
        kind, _, number = pair.name.partition("_")
        letter, folder = {"lytro": ("c", "color"), "gray": ("g", "grayscale")}.get(kind, ("", ""))
        if letter and (path := find(f"survey/Results/{folder}/{letter}_{number}_{method}.tif", data)):
            results[pair.name] = path
    if not results:
        raise MissingExtra(
            "the survey's results are not here, or not for these pairs: parfocal fetch lytro_results survey_results"
        )
    return results


def _sources(pair: Pair) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A, and B resized to A."""
    image_a, image_b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    return image_a, same_size(image_b, image_a.shape)


@lru_cache(maxsize=4)
def _network(name: str, weights: Path, device: str) -> Any:
    """The network, loaded once in each process."""
    return load_network(name, weights, device=device)
